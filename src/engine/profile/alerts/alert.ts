/** What an alert is before it is a finding about a column of a dataset. */
import type { Finding } from '../../../protocol';

export interface Alert extends Pick<Finding, 'code' | 'message' | 'suggestion' | 'count' | 'samples'> {
  readonly severity: 'warning' | 'info';
}
