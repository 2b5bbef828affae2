export { ascii, unicode, wordOf, type Alphabet } from './alphabet';
export { chiSquareTail } from './chiSquareTail';
export { coefficient } from './coefficient';
export { countPresent } from './countPresent';
export { determinedBy, type Clue, type Determined, type Predicted } from './determined';
export { elementTypeOf, isJson, MIN_DIMENSION, MIN_SHARE } from './lists';
export { lookAtFiles, MOST_IMAGES, MOST_RECORDINGS } from './mediaFiles';
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
export { readingOf } from './reading';
export { asNumbers, asTimes, inExpression } from './readingSteps';
export { readsAsDate, readsAsNumber } from './readsAs';
export { repeatsOf, type Repeats } from './repeats';
export { deviance, stirlingError } from './saddlePoint';
export { withSample } from './sampleRows';
export { declaredSemantic, kindOf, semanticOfNumbers, semanticOfTexts, type Kind } from './semanticType';
