/** Carrying errors and cancellation over JSON-RPC. */
import { ResponseError, type CancellationToken } from 'vscode-jsonrpc';
import { redact, redacted } from './credentials';
import { MldataError, type MldataErrorData } from '../protocol';
import { MLDATA_ERROR } from '../protocol/rpc';

/** Runs a request's work; an `MldataError` goes over the wire as data. */
export async function answer<T>(
  token: CancellationToken,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | ResponseError<MldataErrorData>> {
  const controller = new AbortController();
  const listener = token.onCancellationRequested(() => {
    controller.abort();
  });
  // One that was cancelled before its request was taken up tells nobody.
  if (token.isCancellationRequested) controller.abort();
  try {
    return await work(controller.signal);
  } catch (error) {
    if (!(error instanceof MldataError)) {
      throw new Error(redact(error instanceof Error ? error.message : String(error)), { cause: error });
    }
    const told = redacted(error);
    return new ResponseError(MLDATA_ERROR, told.message, told.toData());
  } finally {
    listener.dispose();
  }
}

/** The error of an answered request, as it was thrown on the other side. */
export function thrown(error: unknown): unknown {
  if (!(error instanceof ResponseError) || error.code !== MLDATA_ERROR) return error;
  return MldataError.fromData(error.data as MldataErrorData);
}
