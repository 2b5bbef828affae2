export { firstRows, type FirstRows } from './firstRows';
export { RemoteBytes, type RemoteFile } from './remoteBytes';
export { sampleOf, type Sample, type SampleContext } from './sample';
