export { bindExpression, ExpressionError, inNames } from './expression';
export { meansAndDeviations } from './moments';
export { runSteps, type StepsContext, type StepsResult } from './run';
export type { Side, Table } from './table';
export type { Fitted } from './transform';
