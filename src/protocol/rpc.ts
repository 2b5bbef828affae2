/** The messages between an engine's face and the engine process. */
import type { BuildPlan, BuildReport, BuildRequest, InitRequest, InitResult, Progress } from './build';
import { NotificationType, RequestType } from 'vscode-jsonrpc';
import type { MldataErrorData } from './errors';

export const buildRequest = new RequestType<BuildRequest & { readonly id: string }, BuildReport, MldataErrorData>(
  'mldata/build',
);
export const planRequest = new RequestType<BuildRequest, BuildPlan, MldataErrorData>('mldata/plan');
export const initRequest = new RequestType<InitRequest, InitResult, MldataErrorData>('mldata/init');
/** Progress of the build with this id. */
export const progressNotification = new NotificationType<{ readonly id: string; readonly progress: Progress }>(
  'mldata/progress',
);
/** JSON-RPC error code of every `MldataError`; its data is `MldataErrorData`. */
export const MLDATA_ERROR = -32000;
