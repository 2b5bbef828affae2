/** How this process reaches the network: by what it was told, and by its environment where it was told nothing. */
import type { NetworkSettings } from '../protocol';

let current: NetworkSettings = {};

/** From now on, also for who has asked before; what is on its way is not disturbed. */
export function useNetwork(settings: NetworkSettings): void {
  current = settings;
}

/** Another object whenever it is changed. */
export function networkSettings(): NetworkSettings {
  return current;
}
