/**
 * Does data have the written form? A walk over the zod schema: where the form allows several shapes, the kind of the
 * value (text, list, map …) picks the one it is measured by, so that messages say what was expected there.
 */
import * as z from 'zod';
import type { ConfigPath } from '../protocol';
import { nearest } from './nearest';
import type { Report } from './problem';
import { shorten } from './wording';
import { wordsOf } from './words';

export type Kind = 'text' | 'number' | 'boolean' | 'nothing' | 'list' | 'map';

const kindWords: Readonly<Record<Kind, string>> = {
  text: 'text',
  number: 'a number',
  boolean: 'true or false',
  nothing: 'nothing',
  list: 'a list',
  map: 'a map',
};

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function kindOf(value: unknown): Kind {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number' || typeof value === 'bigint') return 'number';
  return typeof value === 'boolean' ? 'boolean' : 'map';
}

/** The form itself, without what says that it may be left out. */
export function unwrap(schema: z.ZodType): z.ZodType {
  const wrapped = schema instanceof z.ZodOptional || schema instanceof z.ZodDefault;
  return wrapped ? unwrap(schema.unwrap() as z.ZodType) : schema;
}

/** The kinds of value that a schema takes. */
export function kindsOf(schema: z.ZodType): Kind[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => kindsOf(option as z.ZodType));
  if (schema instanceof z.ZodObject || schema instanceof z.ZodRecord) return ['map'];
  if (schema instanceof z.ZodArray || schema instanceof z.ZodTuple) return ['list'];
  if (schema instanceof z.ZodNumber) return ['number'];
  if (schema instanceof z.ZodBoolean) return ['boolean'];
  if (schema instanceof z.ZodNull) return ['nothing'];
  if (schema instanceof z.ZodLiteral) return [...schema.values].map(kindOf);
  return ['text'];
}

/** Whether a value is judged as a whole, in the words of all the shapes it may have. */
function isLeaf(schema: z.ZodType): boolean {
  return schema instanceof z.ZodString || schema instanceof z.ZodNumber || schema instanceof z.ZodTuple;
}

/**
 * The form that a value is measured by: one of its kind. Of several the one that it fits, else the one with the most of
 * the keys that it has. Undefined where there is none of its kind.
 */
export function formOf(forms: readonly z.ZodType[], value: unknown): z.ZodType | undefined {
  const kind = kindOf(value);
  const [first, ...others] = forms.filter((form) => kindsOf(form).includes(kind));
  if (first === undefined || others.length === 0) return first;
  const known = (form: z.ZodType) => keysOf(form, []).filter(({ key }) => isRecord(value) && key in value).length;
  const fits = [first, ...others].find((form) => form.safeParse(value).success);
  return fits ?? others.reduce((best, form) => (known(form) > known(best) ? form : best), first);
}

/** Completes "Expected …". */
function expected(schema: z.ZodType): string {
  const worded = wordsOf(schema)?.expected;
  if (worded !== undefined) return worded;
  if (schema instanceof z.ZodEnum) return `one of ${schema.options.map((option) => `\`${option}\``).join(', ')}`;
  if (schema instanceof z.ZodUnion) return schema.options.map((option) => expected(option as z.ZodType)).join(' or ');
  return kindWords[kindsOf(schema)[0] ?? 'text'];
}

function found(value: unknown): string {
  const kind = kindOf(value);
  if (kind === 'text') return value === '' ? 'empty text' : `\`${shorten(value as string)}\``;
  return kind === 'number' || kind === 'boolean' ? `\`${String(value)}\`` : kindWords[kind];
}

/** Reports everything in which `value` differs from the schema. */
export function checkShape(schema: z.ZodType, value: unknown, path: ConfigPath, report: Report): void {
  const form = unwrap(schema);
  if (form instanceof z.ZodUnion) {
    const option = formOf(form.options as z.ZodType[], value);
    if (!option) wrong(form, value, path, report);
    else if (!isLeaf(option)) checkShape(option, value, path, report);
    else if (!option.safeParse(value).success) wrong(wordsOf(form) ? form : option, value, path, report);
  } else if (form instanceof z.ZodObject) {
    if (isRecord(value)) checkMap(form, value, path, report);
    else wrong(form, value, path, report);
  } else if (form instanceof z.ZodRecord) {
    if (!isRecord(value)) {
      wrong(form, value, path, report);
      return;
    }
    for (const [key, entry] of Object.entries(value)) {
      const keyForm = form.keyType as z.ZodType;
      if (!keyForm.safeParse(key).success) invalidName(keyForm, key, [...path, key], report);
      checkShape(form.valueType as z.ZodType, entry, [...path, key], report);
    }
  } else if (form instanceof z.ZodArray) {
    if (!Array.isArray(value)) {
      wrong(form, value, path, report);
      return;
    }
    for (const [index, item] of value.entries()) {
      checkShape(form.element as z.ZodType, item, [...path, index], report);
    }
    // The items have been checked with better words; what is left is the length.
    if (value.length === 0 && !form.safeParse([]).success) wrong(form, value, path, report);
  } else if (!form.safeParse(value).success) {
    wrong(form, value, path, report);
  }
}

