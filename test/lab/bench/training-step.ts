/** Training steps of SmolLM2-135M against PyTorch. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { GraphStorage } from "../../../native-models/graph/linear.ts";
import { largestFactor } from "../../../native-models/runtime/largest-factor.ts";
import { peftPython, referencePython, smolLm2 } from "../reference/setup.ts";
import { workOfFile } from "./decode.ts";
import type { Benchmark, Context, Row } from "./harness/benchmark.ts";
import { limitsOf, limitsSentence, startLimits } from "./harness/limits.ts";
import type { Limits } from "./harness/limits.ts";
import { describeMachine } from "./harness/machine.ts";
import { arbitraryIds, BENCH_CACHE } from "./harness/models.ts";
import { medianOf, medianRatio, takeTurns } from "./harness/paired.ts";
import type { Contestant } from "./harness/paired.ts";
import type { Resident } from "./harness/resident.ts";
import { startCoppice, startPython } from "./harness/sides.ts";
import { writeTensors } from "./harness/tensors.ts";
import { operationsOfStep } from "./harness/work.ts";
import type { Work } from "./harness/work.ts";

/** What test/lab/bench/coppice/training-step.ts exports: `export const open: OpenTrainingStep`. */
export type OpenTrainingStep = (options: TrainingStepOptions) => Promise<TrainingStep>;

export interface TrainingStepOptions {
  /** GGUF file; every block is trained. */
  readonly modelPath: string;
  readonly threads: number;
  /** How the frozen weights are stored and multiplied. */
  readonly storage: GraphStorage;
  /** Whether onnxruntime runs the blocks even where there are native loops. */
  readonly usesGraphs?: boolean;
  /** Whether activations are kept for the backward pass rather than recomputed. */
  readonly keepsActivations: boolean;
  /** LoRA on all seven projections, alpha = 2 × rank, fp32; A and B start at small random values. AdamW, no clipping. */
  readonly rank: number;
  /** [B][T]; loss = Σ weight · cross-entropy at every token. Every token carries loss. */
  readonly batch: {
    readonly ids: readonly (readonly number[])[];
    readonly labels: readonly (readonly number[])[];
    readonly weights: readonly (readonly number[])[];
  };
}

export interface TrainingStep {
  /** Forward and backward pass and the optimizer's update on the batch; returns the loss before the update. */
  step(): Promise<number>;
}

const ROWS = 4;
const TOKENS = 256;
const RANK = 16;
const VOCABULARY = 49152;

export interface Variant {
  readonly storage: "f32" | "w8a8";
  readonly keepsActivations: boolean;
  readonly precision: "fp32" | "bf16";
  readonly checkpointing: boolean;
  /** Whether PEFT makes the adapters instead of our own minimal module. */
  readonly usesPeft?: boolean;
}
/** Activations recomputed on both sides; kept on both; kept, against PyTorch with checkpointing. */
export const AGAIN = { keepsActivations: false, checkpointing: true };
const KEPT = { keepsActivations: true, checkpointing: false };
export const KEPT_AGAINST_CHECKPOINTING = { keepsActivations: true, checkpointing: true };
const VARIANTS: readonly Variant[] = [
  { storage: "f32", precision: "fp32", ...AGAIN },
  { storage: "f32", precision: "fp32", ...AGAIN, usesPeft: true },
  { storage: "f32", precision: "fp32", ...KEPT },
  { storage: "f32", precision: "bf16", ...KEPT },
  { storage: "w8a8", precision: "bf16", ...AGAIN },
  { storage: "w8a8", precision: "fp32", ...KEPT },
  { storage: "w8a8", precision: "bf16", ...KEPT },
];
const nameOf = ({ storage, keepsActivations, precision, checkpointing, usesPeft }: Variant) =>
  [
    `${storage === "f32" ? "" : `${storage}, `}activations ${keepsActivations ? "kept" : "recomputed"}; PyTorch ${precision === "fp32" ? "fp32" : "bf16 autocast"}`,
    ...(usesPeft ? ["PEFT"] : []),
    ...(checkpointing ? ["checkpointing"] : []),
  ].join(", ");
const rowsOf = (wanted: (variant: Variant) => boolean) => VARIANTS.filter(wanted).map(nameOf);
/** Both sides treat activations alike. */
const alike = ({ keepsActivations, checkpointing }: Variant) => keepsActivations !== checkpointing;

