/** What passes between the engine and a job process. */
import { NotificationType, RequestType } from 'vscode-jsonrpc';
import type { BuildJob } from './build';
import type { DiffJob } from './diff';
import type { PreviewJob } from './preview';
import type { DatasetBuild, DiffData, MldataErrorData, Preview, Progress } from '../protocol';

export const runBuild = new RequestType<BuildJob, DatasetBuild, MldataErrorData>('job/build');
export const runPreview = new RequestType<PreviewJob, Preview, MldataErrorData>('job/preview');
export const runDiff = new RequestType<DiffJob, DiffData, MldataErrorData>('job/diff');
export const jobProgress = new NotificationType<Progress>('job/progress');
