/** Mocha's global setup: what all the files need and the first run fetches is fetched once, before they run side by side. */
import { testPython } from '../host/python';
import { trainingPython } from '../host/trainingPython';

export async function mochaGlobalSetup(): Promise<void> {
  await testPython();
  // Where it cannot be had, those tests that need it say so; the others do without.
  await trainingPython().catch(() => undefined);
}