export const trainingStep: Benchmark = {
  name: "training-step",
  timed: true,
  measures:
    `A training step of SmolLM2-135M: LoRA rank ${RANK} on all projections of all blocks, ${ROWS} × ${TOKENS} tokens, all ` +
    "with loss, AdamW. Coppice runs in fp32, or multiplies the frozen weights of its blocks in int8 (w8a8), with " +
    "activations kept for the backward pass or recomputed. It alternates with PyTorch and a LoRA module, whose checkpointing recomputes " +
    "activations, eager or with its blocks compiled (torch.compile), whichever is faster; in bf16 where the processor has it. Peak memory is the process's; " +
    "PyTorch's is counted after the model was loaded and tried, Coppice's from its start. The limit is what the machine's products in f32 " +
    "(for w8a8, in int8) would allow Coppice if nothing else took time. Each row also alternates with Coppice in fp32 by onnxruntime's graphs alone.",
  columns: [
    { key: "coppiceTokensPerSecond", title: "Coppice, tokens/s", unit: "tokens/s" },
    { key: "theirTokensPerSecond", title: "other, tokens/s", unit: "tokens/s" },
    { key: "speedRatio", title: "speed, Coppice ÷ other", unit: "ratio" },
    { key: "gain", title: "speed, ÷ fp32 in graphs", unit: "ratio" },
    { key: "limit", title: "limit, tokens/s", unit: "tokens/s" },
    { key: "share", title: "share of the limit", unit: "share" },
    { key: "coppicePeakBytes", title: "Coppice, peak", unit: "bytes" },
    { key: "theirPeakBytes", title: "other, peak", unit: "bytes" },
    { key: "memoryRatio", title: "peak, Coppice ÷ other", unit: "ratio" },
  ],
  targets: [
    ...rowsOf(({ precision, checkpointing }) => precision === "fp32" && checkpointing).map((row) => {
      return { row, column: "speedRatio", atLeast: 1.5 };
    }),
    ...rowsOf(({ precision, storage }) => precision === "bf16" && storage === "w8a8").map((row) => {
      return { row, column: "speedRatio", atLeast: 1 };
    }),
    ...rowsOf((variant) => variant.precision === "fp32" && alike(variant)).map((row) => {
      return { row, column: "memoryRatio", atMost: 0.4 };
    }),
    ...VARIANTS.filter(({ keepsActivations }) => keepsActivations).map((variant) => {
      return { row: nameOf(variant), column: "gain", atLeast: variant.storage === "w8a8" ? 2 : 1.2 };
    }),
  ],

  async run(context) {
    const rows: Row[] = [];
    const multipliesBytes = await trainsInInt8(context);
    const hasBf16 = describeMachine().extensions.some((extension) => extension.endsWith("bf16"));
    if (!hasBf16) context.say("this processor does not multiply in bf16: no rows of bf16 autocast");
    const isMet = ({ storage, precision }: Variant) =>
      (storage !== "w8a8" || multipliesBytes) && (precision !== "bf16" || hasBf16);
    for (const variant of VARIANTS)
      if (context.wants(nameOf(variant)) && isMet(variant))
        rows.push(await compareSteps(context, nameOf(variant), variant));
    return rows;
  },
};

/** Whether this processor trains with w8a8 weights. */
export async function trainsInInt8({ say }: Context): Promise<boolean> {
  const multipliesBytes = (await largestFactor()) === 127;
  if (!multipliesBytes) say("this processor does not multiply 8-bit numbers exactly: no rows of w8a8");
  return multipliesBytes;
}

