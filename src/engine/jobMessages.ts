/** What passes between the engine and a job process. */
import { NotificationType, RequestType } from 'vscode-jsonrpc';
import type { BuildJob } from './build';
import type { PreviewJob } from './preview';
import type { DatasetBuild, MldataErrorData, Preview, Progress } from '../protocol';

export const runBuild = new RequestType<BuildJob, DatasetBuild, MldataErrorData>('job/build');
export const runPreview = new RequestType<PreviewJob, Preview, MldataErrorData>('job/preview');
export const jobProgress = new NotificationType<Progress>('job/progress');
