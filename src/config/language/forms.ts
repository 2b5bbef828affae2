/** What may stand at a path of the written form: the zod form is asked, so that nothing is listed twice. */
import * as z from 'zod';
import type { ConfigPath, Scalar } from '../../protocol';
import { formOf, isRecord, kindsOf, unwrap } from '../shape';
import { wordsOf, type Named } from '../words';

/** A key that may stand in a map. */
export interface KeyForm {
  readonly key: string;
  readonly description: string;
  readonly required: boolean;
  /** The shapes its value may have. */
  readonly forms: readonly z.ZodType[];
}

/** The shapes of a form: none of them is a choice between others. */
export function shapesOf(schema: z.ZodType): z.ZodType[] {
  const form = unwrap(schema);
  if (form instanceof z.ZodUnion) return form.options.flatMap((option) => shapesOf(option as z.ZodType));
  return form instanceof z.ZodPipe ? shapesOf(form.in as z.ZodType) : [form];
}

/** The shapes that what stands at `path` may have. */
export function formsAt(schema: z.ZodType, path: ConfigPath): z.ZodType[] {
  let forms = shapesOf(schema);
  for (const step of path) forms = forms.flatMap((form) => below(form, step));
  return forms;
}

function below(form: z.ZodType, step: string | number): z.ZodType[] {
  if (form instanceof z.ZodRecord) return shapesOf(form.valueType as z.ZodType);
  if (form instanceof z.ZodArray) return typeof step === 'number' ? shapesOf(form.element as z.ZodType) : [];
  if (!(form instanceof z.ZodObject) || !Object.hasOwn(form.shape, step)) return [];
  return shapesOf(form.shape[step] as z.ZodType);
}

/** The keys that maps of these shapes have, in their usual order. */
export function keyForms(forms: readonly z.ZodType[]): KeyForm[] {
  return forms.flatMap((form) => {
    if (!(form instanceof z.ZodObject)) return [];
    return Object.entries(form.shape).map(([key, entry]) => ({
      key,
      description: unwrap(entry as z.ZodType).description ?? '',
      required: !(entry instanceof z.ZodOptional || entry instanceof z.ZodDefault),
      forms: shapesOf(entry as z.ZodType),
    }));
  });
}

/** What keys of one's own choice stand for, where maps may have such. */
export function ownKeys(forms: readonly z.ZodType[]): Named | undefined {
  return forms
    .map((form) => (form instanceof z.ZodRecord ? namedBy(form.keyType as z.ZodType) : undefined))
    .find((named) => named !== undefined);
}

/** What a text of this shape stands for. */
export function namedBy(form: z.ZodType): Named | undefined {
  return wordsOf(form)?.names;
}

/** The values that may be chosen from; where any value may stand there is nothing to choose. */
export function choicesOf(forms: readonly z.ZodType[]): Scalar[] {
  const isAny = forms.some((form) => form instanceof z.ZodString) && forms.some((form) => form instanceof z.ZodNumber);
  if (isAny) return [];
  const all = forms.flatMap((form): Scalar[] => {
    if (form instanceof z.ZodEnum) return form.options;
    if (form instanceof z.ZodBoolean) return [true, false];
    if (!(form instanceof z.ZodLiteral)) return [];
    return [...form.values].filter((value) => typeof value !== 'object').map((value) => value as Scalar);
  });
  return [...new Set(all)];
}

/** Whether only a map may stand there. */
export function takesMapOnly(forms: readonly z.ZodType[]): boolean {
  return forms.length > 0 && forms.every((form) => kindsOf(form).every((kind) => kind === 'map'));
}

/** Whether only a list may stand there. */
export function takesListOnly(forms: readonly z.ZodType[]): boolean {
  return forms.length > 0 && forms.every((form) => form instanceof z.ZodArray);
}

/** A text of the config that stands for something. */
export interface Mention {
  readonly names: Named;
  readonly text: string;
  readonly path: ConfigPath;
  readonly part: 'key' | 'value';
}

/** Everything that texts in `data`, which may be no sound config, stand for; in its order. */
export function mentionsIn(forms: readonly z.ZodType[], data: unknown, path: ConfigPath): Mention[] {
  const form = formOf(forms, data);
  if (form === undefined) return [];
  if (typeof data === 'string') {
    const names = namedBy(form);
    return names === undefined ? [] : [{ names, text: data, path, part: 'value' }];
  }
  if (Array.isArray(data)) return data.flatMap((item, index) => mentionsIn(below(form, index), item, [...path, index]));
  if (!isRecord(data)) return [];
  const own = ownKeys([form]);
  return Object.entries(data).flatMap(([key, value]) => {
    const at = [...path, key];
    const named: Mention[] = own === undefined ? [] : [{ names: own, text: key, path: at, part: 'key' }];
    return [...named, ...mentionsIn(below(form, key), value, at)];
  });
}
