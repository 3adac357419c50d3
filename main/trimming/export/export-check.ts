/** Compares what exported files compute with the model that they were made from. */
import { dirname, join } from "node:path";
import { OnnxReader } from "../../../native-models/exporting/onnx-reader.ts";
import { fail } from "../../../native-models/failure.ts";
import { logSumExp } from "../../../native-models/inference/log-sum-exp.ts";
import type { Model } from "../../../native-models/model.ts";
import type { Tokenizer } from "../../../native-models/tokenizer.ts";
import { Batcher, labelPlaces } from "../../../native-models/training/batch.ts";
import type { TokenRow } from "../../../native-models/training/batch.ts";
import type { Example } from "../../../preload/contract/data/data.ts";
import type { Base } from "../../../preload/contract/plans/plan.ts";
import type { ExportCheck, ExportFormat, ExportMix } from "../../../preload/contract/runs/exporting.ts";
import { openToMeasure } from "../devices/open-stack.ts";
import { scoreRows, total } from "../evaluation/evaluate.ts";
import { exampleRow } from "../rows/rows.ts";

/** The texts that a model and its export are compared on. */
export interface CheckTexts {
  readonly prompts: readonly string[];
  readonly rows: readonly TokenRow[];
}

/** The next-token logits after the last tokens of each prompt, and the mean NLL of the rows' labels, if there are any. */
export interface Computed {
  /** [prompts · positions, V] */
  readonly logits: readonly Float32Array[];
  readonly nll: number | null;
}

const PROMPTS = 3;
const PROMPT_TOKENS = 64;
const POSITIONS = 8;
const ROW_TOKENS = 2048;

/** Used if a dataset has fewer texts, and to compare tokenizers. */
const ORDINARY_TEXTS = [
  "The quick brown fox jumps over the lazy dog, and then it goes home.",
  "Größe: 3,5 m² – 12 × 4\n\tdef f(x): return x  # 日本語 🌳 don't",
  "Once upon a time there was a river. It ran",
];

/** The texts of a dataset's held-out examples. */
export function checkTexts(
  tokenizer: Tokenizer,
  examples: readonly Example[],
  maxTokens: number,
): CheckTexts {
  const texts = examples.slice(0, PROMPTS).map(({ prompt, completion }) => `${prompt}${completion}`);
  const rows: TokenRow[] = [];
  let tokens = 0;
  for (const example of examples) {
    const row = exampleRow(tokenizer, example, maxTokens);
    if (!row) continue;
    tokens += row.ids.length;
    if (tokens > ROW_TOKENS) break;
    rows.push(row);
  }
  return { prompts: [...texts, ...ORDINARY_TEXTS].slice(0, PROMPTS), rows };
}

/** The ids of a prompt, as a model reads it. */
const promptIds = (tokenizer: Tokenizer, text: string): number[] =>
  tokenizer.encode(text, { addBos: tokenizer.addsBos }).slice(0, PROMPT_TOKENS);

/** Throws `export-differs` if two tokenizers cut texts differently. */
export function compareTokenizers(
  before: Tokenizer,
  after: Tokenizer,
  { prompts }: CheckTexts,
  format: string,
): void {
  for (const text of [...prompts, ...ORDINARY_TEXTS]) {
    if (promptIds(before, text).join() === promptIds(after, text).join()) continue;
    fail({ code: "export-differs", format, by: null });
  }
}

/** Runs a model on the texts; `workFolder` exists for the duration. */
export async function compute(
  model: Model,
  tokenizer: Tokenizer,
  { prompts, rows }: CheckTexts,
  { threads, base, workFolder }: { threads: number; base: Base; workFolder: string },
): Promise<Computed> {
  const small = 4 * elementsOf(model) < SMALL_BYTES;
  const stack = openToMeasure(
    model,
    { threads, base: small ? { storage: "f32", streamed: false } : base },
    join(workFolder),
  );
  try {
    const logits: Float32Array[] = [];
    for (const text of prompts) {
      const ids = promptIds(tokenizer, text);
      // The last id of a row is only a label.
      const hidden = await stack.normedHidden(new Batcher().batch([{ ids: [...ids, 0], promptLength: 1 }]));
      logits.push(...logitsOf(model, hidden.subarray(-POSITIONS * model.config.hiddenSize)));
    }
    if (rows.length === 0) return { logits, nll: null };
    const nll = await scoreRows(rows, new Batcher(), (batch) => stack.nll(batch));
    const labels = nll.reduce((sum, row) => sum + row.length, 0);
    return { logits, nll: nll.reduce((sum, row) => sum + total(row), 0) / labels };
  } finally {
    await stack.close();
  }
}

/**
 * The same with an exported graph: `path` is run on the prompts, and `checking`, which computes logits after every token from the same
 * weights, on the rows.
 */
