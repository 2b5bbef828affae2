/** The pages that tests have open, so that one that fails leaves a picture of them behind. */
import type { Page } from 'playwright-core';

export const openPages = new Set<Page>();
