/** Who shows the page: the editor, or a browser that was given a file. */
import type { FromProfilePage, ProfileOffers, ToProfilePage } from '../../src/protocol';
import { openDoor } from '../shared/door';

export interface Host {
  send(message: FromProfilePage): void;
  /** Kept over a restart of the editor. */
  keep(state: unknown): void;
  kept(): unknown;
}

/** Nothing can be asked of a file. */
export const noOffers: ProfileOffers = { engine: false, config: false };

/** The document stands in the page where it was exported. */
export function openHost(receive: (message: ToProfilePage) => void): Host {
  const embedded = document.querySelector('#profile-messages');
  if (embedded === null) {
    // Only the editor can post into a panel's frame.
    return openDoor<FromProfilePage>((message) => receive(message as ToProfilePage));
  }
  const messages = JSON.parse(embedded.textContent) as ToProfilePage[];
  return {
    send: (message) => {
      if (message.type === 'ready') messages.forEach(receive);
    },
    keep: () => undefined,
    kept: () => undefined,
  };
}
