export { distinctText, keyFigures, type KeyFigure } from './keyFigures';
export { profileMarkdown } from './markdown';
export { numbersFor, type Numbers } from './numbers';
export { gateWords, qualityScope, qualityVerdict, statusMarks } from './qualitySummary';
export { facts, scope, verdict } from './summary';
export { writeReport } from './writeReport';
export { qualityReportEndings, writeQualityReport } from './writeQualityReport';
