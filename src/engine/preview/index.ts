export { previewDataset, type PreviewJob } from './preview';
