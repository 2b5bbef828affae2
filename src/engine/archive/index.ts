export { firstOfTar, firstOfZip, type FirstMember } from './first';
export { isArchive, unpack, UNPACK_LIMITS, type UnpackLimits, type UnpackRequest } from './unpack';
