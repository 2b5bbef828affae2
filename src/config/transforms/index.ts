/** Every transform by its name. */
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
import { map } from './map';
import { minmaxScale } from './minmaxScale';
import { oneHot } from './oneHot';
import { ordinal } from './ordinal';
import { rename } from './rename';
import { replace } from './replace';
import { sample } from './sample';
import { power, robustScale, standardScale } from './scale';
import { select } from './select';
import { sort } from './sort';
import { lowercase, trim } from './spelling';
import { sql } from './sql';
import { targetEncode } from './targetEncode';
import { textLength } from './textLength';
import type { Transform } from './transform';
import { union } from './union';

export type { Beside, Columns, Fault, Transform } from './transform';

export const transforms = {
  [select.name]: select,
  [drop.name]: drop,
  [rename.name]: rename,
  [cast.name]: cast,
  [filter.name]: filter,
  [derive.name]: derive,
  [sort.name]: sort,
  [sample.name]: sample,
  [deduplicate.name]: deduplicate,
  [dropMissing.name]: dropMissing,
  [fillMissing.name]: fillMissing,
  [trim.name]: trim,
  [lowercase.name]: lowercase,
  [replace.name]: replace,
  [map.name]: map,
  [clip.name]: clip,
  [bin.name]: bin,
  [datetimeParts.name]: datetimeParts,
  [textLength.name]: textLength,
  [standardScale.name]: standardScale,
  [minmaxScale.name]: minmaxScale,
  [robustScale.name]: robustScale,
  [log.name]: log,
  [power.name]: power,
  [oneHot.name]: oneHot,
  [ordinal.name]: ordinal,
  [targetEncode.name]: targetEncode,
  [frequencyEncode.name]: frequencyEncode,
  [hashEncode.name]: hashEncode,
  [join.name]: join,
  [union.name]: union,
  [sql.name]: sql,
} satisfies Record<string, Transform>;
