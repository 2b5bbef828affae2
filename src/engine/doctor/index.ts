/** Whether what mldata works with is there. */
export { runChecks, type Check, type Outcome } from './check';
export { hostChecks } from './hosts';
export { checkSource, type SourceAddress, type SourcePlace } from './source';
export { whoAmIUrl } from './stores';
