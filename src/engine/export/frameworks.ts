/** The frameworks that packages are made for. */
import type { Framework } from './exported';
import type { ExportFramework } from '../../protocol';
import { huggingface } from './huggingface';
import { pytorch } from './pytorch';

export const frameworks: Readonly<Record<ExportFramework, Framework>> = { pytorch, huggingface };
