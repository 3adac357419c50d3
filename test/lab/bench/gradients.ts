/** Gradients of adapters and of all weights, against PyTorch in float64. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { runReference, smolLm2 } from "../reference/setup.ts";
import type { Benchmark, Context, Row } from "./harness/benchmark.ts";
import { arbitraryIds, BENCH_CACHE, stories260K } from "./harness/models.ts";
import { importCoppice } from "./harness/sides.ts";
import { openTensors, writeTensors } from "./harness/tensors.ts";
import type { Tensor, TensorFile } from "./harness/tensors.ts";

/** What test/lab/bench/coppice/gradients.ts exports. */
export interface GradientsAdapter {
  /** Loss and gradients by upstream weight name (of the adapters if given, otherwise of every weight, tied ones once). */
  gradients(
    request: GradientsRequest,
  ): Promise<{ loss: number; gradients: ReadonlyMap<string, Float32Array> }>;
}

export interface GradientsRequest {
  /** GGUF file or Hugging Face folder. */
  readonly modelPath: string;
  /** [B][T]; loss = Σ weight · cross-entropy(logits, label); weights sum to 1, and are 0 where there is no label. */
  readonly ids: readonly (readonly number[])[];
  readonly labels: readonly (readonly number[])[];
  readonly weights: readonly (readonly number[])[];
  /** y = xWᵀ + (alpha / rank) · (xAᵀ)Bᵀ; names like `model.layers.0.self_attn.q_proj.lora_A.weight` [R, in], `…lora_B…` [out, R]. */
  readonly adapters?: {
    readonly rank: number;
    readonly alpha: number;
    readonly tensors: ReadonlyMap<string, Tensor>;
  };
}

/** The sizes that determine the shapes of a model's adapters. */
interface Sizes {
  readonly blocks: number;
  readonly width: number;
  readonly keyValueWidth: number;
  readonly feedForward: number;
  readonly vocabulary: number;
}

interface Case {
  readonly name: string;
  readonly modelPath: string;
  readonly sizes: Sizes;
  readonly lora: boolean;
}

const SMOLLM2: Sizes = { blocks: 30, width: 576, keyValueWidth: 192, feedForward: 1536, vocabulary: 49152 };
const STORIES: Sizes = { blocks: 5, width: 64, keyValueWidth: 32, feedForward: 172, vocabulary: 512 };

const RANK = 16;
const ALPHA = 32;
const ADAPTER_WIDTH = 0.01;
const BATCH = 2;
const TOKENS = 64;
/** The first tokens of a row are a prompt without loss. */
const PROMPT_TOKENS = 20;

export const gradients: Benchmark = {
  name: "gradients",
  timed: false,
  measures:
    `Gradients in fp32 against PyTorch in float64 (norms and softmax too), ${BATCH} × ${TOKENS} tokens, the first ${PROMPT_TOKENS} of a row ` +
    `without loss. LoRA: rank ${RANK} on all projections. The error of a tensor is its largest difference ÷ its largest value.`,
  columns: [
    { key: "worst", title: "worst tensor", unit: "error" },
    { key: "worstL2", title: "worst tensor, L2", unit: "error" },
    { key: "loss", title: "loss", unit: "error" },
    { key: "tensors", title: "tensors", unit: "number" },
  ],
  targets: ["SmolLM2-135M, LoRA", "SmolLM2-135M, full", "stories260K, LoRA", "stories260K, full"].map(
    (row) => ({
      row,
      column: "worst",
      atMost: 1e-4,
    }),
  ),

  async run(context) {
    const rows: Row[] = [];
    for (const one of cases()) if (context.wants(one.name)) rows.push(await compare(context, one));
    return rows;
  },
};

function cases(): Case[] {
  const stories = stories260K();
  const models = [
    ...(stories ? [{ model: "stories260K", modelPath: stories, sizes: STORIES }] : []),
    { model: "SmolLM2-135M", modelPath: smolLm2(), sizes: SMOLLM2 },
  ];
  return models.flatMap(({ model, ...rest }) => [
    { name: `${model}, LoRA`, lora: true, ...rest },
    { name: `${model}, full`, lora: false, ...rest },
  ]);
}

