export * from './columns';
export * from './constraints';
export { asVarchar, castTyped, digitsOf, isNumeric } from './exact';
export { storable } from './heldTypes';
export { comparison, misfit } from './literals';
export * from './types';
