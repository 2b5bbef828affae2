/** The page's only way to the editor. */

interface VsCodeApi {
  postMessage(message: unknown): void;
  setState(state: unknown): void;
  getState(): unknown;
}
declare function acquireVsCodeApi(): VsCodeApi;

export interface Door<From> {
  send(message: From): void;
  /** Kept over a restart of the editor. */
  keep(state: unknown): void;
  kept(): unknown;
}

/** Opens the door; `receive` hears everything that the editor sends. */
export function openDoor<From>(receive: (message: unknown) => void): Door<From> {
  const api = acquireVsCodeApi();
  window.addEventListener('message', (event: MessageEvent<unknown>) => receive(event.data));
  return {
    send: (message) => api.postMessage(message),
    keep: (state) => api.setState(state),
    kept: () => api.getState(),
  };
}
