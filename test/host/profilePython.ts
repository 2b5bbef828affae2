/** The Python that profiles are compared with: NumPy, SciPy and pandas of these versions. */
import { findPython } from './python';

export function profilePython(): Promise<string> {
  return findPython('profile', ['numpy==2.2.6', 'scipy==1.15.3', 'pandas==2.3.3']);
}
