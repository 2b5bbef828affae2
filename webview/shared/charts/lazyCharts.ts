/** Charts come in a bundle of their own, which is loaded when the first one is to be drawn: the page is there before. */
import type * as charts from './drawing';

export type Charts = typeof charts;

declare global {
  /** Set by the bundle `charts`. */
  var mldataCharts: Charts | undefined;
}

/** The script of the page, which knows where the other one is; gone once it has run. */
const page = document.currentScript;
let loading: Promise<Charts> | undefined;

export function loadCharts(): Promise<Charts> {
  return (loading ??= load());
}

async function load(): Promise<Charts> {
  const script = document.createElement('script');
  const inside = document.querySelector('#charts');
  if (inside !== null) {
    script.textContent = inside.textContent;
    document.head.append(script);
  } else {
    script.src = page?.dataset['charts'] ?? '';
    script.nonce = page?.nonce ?? '';
    await new Promise((resolve, reject) => {
      script.addEventListener('load', resolve);
      script.addEventListener('error', () => reject(new Error('The charts could not be loaded.')));
      document.head.append(script);
    });
  }
  if (globalThis.mldataCharts === undefined) throw new Error('The charts could not be started.');
  return globalThis.mldataCharts;
}