async function compare(context: Context, { name, modelPath, sizes, lora }: Case): Promise<Row> {
  const ids = arbitraryIds(BATCH, TOKENS, sizes.vocabulary);
  const labels = ids.map((row) => [...row.slice(1), 0]);
  const counted = BATCH * (TOKENS - PROMPT_TOKENS - 1);
  const weights = ids.map((row) =>
    row.map((_, t) => (t >= PROMPT_TOKENS && t < TOKENS - 1 ? 1 / counted : 0)),
  );
  const tensors = lora ? makeAdapters(sizes) : null;
  const request: GradientsRequest = {
    modelPath,
    ids,
    labels,
    weights,
    ...(tensors && { adapters: { rank: RANK, alpha: ALPHA, tensors } }),
  };
  const expected = referenceGradients(request);
  try {
    const loss = Number(expected.metadata.loss);
    context.say(`${name}: ${expected.names.length} gradients, loss ${loss.toFixed(6)}`);
    if (!context.ours)
      return { name, figures: { worst: null, worstL2: null, loss: null, tensors: expected.names.length } };
    const { gradients } = await importCoppice<GradientsAdapter>("gradients");
    const given = await gradients(request);
    const errors = expected.names.map((tensor) =>
      errorOf(given.gradients.get(tensor), expected.read(tensor)),
    );
    const worst = errors.reduce((most, error, i) => (error.largest > errors[most]!.largest ? i : most), 0);
    context.say(`worst: ${expected.names[worst]}`);
    return {
      name,
      figures: {
        worst: errors[worst]!.largest,
        worstL2: Math.max(...errors.map(({ l2 }) => l2)),
        loss: Math.abs(given.loss - loss) / loss,
        tensors: expected.names.length,
      },
    };
  } finally {
    expected.close();
  }
}

/** Infinity for a gradient that is missing, has another size or is not finite. */
function errorOf(given: Float32Array | undefined, expected: Float32Array): { largest: number; l2: number } {
  if (given?.length !== expected.length) return { largest: Infinity, l2: Infinity };
  let [difference, most, squares, expectedSquares] = [0, 0, 0, 0];
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [given[i]!, expected[i]!];
    if (!Number.isFinite(a)) return { largest: Infinity, l2: Infinity };
    difference = Math.max(difference, Math.abs(a - b));
    most = Math.max(most, Math.abs(b));
    squares += (a - b) ** 2;
    expectedSquares += b ** 2;
  }
  return { largest: difference / most, l2: Math.sqrt(squares / expectedSquares) };
}

/** Adapters with small pseudo-random values on all seven projections; neither matrix is zero, so no gradient is zero. */
function makeAdapters({ blocks, width, keyValueWidth, feedForward }: Sizes): Map<string, Tensor> {
  const projections: Record<string, [rows: number, columns: number]> = {
    "self_attn.q_proj": [width, width],
    "self_attn.k_proj": [keyValueWidth, width],
    "self_attn.v_proj": [keyValueWidth, width],
    "self_attn.o_proj": [width, width],
    "mlp.gate_proj": [feedForward, width],
    "mlp.up_proj": [feedForward, width],
    "mlp.down_proj": [width, feedForward],
  };
  const adapters = new Map<string, Tensor>();
  let state = 1;
  const values = (count: number) =>
    Float32Array.from({ length: count }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // a linear congruential generator (Numerical Recipes)
      return (state / 2 ** 32 - 0.5) * 2 * ADAPTER_WIDTH;
    });
  for (let block = 0; block < blocks; block++)
    for (const [projection, [rows, columns]] of Object.entries(projections)) {
      const name = `model.layers.${block}.${projection}`;
      adapters.set(`${name}.lora_A.weight`, { shape: [RANK, columns], data: values(RANK * columns) });
      adapters.set(`${name}.lora_B.weight`, { shape: [rows, RANK], data: values(rows * RANK) });
    }
  return adapters;
}

/** PyTorch's gradients, as an open file that the caller closes. */
function referenceGradients({ modelPath, ids, labels, weights, adapters }: GradientsRequest): TensorFile {
  mkdirSync(BENCH_CACHE, { recursive: true });
  const [request, answer] = [
    join(BENCH_CACHE, "request.safetensors"),
    join(BENCH_CACHE, "gradients.safetensors"),
  ];
  const shape = [BATCH, TOKENS];
  const tensors = new Map<string, Tensor>([
    ["ids", { shape, data: Int32Array.from(ids.flat()) }],
    ["labels", { shape, data: Int32Array.from(labels.flat()) }],
    ["weights", { shape, data: Float32Array.from(weights.flat()) }],
    ...(adapters?.tensors ?? []),
  ]);
  writeTensors(request, tensors, adapters ? { alpha: String(adapters.alpha) } : {});
  runReference("gradients.py", [modelPath, request, answer]);
  return openTensors(answer);
}
