/** What passes between the engine and a job process. */
import { NotificationType, RequestType } from 'vscode-jsonrpc';
import type { BuildJob, Built } from './build';
import type { DiffJob } from './diff';
import type { PreviewJob } from './preview';
import type { PairJob, ProfileJob } from './profile';
import type { ValidateJob } from './validateRows';
import type {
  DiffData,
  MldataErrorData,
  Pair,
  Preview,
  Profile,
  ProfileProgress,
  ProfileUpdate,
  Progress,
  Quality,
  ValidateProgress,
} from '../protocol';

export const runBuild = new RequestType<BuildJob, Built, MldataErrorData>('job/build');
export const runPreview = new RequestType<PreviewJob, Preview, MldataErrorData>('job/preview');
export const runDiff = new RequestType<DiffJob, DiffData, MldataErrorData>('job/diff');
export const runProfile = new RequestType<ProfileJob, Profile, MldataErrorData>('job/profile');
export const runPair = new RequestType<PairJob, Pair, MldataErrorData>('job/pair');
export const runValidate = new RequestType<ValidateJob, Quality, MldataErrorData>('job/validate');
export const jobProgress = new NotificationType<Progress>('job/progress');
export const validateProgress = new NotificationType<ValidateProgress>('job/validateProgress');
export const profileProgress = new NotificationType<ProfileProgress>('job/profileProgress');
export const profileUpdate = new NotificationType<ProfileUpdate>('job/profileUpdate');

/** What a job process of each kind is called where it dies, and what to do then. */
export const jobWords: Readonly<Record<string, { readonly process: string; readonly again: string }>> = {
  [runBuild.method]: { process: 'build process', again: 'Build again' },
  [runPreview.method]: { process: 'process of the preview', again: 'Preview again' },
  [runProfile.method]: { process: 'process of the profile', again: 'Profile again' },
  [runPair.method]: { process: 'process that compares the columns', again: 'Try again' },
  [runValidate.method]: { process: 'process that checks the data', again: 'Validate again' },
  [runDiff.method]: { process: 'process that compares them', again: 'Compare them again' },
};
