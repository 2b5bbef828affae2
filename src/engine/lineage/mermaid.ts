/** Lineage as a Mermaid flowchart, which Markdown previews draw. */
import type { DatasetLineage } from '../../protocol';

const SHOWN_INPUTS = 20;

export function mermaid(datasets: readonly DatasetLineage[]): string {
  return ['flowchart LR', ...datasets.flatMap(chart), ''].join('\n');
}

function chart({ dataset, parent, inputs, steps, outputs }: DatasetLineage, index: number): string[] {
  const id = (kind: string, at: number) => `d${index}${kind}${at}`;
  const shown = inputs.slice(0, SHOWN_INPUTS);
  const others = inputs.length - shown.length;
  const last = id('s', steps.length - 1);
  return [
    `  subgraph d${index}[${label(dataset)}]`,
    ...shown.map(({ path, rows, dataset: from }, at) => {
      const lines = [...(from === undefined ? [] : [`dataset ${from}`]), path, `${rows} rows`];
      return `    ${id('i', at)}[(${label(...lines)})] --> ${id('s', 0)}`;
    }),
    ...(others > 0 ? [`    ${id('i', shown.length)}[(${label(`and ${others} more`)})] --> ${id('s', 0)}`] : []),
    ...steps.map(({ step, parameters, rowsIn, rowsOut }, at) => {
      const rows = rowsIn === rowsOut ? `${rowsOut} rows` : `${rowsIn} → ${rowsOut} rows`;
      const node = `${id('s', at)}[${label(step, ...(parameters ? [worded(parameters)] : []), rows)}]`;
      return `    ${node}${at + 1 < steps.length ? ` --> ${id('s', at + 1)}` : ''}`;
    }),
    ...outputs.map(({ path, rows }, at) => `    ${last} --> ${id('o', at)}[(${label(path, `${rows} rows`)})]`),
    '  end',
    ...(parent !== undefined ? [`  d${index}p[(${label(dataset, `version ${parent}`)})] -.-> d${index}`] : []),
  ];
}

function worded(parameters: Readonly<Record<string, unknown>>): string {
  const text = Object.entries(parameters)
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** Names come from files of anybody: nothing in them is markup. */
function label(...lines: readonly string[]): string {
  const escaped = lines.map((line) =>
    line.replace(/[^\p{L}\p{N} .,:;/_()\u2192\u2026-]/gu, (character) => `#${character.codePointAt(0) ?? 0};`),
  );
  return `"${escaped.join('<br/>')}"`;
}
