/** Mocha's global setup: what all the files need and the first run fetches is fetched once, before they run side by side. */
import { testPython } from '../host/python';

export async function mochaGlobalSetup(): Promise<void> {
  await testPython();
}
