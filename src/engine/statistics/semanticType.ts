/** What a column means, from what is declared of it and what its values are like; docs/profile.md states the rule. */
import { columnTypeOf, isNumeric, type StageColumn } from '../schema';
import type { SemanticType } from '../../protocol';

/** What the engine holds, as far as it decides by what figures a column can be described. */
export type Kind = 'number' | 'boolean' | 'time' | 'text' | 'list' | 'struct' | 'media';

export function kindOf({ type, physicalType }: StageColumn): Kind {
  if (type === 'image' || type === 'audio') return 'media';
  if (isNumeric(physicalType)) return 'number';
  // Declared lists and objects may be texts of JSON.
  switch (physicalType === 'VARCHAR' ? type : columnTypeOf(physicalType)) {
    case 'boolean':
      return 'boolean';
    case 'date':
    case 'datetime':
    case 'time':
      return 'time';
    case 'array':
      return 'list';
    case 'object':
      return 'struct';
    default:
      return 'text';
  }
}

/** Different whole numbers that a target may have and still be classes. */
const CLASSES = 20;
/** Different texts that categories may have. */
const CATEGORIES = 1000;
/** Of texts on average; longer ones are no categories. */
const CATEGORY_LENGTH = 100;
/** No identifier is longer. */
const IDENTIFIER_LENGTH = 64;
/** Fewer different values do not say that a column identifies its rows. */
const IDENTIFIED = 20;

export interface SeenValues {
  readonly count: number;
  readonly distinct: number;
  /** Whether no value occurs twice. */
  readonly unique: boolean;
}

export interface SeenNumbers extends SeenValues {
  readonly integer: boolean;
  readonly min: number;
  readonly max: number;
}

export function semanticOfNumbers(column: StageColumn, seen: SeenNumbers): SemanticType {
  const declared = declaredSemantic(column);
  if (declared) return declared;
  const { integer, count, distinct, unique, min, max } = seen;
  if (!integer) return 'numeric';
  if (column.spec.role === 'target') return distinct <= CLASSES && !unique ? 'categorical' : 'numeric';
  if (count < IDENTIFIED || !unique) return 'numeric';
  return namesIdentifier(column.name) || max - min + 1 === count ? 'identifier' : 'numeric';
}

export interface SeenTexts extends SeenValues {
  readonly meanLength: number;
  readonly maxLength: number;
  /** Whether any has a space in it. */
  readonly spaced: boolean;
}

export function semanticOfTexts(column: StageColumn, seen: SeenTexts): SemanticType {
  const declared = declaredSemantic(column);
  if (declared) return declared;
  const { count, distinct, unique, meanLength, maxLength, spaced } = seen;
  const identifies = unique && count >= IDENTIFIED && maxLength <= IDENTIFIER_LENGTH && !spaced;
  if (identifies) return 'identifier';
  const isShort = meanLength <= CATEGORY_LENGTH && distinct <= CATEGORIES;
  return isShort && (2 * distinct <= count || column.spec.role === 'target') ? 'categorical' : 'text';
}

/** The role decides, and a list of allowed values. */
export function declaredSemantic({ spec }: Pick<StageColumn, 'spec'>): SemanticType | undefined {
  if (spec.role === 'id' || spec.role === 'group') return 'identifier';
  return spec.enum ? 'categorical' : undefined;
}

/** `id`, `PassengerId`, `user_id`, `row key`. */
function namesIdentifier(name: string): boolean {
  return /(^|[^a-z])(id|key|uuid|guid)$/i.test(name) || /[a-z](Id|ID|Key)$/.test(name);
}
