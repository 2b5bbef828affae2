export { bindExpression, ExpressionError, inNames } from './expression';
export { runSteps, type StepsContext, type StepsResult } from './run';
export type { Side, Table } from './table';
export type { Fitted } from './transform';
