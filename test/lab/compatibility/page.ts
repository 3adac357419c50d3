/** docs/compatibility.md, from what was run. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { markdownTable } from "../bench/harness/figures.ts";
import { CONTINUED } from "./program.ts";
import type { Outcomes, Results } from "./results.ts";

const PAGE = fileURLToPath(new URL("../../../docs/compatibility.md", import.meta.url));
const SAME = ", same text";

export function writePage(results: Results): void {
  writeFileSync(
    PAGE,
    `# Which program runs what

Each model was exported, whole and with a third of its blocks dropped, and given a prompt of 48 tokens (real models: 600). "✓" says that the program continued it with the same ${CONTINUED} greedy tokens as Coppice; beside it
is the largest difference of a logit (in llama.cpp and Ollama, of a probability). An empty cell was not run. Written by \`npm run compatibility\` from test/lab/compatibility/results.json, with ${versions(results)}.

## Families

Tiny models with random weights, and three real files. "(tiny)" is left out.

${families(results)}

mlx-lm has no YaRN in OLMo 3's rotation, needs a block of each kind there, and takes LongRoPE's factors of long texts for short ones (phi3).

## Real models in each format

Cut by a third without any training, as \`coppice export\` writes them. "Parts after N" is where the text differs; llama.cpp and Ollama round the inputs of products with 8 bits or fewer.

${formats(results)}

## Quantised here and by llama.cpp

${quantised(results)}
`,
  );
}

/** "✓ ±3e-6", or what differed. */
function short({ outcome }: { readonly outcome: string }): string {
  const [size] = /±[^,]+/.exec(outcome) ?? [];
  const after = /\*\*another \w+\*\* after (\d+)/.exec(outcome)?.[1];
  if (outcome.startsWith("**refused**")) return "refused";
  return after === undefined && outcome.includes(SAME) ? `✓ ${size}` : `parts after ${after ?? "0"}, ${size}`;
}

const table = (heads: readonly string[], rows: string[][]): string =>
  `<!-- prettier-ignore -->\n${markdownTable(heads, rows)}`;
const programsIn = (all: readonly Outcomes[]): string[] => [...new Set(all.flatMap(Object.keys))];

function families({ families: all }: Results): string {
  const programs = programsIn(
    Object.values(all).flatMap((rows) => Object.values(rows).map((one) => one.programs)),
  );
  const rows = Object.entries(all).map(([model, byBlocks]) => [
    model.replace(" (tiny)", ""),
    ...programs.map((name) => {
      const cells = Object.values(byBlocks).flatMap((row) =>
        row.programs[name] ? short(row.programs[name]) : [],
      );
      return cells.every((cell) => cell.startsWith("✓")) ? (cells.length > 0 ? "✓" : "") : cells.join("; ");
    }),
  ]);
  return table(["model, whole and cut", ...programs], rows);
}

function formats({ formats: all }: Results): string {
  const models = Object.keys(all);
  const keys = new Map(
    models.flatMap((model) =>
      Object.entries(all[model]!).flatMap(([format, ran]) =>
        Object.keys(ran).map((name) => [`${format}, ${name}`, [format, name]] as const),
      ),
    ),
  );
  const rows = [...keys].map(([title, [format, name]]) => [
    title,
    ...models.map((model) => {
      const outcome = all[model]![format]?.[name];
      return outcome ? short(outcome) : "";
    }),
  ]);
  return table(
    ["format, program", ...models.map((model) => model.replace(/\.gguf, (\d+) of .*/, ", $1 blocks"))],
    rows,
  );
}

function quantised({ quantised: all }: Results): string {
  const shares = Object.values(all).flatMap((types) =>
    Object.values(types).map(({ ours, theirs }) => ours / theirs - 1),
  );
  const same = Object.values(all).flatMap((types) =>
    Object.entries(types).filter(([, { differing }]) => differing === 0),
  );
  const percent = (share: number) => `${(100 * share).toFixed(2)}%`;
  return `The perplexity of 2,048 tokens, from files that llama.cpp's quantiser and ours made of one F16 file: ours differ by ${percent(Math.min(...shares))} to +${percent(Math.max(...shares))} in ${shares.length} cases; in ${same.length} (${[...new Set(same.map(([type]) => type))].join(", ")}) every weight is equal. \`npm run compatibility -- --quantised MODEL\``;
}

/** The versions that ran, of each program. */
function versions({ families: byModel, formats: byFormat }: Results): string {
  const all = [
    ...Object.values(byModel).flatMap((rows) => Object.values(rows).map(({ programs }) => programs)),
    ...Object.values(byFormat).flatMap((rows) => Object.values(rows)),
  ];
  const found = all.flatMap((ran) => Object.entries(ran).map(([name, { version }]) => `${name} ${version}`));
  return [...new Set(found)].join(", ");
}
