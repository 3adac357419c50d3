import { expect, test } from "vitest";
import type { BlockOps, Norm } from "../../../native-models/architectures/architecture.ts";
import { selfAttention } from "../../../native-models/architectures/attention.ts";

const norm = (name: string): Norm => ({ name, epsilon: 1e-6, plusOne: false });

/** What norms of queries and keys are wide, and how many heads of a row they take separately. */
function normsOf(normAcrossHeads?: boolean) {
  const half = selfAttention({
    hiddenSize: 32,
    heads: 4,
    kvHeads: 2,
    headDim: 12,
    window: null,
    rope: null,
    scale: 1,
    cap: null,
    bias: { qkv: false, o: false },
    queryNorm: norm("q_norm"),
    keyNorm: norm("k_norm"),
    ...(normAcrossHeads === undefined ? {} : { normAcrossHeads }),
  });
  const heads: Record<string, number | undefined> = {};
  const ops = {
    linear: (_x: unknown, ...names: string[]) => names,
    rmsNorm: (x: unknown, { name }: Norm, count?: number) => ((heads[name] = count), x),
    attention: (q: unknown) => q,
  } as unknown as BlockOps;
  half.branch({} as never, ops);
  const widths = half.weights.filter(({ name }) => /_norm/.test(name)).map(({ shape }) => shape[0]);
  return { widths, heads };
}

test("norms of queries and keys normalise each head separately", () => {
  expect(normsOf()).toEqual({ widths: [12, 12], heads: { q_norm: 4, k_norm: 2 } });
});

test("or all heads together, if the family says so", () => {
  expect(normsOf(true)).toEqual({ widths: [48, 24], heads: { q_norm: 1, k_norm: 1 } });
});
