export { huggingface } from './framework';
