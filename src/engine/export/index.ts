export { previousExport, publishedExport } from './document';
export * from './exported';
export { exportRows, type ExportJob } from './exportRows';
export { frameworks } from './frameworks';
