/** How far two sets of rows are from each other, by every metric that mldata knows; docs/drift.md defines each. */
export { benjaminiHochberg } from './benjaminiHochberg';
export { chi2, type ChiSquare, type ChiSquareFigure } from './chi2';
export { DEFAULT_EPSILON, type BinCounts, type BinnedConvention, type Figure } from './counts';
export { cramersV } from './cramersV';
export { deviationOf } from './deviation';
export { hellinger } from './hellinger';
export { js } from './js';
export { kl, klReverse } from './kl';
export { ksTest, type OrderedTest } from './ks';
export { linf } from './linf';
export { measureOrdered, orderedMetrics, type OrderedFigures, type OrderedMetric } from './ordered';
export { rowsForChiSquare, rowsForKs, type Wanted } from './power';
export { psi } from './psi';
export { psiNoise, rowsForPsi, type PsiSizes } from './psiNoise';
export type { NumbersOfSide, Sides } from './sides';
export { tvd } from './tvd';