/** One row: a fresh process per side, alternating. `model`: a GGUF file and the size of its vocabulary. */
export async function compareSteps(
  context: Context,
  name: string,
  { storage, keepsActivations, precision, checkpointing, usesPeft = false }: Variant,
  { model, vocabulary } = { model: smolLm2(), vocabulary: VOCABULARY },
): Promise<Row> {
  const { threads } = context;
  const batch = makeBatch(vocabulary);
  const options: TrainingStepOptions = {
    modelPath: model,
    threads,
    storage,
    keepsActivations,
    rank: RANK,
    batch,
  };
  const python = usesPeft ? peftPython() : referencePython();
  const torch = await startPython(python, "training-step.py", {
    model,
    batch: storeBatch(batch),
    rank: RANK,
    alpha: 2 * RANK,
    threads,
    precision,
    checkpointing,
    peft: usesPeft,
  });
  const machine = await startLimits(threads);
  const coppice = context.ours ? await startCoppice("training-step", options) : null;
  const inGraphs =
    coppice && (await startCoppice("training-step", { ...options, storage: "f32", usesGraphs: true }));
  try {
    context.against("PyTorch", torch.ready.torch);
    if (!torch.ready.peakForgotten)
      context.say("the kernel keeps PyTorch's peak from reading the model: its peak is from its start");
    const contestants = [
      contestant("torch", torch),
      ...(coppice ? [contestant("coppice", coppice)] : []),
      ...(inGraphs ? [contestant("graphs", inGraphs)] : []),
      ...(machine ? [machine] : []),
    ];
    const samples = await takeTurns(contestants, { rounds: context.rounds });
    const theirs = samples.get("torch")!;
    const ours = samples.get("coppice") ?? null;
    const theirPeak = torch.peakMemoryBytes();
    const ourPeak = coppice?.peakMemoryBytes() ?? null;
    const limits = machine && limitsOf(samples.get(machine.name)!);
    const limit = limits && allowedBy(limits, await workOfFile(model), { storage, keepsActivations });
    const speed = ours && medianOf(ours, "tokensPerSecond");
    context.say(
      `${name}: ${medianOf(theirs, "tokensPerSecond").toFixed(0)} tokens/s, loss ${medianOf(theirs, "loss").toFixed(3)}`,
    );
    return {
      name,
      figures: {
        coppiceTokensPerSecond: speed,
        theirTokensPerSecond: medianOf(theirs, "tokensPerSecond"),
        speedRatio: ours && medianRatio(ours, theirs, "tokensPerSecond"),
        gain: ours && medianRatio(ours, samples.get("graphs")!, "tokensPerSecond"),
        limit,
        share: speed && limit && speed / limit,
        coppicePeakBytes: ourPeak,
        theirPeakBytes: theirPeak,
        memoryRatio: ourPeak && theirPeak && ourPeak / theirPeak,
      },
      note: [torch.ready.settings, limits && limitsSentence(limits)].filter(Boolean).join("; "),
    };
  } finally {
    await Promise.all([torch.close(), coppice?.close(), inGraphs?.close(), machine?.resident.close()]);
  }
}

/** Tokens per second of a step that takes only the time of its products at the machine's limits. */
function allowedBy(
  { f32, int8 }: Limits,
  work: Work,
  { storage, keepsActivations }: Pick<Variant, "storage" | "keepsActivations">,
): number {
  const { frozen, others } = operationsOfStep(work, {
    rows: ROWS,
    tokens: TOKENS,
    recomputes: !keepsActivations,
  });
  return (ROWS * TOKENS) / (frozen / (storage === "w8a8" ? int8 : f32) + others / f32);
}

/** Both sides return the milliseconds of a step, timed inside their process. */
function contestant(name: string, resident: Resident): Contestant {
  return {
    name,
    resident,
    async turn() {
      const answer = await resident.ask<{ ms: number; loss?: number; value?: number }>({ call: "step" });
      return { tokensPerSecond: (ROWS * TOKENS * 1000) / answer.ms, loss: (answer.loss ?? answer.value)! };
    },
  };
}

function makeBatch(vocabulary: number): TrainingStepOptions["batch"] {
  const ids = arbitraryIds(ROWS, TOKENS, vocabulary);
  const labels = ids.map((row) => [...row.slice(1), row[0]!]);
  return { ids, labels, weights: ids.map((row) => row.map(() => 1 / (ROWS * TOKENS))) };
}

function storeBatch({ ids, labels, weights }: TrainingStepOptions["batch"]): string {
  const path = join(BENCH_CACHE, "training-step.safetensors");
  const shape = [ROWS, TOKENS];
  mkdirSync(BENCH_CACHE, { recursive: true });
  writeTensors(
    path,
    new Map([
      ["ids", { shape, data: Int32Array.from(ids.flat()) }],
      ["labels", { shape, data: Int32Array.from(labels.flat()) }],
      ["weights", { shape, data: Float32Array.from(weights.flat()) }],
    ]),
  );
  return path;
}
