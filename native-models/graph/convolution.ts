/** Short depthwise causal convolutions: each channel's weighted sum of a token's and the preceding tokens' values. */
import { expectShape, known } from "./graph.ts";
import type { Tensor } from "./graph.ts";

/**
 * y[t] = Σ w[:, 0, W − 1 − lag] ⊙ x[t − lag] over lags 0 to W − 1; rows are padded with zeros on the left. Rows have at least W − 1 places.
 * x [B, T, C], w [C, 1, W] → [B, T, C]
 */
export function causalConvolution(x: Tensor, w: Tensor): Tensor {
  const { graph } = x;
  const channels = known(x, 2);
  const width = known(w, 2);
  expectShape("causalConvolution", w, [channels, 1, width]);
  const taps = tapsOf(w);
  const later = (tensor: Tensor, lag: number) =>
    lag === 0 ? tensor : graph.node("Pad", [tensor, graph.integers(0, lag, 0, 0, -lag, 0)], x);
  const weighted = (tensor: Tensor, tap: Tensor) => graph.node("Mul", [tensor, tap], x);
  const sum = (terms: readonly Tensor[]) => terms.reduce((a, b) => graph.node("Add", [a, b], x));
  const output = sum(taps.map((tap, lag) => weighted(later(x, lag), tap)));
  return graph.record([x, w], output, (gradient, [wantX, wantW]) => {
    const towardsW = () => {
      const column = { shape: [channels, 1, 1] };
      const columns = taps.map((_, lag) => {
        const products = weighted(later(x, lag), gradient);
        const total = graph.node(
          "ReduceSum",
          [products, graph.integers(0, 1)],
          { shape: [channels] },
          { keepdims: 0 },
        );
        return graph.node("Reshape", [total, graph.integers(channels, 1, 1)], column);
      });
      return graph.node("Concat", columns.reverse(), w, { axis: 2 });
    };
    return [
      wantX ? sum(taps.map((tap, lag) => weighted(later(gradient, -lag), tap))) : undefined,
      wantW ? towardsW() : undefined,
    ];
  });
}

/**
 * The same for one text, continued from its last W − 1 inputs `past`: x [N, C], past [W − 1, C] → the output [N, C], and the last W − 1
 * inputs up to the end of x, [W − 1, C]. Not recorded.
 */
export function continuedConvolution(x: Tensor, w: Tensor, past: Tensor): { output: Tensor; inputs: Tensor } {
  const { graph } = x;
  const width = known(w, 2);
  expectShape("continuedConvolution", past, [width - 1, known(x, 1)]);
  const all = graph.node("Concat", [past, x], { shape: [`${width - 1}+N`, known(x, 1)] }, { axis: 0 });
  const rows = (first: number, end: number, like: Tensor) =>
    graph.node("Slice", [all, graph.integers(first), graph.integers(end), graph.integers(0)], like);
  const terms = tapsOf(w).map((tap, lag) =>
    graph.node("Mul", [rows(width - 1 - lag, lag === 0 ? END : -lag, x), tap], x),
  );
  return {
    output: terms.reduce((a, b) => graph.node("Add", [a, b], x)),
    inputs: rows(1 - width, END, past),
  };
}

/** The end of a slice that extends to the end of its axis. */
const END = 2 ** 31 - 1;

/** The weights of each lag, from lag 0. w [C, 1, W] → [C] each */
function tapsOf(w: Tensor): Tensor[] {
  const { graph } = w;
  const [channels, , width] = w.shape as [number, 1, number];
  const columns = Array.from({ length: width }, () => ({ shape: [channels, 1, 1] }));
  return graph
    .nodes("Split", [w], columns, { axis: 2, num_outputs: width })
    .map((column) => graph.node("Reshape", [column, graph.integers(channels)], { shape: [channels] }))
    .reverse();
}
