export { coefficient } from './coefficient';
export { determinedBy, type Clue, type Determined, type Predicted } from './determined';
export {
  coordinateOf,
  isDouble,
  numberTypeOf,
  powerOfTwo,
  textOf,
  unitsOf,
  type Coordinate,
  type Known,
  type NumberType,
} from './numberType';
export {
  beyondFences,
  placeOfQuantile,
  quantileBetween,
  quantileDistance,
  tukeyFences,
  type Fences,
  type Quantile,
} from './quantile';
export { readsAsDate, readsAsNumber } from './readsAs';
export { repeatsOf, type Repeats } from './repeats';
export { withSample } from './sampleRows';
export { declaredSemantic, kindOf, semanticOfNumbers, semanticOfTexts } from './semanticType';
