/** Product icons of the Datasets view; colour comes on top of the shape, never instead of it. */
import { ThemeColor, ThemeIcon } from 'vscode';
import type { ColumnType, TrackingState } from '../../protocol';
import type { DatasetStatus } from '../datasets/model';

export const statusIcons: Readonly<Record<DatasetStatus, ThemeIcon>> = {
  never: new ThemeIcon('circle-large-outline'),
  built: new ThemeIcon('pass', new ThemeColor('testing.iconPassed')),
  stale: new ThemeIcon('history', new ThemeColor('editorWarning.foreground')),
  building: new ThemeIcon('loading~spin'),
  failing: new ThemeIcon('error', new ThemeColor('testing.iconFailed')),
};

export const stateIcons: Readonly<Record<TrackingState, ThemeIcon>> = {
  untracked: new ThemeIcon('circle-large-outline'),
  'up-to-date': new ThemeIcon('pass', new ThemeColor('testing.iconPassed')),
  modified: new ThemeIcon('diff-modified', new ThemeColor('gitDecoration.modifiedResourceForeground')),
  missing: new ThemeIcon('cloud-download', new ThemeColor('editorWarning.foreground')),
  'not-in-cache': new ThemeIcon('warning', new ThemeColor('editorWarning.foreground')),
  'missing-remote': new ThemeIcon('cloud-upload', new ThemeColor('editorInfo.foreground')),
  pointer: new ThemeIcon('cloud-download', new ThemeColor('editorWarning.foreground')),
  committed: new ThemeIcon('warning', new ThemeColor('editorWarning.foreground')),
  broken: new ThemeIcon('error', new ThemeColor('testing.iconFailed')),
};

/** Of what lies elsewhere: whether it is here too. */
export const fetchedIcon = new ThemeIcon('cloud');
export const missingIcon = new ThemeIcon('cloud-download', new ThemeColor('editorWarning.foreground'));

export const columnIcons: Readonly<Record<ColumnType, ThemeIcon>> = {
  integer: new ThemeIcon('symbol-numeric'),
  number: new ThemeIcon('symbol-numeric'),
  string: new ThemeIcon('symbol-string'),
  boolean: new ThemeIcon('symbol-boolean'),
  date: new ThemeIcon('calendar'),
  datetime: new ThemeIcon('calendar'),
  time: new ThemeIcon('watch'),
  duration: new ThemeIcon('watch'),
  object: new ThemeIcon('symbol-object'),
  array: new ThemeIcon('symbol-array'),
  geopoint: new ThemeIcon('location'),
  any: new ThemeIcon('symbol-misc'),
  image: new ThemeIcon('file-media'),
  audio: new ThemeIcon('unmute'),
};
