export { isInner } from './address';
export type { HostState } from './breakers';
export { clientOver, type Client } from './client';
export { receiptOf, type Expected, type Fetched, type FetchRequest, type Watch } from './download';
export { Downloader, type DownloaderOptions } from './downloader';
export type { FetchProgress } from './progress';
export type { Receipt } from './record';
export { shown } from './shown';
export { USUAL, type Timing } from './timing';
