/** Which loops of the native step (kernels/trainer.h) are the fastest on this processor. */
import { BACKWARD, FORWARD } from "../graph/linear.ts";
import type { GraphStorage } from "../graph/linear.ts";
import { tensor } from "../runtime/session.ts";
import { Batcher } from "./batch.ts";
import { NativeTrainer } from "./native-trainer.ts";
import type { TrainingLoops } from "./native-trainer.ts";
import type { Feeds } from "./sessions.ts";

/** Loops with the same numbers give the same bits; those preferred first. */
export const LOOP_NUMBERS = ["vectors of 16", "vectors of 8"] as const;
type LoopNumbers = (typeof LOOP_NUMBERS)[number];

/** The storages of frozen weights that are multiplied natively. */
const NATIVE_STORAGES = ["f32", "w8a8"] as const;
export type NativeStorage = (typeof NATIVE_STORAGES)[number];

export const isNativeStorage = (storage: GraphStorage): storage is NativeStorage =>
  NATIVE_STORAGES.some((native) => native === storage);

interface FastLoops {
  readonly loops: TrainingLoops;
  readonly numbers: LoopNumbers;
  readonly storages: readonly NativeStorage[];
}

const FAST_LOOPS: readonly FastLoops[] = [
  { loops: "amx", numbers: "vectors of 16", storages: ["w8a8"] },
  { loops: "avx512", numbers: "vectors of 16", storages: NATIVE_STORAGES },
  { loops: "avxvnni", numbers: "vectors of 8", storages: NATIVE_STORAGES },
  { loops: "avx2", numbers: "vectors of 8", storages: ["f32"] },
];

/** The loops for a storage that this processor and system run; null if there are none, and graphs are faster. */
export function bestLoops(storage: NativeStorage): FastLoops | null {
  const found = LOOP_NUMBERS.map((numbers) => fastestOf(storage, numbers));
  return found.find((loops) => loops !== null) ?? null;
}

/** The fastest of those with these numbers. */
export const loopsFor = (storage: NativeStorage, numbers: LoopNumbers): TrainingLoops | null =>
  fastestOf(storage, numbers)?.loops ?? null;

/**
 * By a short measurement, since a processor may announce instructions that are no faster than others; only among loops with the same
 * numbers, so that chance does not decide a run's bits.
 */
function fastestOf(storage: NativeStorage, numbers: LoopNumbers): FastLoops | null {
  const timed = FAST_LOOPS.filter((kind) => kind.numbers === numbers && kind.storages.includes(storage)).map(
    (kind) => ({ kind, time: timeOf(kind.loops, storage) }),
  );
  const best = Math.min(...timed.map(({ time }) => time));
  return timed.find(({ time }) => time === best && time < Infinity)?.kind ?? null;
}

const times = new Map<string, number>();

function timeOf(loops: TrainingLoops, storage: NativeStorage): number {
  const key = `${loops} ${storage}`;
  const time = times.get(key) ?? measure(loops, storage);
  times.set(key, time);
  return time;
}

const [TOKENS, WIDTH, INSIDE, ROUNDS] = [128, 512, 1536, 4];

/** Milliseconds of a pass forward through a small MLP; Infinity if the loops do not run here. */
function measure(loops: TrainingLoops, storage: NativeStorage): number {
  const trainer = NativeTrainer.open(1, loops);
  if (!trainer) return Infinity;
  const weights: Feeds = {
    ...zeros("gate", INSIDE, WIDTH, storage),
    ...zeros("up", INSIDE, WIDTH, storage),
    ...zeros("down", WIDTH, INSIDE, storage),
  };
  const norms = { before: null, after: null, branchScale: 1 };
  const half = { kind: "mlp", activation: "silu", projections: ["gate", "up", "down"], ...norms } as const;
  trainer.add("mlp", { half, state: null, width: WIDTH, trainable: { kind: "none" }, weights });
  const ids = Array.from({ length: TOKENS + 1 }, () => 0); // the last token is only predicted
  const batch = new Batcher().batch([{ ids, promptLength: 1 }]);
  const [x, y] = [new Float32Array(TOKENS * WIDTH), new Float32Array(TOKENS * WIDTH)];
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    trainer.forward({ name: "mlp", parameters: undefined, slot: 0 }, batch, x, y);
    best = Math.min(best, performance.now() - start);
  }
  trainer.close();
  return best;
}

/** A matrix [outputs, inputs] of zeros. */
function zeros(name: string, outputs: number, inputs: number, storage: NativeStorage): Feeds {
  const size = outputs * inputs;
  const weight = `${name}.weight`;
  if (storage === "f32") return { [weight]: tensor("float32", new Float32Array(size), [outputs, inputs]) };
  return {
    [weight + FORWARD]: tensor("int8", new Int8Array(size), [inputs, outputs]),
    [`${weight}${FORWARD}.scales`]: tensor("float32", new Float32Array(outputs), [outputs]),
    [weight + BACKWARD]: tensor("int8", new Int8Array(size), [outputs, inputs]),
    [`${weight}${BACKWARD}.scales`]: tensor("float32", new Float32Array(inputs), [inputs]),
  };
}