function checkMap(form: z.ZodObject, value: Record<string, unknown>, path: ConfigPath, report: Report): void {
  const keys = Object.keys(form.shape);
  const slips = new Set<string | undefined>();
  for (const [key, entry] of Object.entries(value)) {
    const known = Object.hasOwn(form.shape, key) ? (form.shape[key] as z.ZodType | undefined) : undefined;
    if (known) {
      checkShape(known, entry, [...path, key], report);
    } else {
      const meant = nearest(key, keys);
      const name = shorten(key);
      report({
        code: 'unknown-key',
        severity: 'error',
        message:
          meant === undefined ? `Unknown key \`${name}\`.` : `Unknown key \`${name}\`. Did you mean \`${meant}\`?`,
        suggestion: meant === undefined ? elsewhere(key, keys) : `Write \`${meant}\`.`,
        path: [...path, key],
        part: 'key',
      });
      slips.add(meant);
    }
  }
  for (const key of keys) {
    const entry = form.shape[key] as z.ZodType;
    // Whoever misspelt a key has not forgotten it.
    if (entry instanceof z.ZodOptional || entry instanceof z.ZodDefault || Object.hasOwn(value, key) || slips.has(key))
      continue;
    report({
      code: 'missing-key',
      severity: 'error',
      message: `The key \`${key}\` is missing.`,
      suggestion: `Add \`${key}\`: ${expected(entry)}.`,
      path,
      part: 'key',
    });
  }
}

/** Keys that people expect one level higher than they are. */
const homes: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['columns', 'primaryKey', 'extraColumns', 'evolution', 'onError'].map((key) => [key, 'schema']),
  ),
  ...Object.fromEntries(['train', 'validation', 'test', 'seed', 'stratify', 'group'].map((key) => [key, 'split'])),
  ...Object.fromEntries(['formats', 'compression'].map((key) => [key, 'output'])),
  ...Object.fromEntries(
    ['delimiter', 'header', 'quote', 'encoding', 'nullValues', 'skipLines'].map((key) => [key, 'options']),
  ),
};

function elsewhere(key: string, keys: readonly string[]): string {
  const home = Object.hasOwn(homes, key) ? homes[key] : undefined;
  if (home !== undefined && keys.includes(home)) return `\`${key}\` belongs under \`${home}\`.`;
  return `The keys here are ${keys.map((known) => `\`${known}\``).join(', ')}.`;
}

function invalidName(form: z.ZodType, name: string, path: ConfigPath, report: Report): void {
  report({
    code: 'invalid-name',
    severity: 'error',
    message: `Expected ${expected(form)}, found ${found(name)}.`,
    path,
    part: 'key',
  });
}

function wrong(form: z.ZodType, value: unknown, path: ConfigPath, report: Report): void {
  const suggestion = remedy(form, value, path);
  const part = kindOf(value) === 'nothing' ? 'key' : 'value';
  if (path.length === 1 && path[0] === 'version') {
    report({
      code: 'unsupported-version',
      severity: 'error',
      message: `This version of mldata reads configs of version 1, found ${found(value)}.`,
      suggestion: 'Write `version: 1`, or update mldata if the config was made for a newer one.',
      path,
      part,
    });
    return;
  }
  const what =
    value !== null && kindOf(value) === 'list' && form instanceof z.ZodArray ? 'an empty list' : found(value);
  report({
    code: 'invalid-value',
    severity: 'error',
    message: `Expected ${expected(form)}, found ${what}.`,
    ...(suggestion !== undefined && { suggestion }),
    path,
    part,
  });
}

function remedy(form: z.ZodType, value: unknown, path: ConfigPath): string | undefined {
  if (typeof value === 'string') {
    const choices = form instanceof z.ZodEnum ? form.options.map(String) : [];
    const meant = nearest(value, choices);
    return meant === undefined ? undefined : `Did you mean \`${meant}\`?`;
  }
  if (!kindsOf(form).includes('text') || form instanceof z.ZodEnum) return undefined;
  if (typeof value === 'number' || typeof value === 'boolean')
    return `If it is text, put it in quotes: "${String(value)}".`;
  // In a list, nothing is the bare word `null` more often than a forgotten value.
  return value === null && typeof path.at(-1) === 'number'
    ? 'If the word null is meant, put it in quotes: "null".'
    : undefined;
}

/** A key that may stand somewhere, and what it means. */
export interface KeyInfo {
  readonly key: string;
  readonly description: string;
}

/** The keys that may stand in the map at `path` of the written form, in their usual order. */
export function keysOf(schema: z.ZodType, path: ConfigPath): KeyInfo[] {
  const form = unwrap(schema);
  if (form instanceof z.ZodUnion) return form.options.flatMap((option) => keysOf(option as z.ZodType, path));
  const [step, ...rest] = path;
  if (step === undefined) {
    if (!(form instanceof z.ZodObject)) return [];
    return Object.entries(form.shape).map(([key, entry]) => ({
      key,
      description: unwrap(entry as z.ZodType).description ?? '',
    }));
  }
  if (form instanceof z.ZodObject) {
    const entry = Object.hasOwn(form.shape, step) ? (form.shape[step] as z.ZodType) : undefined;
    return entry ? keysOf(entry, rest) : [];
  }
  if (form instanceof z.ZodRecord) return keysOf(form.valueType as z.ZodType, rest);
  return form instanceof z.ZodArray ? keysOf(form.element as z.ZodType, rest) : [];
}
