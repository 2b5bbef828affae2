/** What describes exported data to others. */
export { writeDocuments } from './documents';
