export { lineageOf } from './lineage';
export { mermaid } from './mermaid';
