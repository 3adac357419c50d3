import { expect, test } from "vitest";
import type { BlockOps } from "../../../native-models/architectures/architecture.ts";
import { preNormBlock } from "../../../native-models/architectures/pre-norm-block.ts";

/** Operations that write down what they were asked for. */
const written = {
  linear: (x: string, ...names: string[]) => names.map((name) => `${name}(${x})`),
  rmsNorm: (x: string, { name }: { name: string }) => `${name}(${x})`,
  attention: (_q: string, _k: string, _v: string, { scale }: { scale: number }) => `mixed by ${scale}`,
  gatedUnit: () => "gated",
  scale: (x: string, factor: number) => `${factor} · ${x}`,
} as unknown as BlockOps;

const sizes = { hidden_size: 8, intermediate_size: 12, rms_norm_eps: 1e-6 };
const attention = { heads: 2, kvHeads: 1, headDim: 4, window: null, rope: null };
const branchesOf = (factors: { scale?: number; branchScale?: number }) => {
  const block = preNormBlock("full_attention", sizes, {
    ...attention,
    bias: { qkv: false, o: false },
    ...factors,
  });
  return Object.values(block.halves).map((half) => half.branch("x" as never, written) as unknown);
};

test("a family's score and branch factors are part of the block, the branch factor applied last", () => {
  expect(branchesOf({ scale: 0.2, branchScale: 0.3 })).toEqual([
    "0.3 · self_attn.o_proj(mixed by 0.2)",
    "0.3 · mlp.down_proj(gated)",
  ]);
});

test("by default, scores have the head's factor, and branches none", () => {
  expect(branchesOf({})).toEqual(["self_attn.o_proj(mixed by 0.5)", "mlp.down_proj(gated)"]);
});
