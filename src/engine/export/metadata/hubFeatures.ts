/** The types of columns as the `datasets` library of Hugging Face writes them into a card. */
import { parsePhysical, type PhysicalType } from '../../evolution';
import type { SchemaColumn } from '../../../protocol';

/** A column or a part of one: `{ name, dtype }`, `{ name, list }` or `{ name, struct }`. */
export interface HubFeature {
  readonly name?: string;
  readonly dtype?: string;
  readonly list?: string | HubFeature | readonly HubFeature[];
  readonly struct?: readonly HubFeature[];
}

const types: Readonly<Record<string, string>> = {
  TINYINT: 'int8',
  SMALLINT: 'int16',
  INTEGER: 'int32',
  BIGINT: 'int64',
  UTINYINT: 'uint8',
  USMALLINT: 'uint16',
  UINTEGER: 'uint32',
  UBIGINT: 'uint64',
  FLOAT: 'float32',
  DOUBLE: 'float64',
  BOOLEAN: 'bool',
  DATE: 'date32',
  TIME: 'time64[us]',
  TIMESTAMP: 'timestamp[us]',
  TIMESTAMP_S: 'timestamp[us]',
  TIMESTAMP_MS: 'timestamp[ms]',
  TIMESTAMP_NS: 'timestamp[ns]',
  'TIMESTAMP WITH TIME ZONE': 'timestamp[us, tz=UTC]',
  BLOB: 'binary',
  VARCHAR: 'string',
  JSON: 'string',
  BIT: 'string',
};

/** Undefined where a column has a type that the library does not know: then it looks for itself. */
export function hubFeatures(columns: readonly SchemaColumn[]): HubFeature[] | undefined {
  const features: HubFeature[] = [];
  for (const { name, physicalType = '' } of columns) {
    const feature = featureOf(parsePhysical(physicalType));
    if (feature === undefined) return undefined;
    features.push({ name, ...feature });
  }
  return features;
}

function featureOf(type: PhysicalType | undefined): HubFeature | undefined {
  switch (type?.kind) {
    case 'enum':
      return { dtype: 'string' };
    case 'scalar': {
      const [width = 18, scale = 3] = type.parameters;
      const dtype = type.name === 'DECIMAL' ? `decimal128(${width}, ${scale})` : types[type.name];
      return dtype === undefined ? undefined : { dtype };
    }
    case 'list': {
      const element = featureOf(type.element);
      return element && { list: element.dtype ?? element.struct ?? element };
    }
    case 'struct': {
      const parts = type.fields.map(({ name, type: part }) => ({ name, feature: featureOf(part) }));
      if (parts.some(({ feature }) => feature === undefined)) return undefined;
      return { struct: parts.map(({ name, feature }) => ({ name, ...feature })) };
    }
    case 'map':
    case undefined:
      return undefined;
  }
}