export async function computeByGraph(
  { path, checking }: { readonly path: string; readonly checking: Uint8Array },
  tokenizer: Tokenizer,
  { prompts, rows }: CheckTexts,
  threads: number,
): Promise<Computed> {
  const logits: Float32Array[] = [];
  await reading(path, { threads }, async (reader) => {
    for (const text of prompts) {
      const ids = promptIds(tokenizer, text);
      const first = Math.max(1, ids.length - POSITIONS + 1);
      reader.startOver();
      logits.push(await reader.read(ids.slice(0, first)));
      for (const id of ids.slice(first)) logits.push(await reader.read([id]));
    }
  });
  if (rows.length === 0) return { logits, nll: null };
  let [sum, labels] = [0, 0];
  await reading(checking, { threads, dataFolder: dirname(path) }, async (reader) => {
    for (const tokenRow of rows) {
      const { ids } = tokenRow;
      const isLabel = new Set(labelPlaces(tokenRow));
      reader.startOver();
      for (let start = 0; start < ids.length - 1; start += ROWS_AT_A_TIME) {
        const end = Math.min(start + ROWS_AT_A_TIME, ids.length - 1);
        const given = await reader.read(ids.slice(start, end));
        const width = given.length / (end - start);
        for (let position = start; position < end; position++) {
          if (!isLabel.has(position + 1)) continue;
          const row = given.subarray((position - start) * width, (position - start + 1) * width);
          sum += logSumExp(row) - row[ids[position + 1]!]!;
          labels++;
        }
      }
    }
  });
  return { logits, nll: sum / labels };
}

/** How many tokens' logits are in memory at the same time. */
const ROWS_AT_A_TIME = 64;

async function reading(
  graph: string | Uint8Array,
  options: { readonly threads: number; readonly dataFolder?: string },
  use: (reader: OnnxReader) => Promise<void>,
): Promise<void> {
  const reader = await OnnxReader.open(graph, options);
  try {
    await use(reader);
  } finally {
    await reader.close();
  }
}

/** Models that are smaller than this as f32 are run with their weights in memory as f32. */
const SMALL_BYTES = 2 ** 31;

const elementsOf = (model: Model): number =>
  model.names.reduce((sum, name) => {
    const { rows, columns } = model.weight(name);
    return sum + rows * columns;
  }, 0);

/** Rows of the head that are read at a time. */
const HEAD_ROWS = 4096;

/** hidden [n, D] → n × [V] */
function logitsOf({ config, weight }: Model, hidden: Float32Array): Float32Array[] {
  const { hiddenSize, vocabularySize, ends } = config;
  const head = weight(ends.head.name);
  const positions = Array.from(
    { length: hidden.length / hiddenSize },
    () => new Float32Array(vocabularySize),
  );
  for (let first = 0; first < vocabularySize; first += HEAD_ROWS) {
    const count = Math.min(HEAD_ROWS, vocabularySize - first);
    const rows = head.readFloat32(first, count);
    positions.forEach((logits, position) => {
      for (let row = 0; row < count; row++) {
        let sum = 0;
        for (let d = 0; d < hiddenSize; d++)
          sum += hidden[position * hiddenSize + d]! * rows[row * hiddenSize + d]!;
        const { scale, cap } = ends.head;
        logits[first + row] = cap === null ? sum * scale : cap * Math.tanh((sum * scale) / cap);
      }
    });
  }
  return positions;
}

/** Largest mean divergence that rounding explains: for 16-bit weights, for 8-bit ones, and for fewer bits if the model is still the same. */
const LIMITS = { 16: 0.02, 8: 0.1, 4: 1 } as const;

/**
 * Compares what a model and its export compute. Throws `export-differs` if they differ by more than rounding the weights to `bits`
 * bits explains, and `too-few-bits` if rounding to fewer than 8 bits makes it another model.
 */
export function compared(
  before: Computed,
  after: Computed,
  {
    format,
    mix,
    bits,
    roundedBefore,
  }: { format: ExportFormat; mix: ExportMix; bits: keyof typeof LIMITS; roundedBefore: string | null },
): ExportCheck {
  let [largestDifference, divergence, same] = [0, 0, 0];
  before.logits.forEach((logits, position) => {
    const others = after.logits[position]!;
    for (let i = 0; i < logits.length; i++) {
      const difference = Math.abs(logits[i]! - others[i]!);
      if (!(difference <= largestDifference)) largestDifference = difference;
    }
    divergence += divergenceOf(logits, others) / before.logits.length;
    if (topOf(logits) === topOf(others)) same++;
  });
  const sameTop = same / before.logits.length;
  const isFinite = Number.isFinite(divergence) && Number.isFinite(largestDifference);
  if (isFinite && bits === 4 && divergence >= LIMITS[bits])
    fail({
      code: "too-few-bits",
      type: mix,
      suggested: format === "onnx" ? "INT8" : "Q8_0",
      changed: 1 - sameTop,
    });
  if (!isFinite || divergence >= LIMITS[bits])
    fail({ code: "export-differs", format, by: largestDifference });
  return {
    prompts: PROMPTS,
    largestDifference,
    divergence: Math.max(0, divergence),
    sameTop,
    perplexity:
      before.nll === null || after.nll === null
        ? null
        : { before: Math.exp(before.nll), after: Math.exp(after.nll) },
    roundedBefore,
  };
}

/** Σ p · (log p − log q), in nats. */
function divergenceOf(a: Float32Array, b: Float32Array): number {
  const [normA, normB] = [logSumExp(a), logSumExp(b)];
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const logP = a[i]! - normA;
    sum += Math.exp(logP) * (logP - (b[i]! - normB));
  }
  return sum;
}

function topOf(values: Float32Array): number {
  let top = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[top]!) top = i;
  return top;
}
