/** Every transform by its name. */
import type { transforms as declared } from '../../config/transforms';
import { bin } from './bin';
import { cast } from './cast';
import { clip } from './clip';
import { datetimeParts } from './datetimeParts';
import { deduplicate } from './deduplicate';
import { derive } from './derive';
import { drop } from './drop';
import { dropMissing } from './dropMissing';
import { fillMissing } from './fillMissing';
import { filter } from './filter';
import { frequencyEncode } from './frequencyEncode';
import { hashEncode } from './hashEncode';
import { join } from './join';
import { log } from './log';
import { lowercase } from './lowercase';
import { map } from './map';
import { minmaxScale } from './minmaxScale';
import { oneHot } from './oneHot';
import { ordinal } from './ordinal';
import { power } from './power';
import { rename } from './rename';
import { replace } from './replace';
import { robustScale } from './robustScale';
import { sample } from './sample';
import { select } from './select';
import { sort } from './sort';
import { sql } from './sql';
import { standardScale } from './standardScale';
import { targetEncode } from './targetEncode';
import { textLength } from './textLength';
import { trim } from './trim';
import type { EngineTransform } from './transform';
import { union } from './union';

export const transforms: Readonly<Record<keyof typeof declared, EngineTransform>> = {
  select,
  drop,
  rename,
  cast,
  filter,
  derive,
  sort,
  sample,
  deduplicate,
  drop_missing: dropMissing,
  fill_missing: fillMissing,
  trim,
  lowercase,
  replace,
  map,
  clip,
  bin,
  datetime_parts: datetimeParts,
  text_length: textLength,
  standard_scale: standardScale,
  minmax_scale: minmaxScale,
  robust_scale: robustScale,
  log,
  power,
  one_hot: oneHot,
  ordinal,
  target_encode: targetEncode,
  frequency_encode: frequencyEncode,
  hash_encode: hashEncode,
  join,
  union,
  sql,
};
