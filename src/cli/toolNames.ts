/** What people call the tools that keep data. */
import type { TrackingTool } from '../protocol';

export const toolNames: Readonly<Record<TrackingTool, string>> = {
  dvc: 'DVC',
  'dvc-pipeline': 'a DVC pipeline',
  'git-lfs': 'Git LFS',
};
