/** Which halves of blocks the native step (kernels/trainer.h) can run, found by recording what a half does. */
import type { Attention, BlockKind, BlockOps, Half, Norm } from "../architectures/architecture.ts";
import type { Activation } from "../graph/elementwise.ts";

interface Norms {
  readonly before: Norm | null;
  readonly after: Norm | null;
}

/** A half as the native step takes it: names of weights, without ".weight", and sizes. */
export type NativeHalf = Norms & {
  readonly branchScale: number;
  /** q, k, v, o or gate, up, down. */
  readonly projections: readonly string[];
} & (
    | {
        readonly kind: "attention";
        readonly attention: Attention;
        readonly queries: Norm | null;
        readonly keys: Norm | null;
      }
    | { readonly kind: "mlp"; readonly activation: Exclude<Activation, "sigmoid"> }
  );

/** A recorded operation, in the place of its result. */
type Recorded =
  | { readonly op: "input" | "other" }
  | { readonly op: "linear"; readonly x: Recorded; readonly names: readonly string[]; readonly index: number }
  | { readonly op: "norm"; readonly x: Recorded; readonly norm: Norm; readonly heads: number }
  | { readonly op: "scale"; readonly x: Recorded; readonly factor: number }
  | { readonly op: "attention"; readonly inputs: readonly Recorded[]; readonly attention: Attention }
  | { readonly op: "gate"; readonly activation: Activation; readonly inputs: readonly Recorded[] };

const OTHER: Recorded = { op: "other" };

/** `BlockOps` that record. */
const recorder = {
  linear: (x: Recorded, ...names: string[]): Recorded[] =>
    names.map((_, index) => ({ op: "linear", x, names, index })),
  rmsNorm: (x: Recorded, norm: Norm, heads = 1): Recorded => ({ op: "norm", x, norm, heads }),
  attention: (q: Recorded, k: Recorded, v: Recorded, attention: Attention): Recorded => ({
    op: "attention",
    inputs: [q, k, v],
    attention,
  }),
  gatedUnit: (activation: Activation, gate: Recorded, up: Recorded): Recorded => ({
    op: "gate",
    activation,
    inputs: [gate, up],
  }),
  scale: (x: Recorded, factor: number): Recorded => ({ op: "scale", x, factor }),
  causalConvolution: () => OTHER,
  multiply: () => OTHER,
  split: (_: Recorded, widths: readonly number[]) => widths.map(() => OTHER),
  activate: () => OTHER,
  deltaRule: () => OTHER,
} satisfies Readonly<Record<keyof BlockOps, unknown>>;

/** The half as the native step runs it, or null if it does something else. */
export function nativeHalf(kind: BlockKind, half: Half): NativeHalf | null {
  const input: Recorded = { op: "input" };
  const branch = kind.halves[half].branch as unknown as (x: Recorded, ops: typeof recorder) => Recorded;
  let result = branch(input, recorder);
  let branchScale = 1;
  if (result.op === "scale") [branchScale, result] = [result.factor, result.x];
  let after: Norm | null = null;
  if (result.op === "norm" && result.heads === 1) [after, result] = [result.norm, result.x];
  if (result.op !== "linear" || result.names.length > 1) return null;
  const output = result.names[0]!;
  const inside = result.x;
  if (inside.op !== "attention" && inside.op !== "gate") return null;
  const found = inside.op === "attention" ? attentionOf(inside) : gateOf(inside);
  const stream = found && streamOf(found.x, input);
  if (!stream) return null;
  const { before } = stream;
  return { ...found.half, before, after, branchScale, projections: [...found.names, output] };
}

/** The norm before the projections of a stream. */
function streamOf(x: Recorded, input: Recorded): { readonly before: Norm | null } | null {
  if (x === input) return { before: null };
  return x.op === "norm" && x.heads === 1 && x.x === input ? { before: x.norm } : null;
}

/** Results of one `linear`, in order: its input and names. */
function together(results: readonly Recorded[]) {
  const [first] = results;
  if (first?.op !== "linear" || first.names.length !== results.length) return null;
  const { x, names } = first;
  const isOne = results.every(
    (result, index) => result.op === "linear" && result.names === names && result.index === index,
  );
  return isOne ? { x, names } : null;
}

function attentionOf({ inputs, attention }: Extract<Recorded, { op: "attention" }>) {
  const [q, k, v] = inputs as [Recorded, Recorded, Recorded];
  const queries = headNorm(q, attention.heads);
  const keys = headNorm(k, attention.kvHeads);
  const projected = queries && keys && together([queries.x, keys.x, v]);
  if (!projected || attention.cap !== null) return null;
  const half = { kind: "attention", attention, queries: queries.norm, keys: keys.norm } as const;
  return { ...projected, half };
}

/** Projected heads with the norm of each by itself; null if the norm takes them together. */
function headNorm(x: Recorded, heads: number): { readonly x: Recorded; readonly norm: Norm | null } | null {
  if (x.op !== "norm") return { x, norm: null };
  return x.heads === heads ? { x: x.x, norm: x.norm } : null;
}

function gateOf({ inputs, activation }: Extract<Recorded, { op: "gate" }>) {
  const projected = together(inputs);
  if (!projected || activation === "sigmoid") return null;
  return { ...projected, half: { kind: "mlp", activation } as const };
}
