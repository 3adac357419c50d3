/** docs/compatibility.md, from what was run. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CONTINUED } from "./program.ts";
import type { Outcomes, Results } from "./results.ts";

const PAGE = fileURLToPath(new URL("../../docs/compatibility.md", import.meta.url));

/** What each program reads of the formats that Coppice writes, in the order of the columns. */
const READS: Readonly<Record<string, string>> = {
  transformers: "folder",
  "mlx-lm": "folder",
  "llama.cpp": "GGUF",
  "onnxruntime-genai": "ONNX",
  "transformers.js": "ONNX",
};

export function writePage(results: Results): void {
  const parts = [
    introduction(results),
    familiesTable(results),
    ...formatsTables(results),
    quantisedTable(results),
  ];
  writeFileSync(PAGE, `${parts.filter(Boolean).join("\n\n")}\n`);
}

function introduction(results: Results): string {
  return `# Which program runs what

Written by \`npm run compatibility\`, with ${versions(results)}. A cell is what a program did;
an empty cell was not run.

Each model is opened, whole and with a third of its blocks dropped, exported as a folder, which Coppice reads again, as a GGUF file in F16 and as an ONNX graph in FP32, and given a prompt of
48 tokens (real models: 600). "Training" is a step of adapters on the exported folder; "chat" the precision in which Coppice answers from it here. The other columns compare with that answer:
the largest difference of the logits after the prompt (of probabilities in llama.cpp, whose bindings give no logits), and whether the next
${CONTINUED} greedy tokens are the same. Tiny models have random weights, whose likeliest tokens are close to each other. mlx-lm has no windows in Gemma 2 and no YaRN in OLMo 3's rotation; it takes LongRoPE's factors
of long texts for short ones as well (phi3), and OLMo 3 needs a block of each kind.`;
}

function familiesTable({ families }: Results): string {
  const rows = Object.entries(families).flatMap(([model, byBlocks]) =>
    Object.entries(byBlocks).map(([blocks, row]) => ({ model, blocks, ...row })),
  );
  const programs = Object.keys(READS).filter((name) => rows.some((row) => name in row.programs));
  return table(
    [
      "model",
      "read from",
      "blocks",
      "training",
      "chat",
      ...programs.map((name) => `${READS[name]} in ${name}`),
    ],
    rows.map(({ model, from, blocks, training, chat, programs: ran }) => [
      ...[model, from === "GGUF" ? "GGUF, folder" : from, blocks, training, chat],
      ...programs.map((name) => ran[name]?.outcome ?? ""),
    ]),
  );
}

/** Before the tables of formats. */
const ABOUT_FORMATS = `## Real models in each format

Models cut by a third, without any training, are exported as \`coppice export\` does. Each program gets 600 characters of a text (3,000 where a model has windows,
which is longer than those) and is compared with what Coppice computes in fp32 from the same file. llama.cpp and Ollama round what a matrix of 8 bits
or fewer is multiplied with, so that probabilities differ more. Where two texts part, "leads" is by how much our token's probability exceeds the next one's.

In Ollama, the folder goes through \`ollama create\`. Its probabilities are of the tokens that it lists; "prompts" compares three conversations as its template
and the model's own write them; "answer" is up to 64 tokens of a chat. mlx-lm rounds the scale of Gemma's embedding to bfloat16.`;

function formatsTables({ formats }: Results): string[] {
  if (Object.keys(formats).length === 0) return [];
  return [ABOUT_FORMATS, ...Object.entries(formats).map(formatsTable)];
}

const formatsTable = ([model, byFormat]: [string, Results["formats"][string]]): string =>
  [
    `### ${model}`,
    table(
      ["format", "program", "beside Coppice, reading the same files"],
      Object.entries(byFormat).flatMap(([format, programs]) =>
        Object.entries(programs).map(([name, { version, outcome }]) => [
          format,
          `${name} ${version}`,
          outcome,
        ]),
      ),
    ),
  ].join("\n\n");

function quantisedTable({ quantised }: Results): string {
  const rows = Object.entries(quantised).flatMap(([model, types]) =>
    Object.entries(types).map(([type, { theirs, ours, differing, weights }]) => [
      ...[model, type, theirs.toFixed(3), ours.toFixed(3), differenceText(ours / theirs - 1)],
      differing === 0 ? "none" : `${differing} of ${weights}`,
    ]),
  );
  if (rows.length === 0) return "";
  return [
    "## Quantised here and by llama.cpp",
    `The perplexity of the same 2,048 tokens, computed here in f32 from files that llama.cpp's quantiser and ours made of one F16 file, without an importance
matrix. Models that were quantised before are rounded a second time by both.`,
    table(
      ["model", "type", "llama.cpp's quantiser", "ours", "difference", "weights with other values"],
      rows,
    ),
  ].join("\n\n");
}

const differenceText = (share: number) => `${(100 * share).toFixed(2).replace(/^-(?=0\.00$)/, "")}%`;

/** The versions that ran, of each program. */
function versions({ families, formats }: Results): string {
  const ran = new Map<string, Set<string>>();
  const all: Outcomes[] = [
    ...Object.values(families).flatMap((rows) => Object.values(rows).map(({ programs }) => programs)),
    ...Object.values(formats).flatMap((byFormat) => Object.values(byFormat)),
  ];
  for (const programs of all)
    for (const [name, { version }] of Object.entries(programs))
      ran.set(name, (ran.get(name) ?? new Set()).add(version));
  return [...ran].map(([name, found]) => `${name} ${[...found].join(" and ")}`).join(", ");
}

/** Columns are as wide as their widest cell, as Prettier has them. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}
