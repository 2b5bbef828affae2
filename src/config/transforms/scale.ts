/** Transforms that make other numbers of numbers by what they learn of them. */
import * as z from 'zod';
import { columns } from './parameters';
import { checkNames, numeric, retyped, transform } from './transform';

const scale = <const N extends string>(name: N, description: string) =>
  transform({
    name,
    description,
    parameters: z.strictObject({ columns }),
    fitted: true,
    removesRows: false,
    columns: (parameters, incoming, fault) => {
      checkNames(parameters.columns, incoming, fault, 'columns', numeric);
      return retyped(incoming, parameters.columns, 'number');
    },
  });

export const standardScale = scale(
  'standard_scale',
  'Subtract the mean of the training rows and divide by their (population) standard deviation.',
);

export const robustScale = scale(
  'robust_scale',
  'Subtract the median of the training rows and divide by the range of their middle half.',
);

export const power = scale(
  'power',
  'Make the values look more like a normal distribution (Yeo-Johnson), with mean 0 and deviation 1.',
);
