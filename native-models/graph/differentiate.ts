/** Reverse-mode differentiation: derives the backward graph from the record of the forward graph. */
import { add } from "./elementwise.ts";
import type { Gradient, Graph, Tensor } from "./graph.ts";

/**
 * Adds the nodes that compute the gradients of Σ ⟨output, seed⟩ to the graph.
 * @param seeds the gradient that arrives at each output, in the output's shape
 * @param wrt the tensors whose gradients are wanted
 * @returns the gradient of each tensor in `wrt`, in its shape; a tensor that no output depends on has none
 */
export function differentiate(
  graph: Graph,
  seeds: ReadonlyMap<Tensor, Tensor>,
  wrt: readonly Tensor[],
): Map<Tensor, Tensor> {
  const forward = [...graph.operations];
  const active = new Set<Tensor>(wrt); // tensors that a wanted gradient flows through
  for (const { inputs, output } of forward) if (inputs.some((input) => active.has(input))) active.add(output);

  const gradients = new Map<Tensor, Tensor>();
  const accumulate = (tensor: Tensor, gradient: Gradient) => {
    const sum = gradients.get(tensor);
    if (typeof gradient === "function") gradients.set(tensor, gradient(sum));
    else gradients.set(tensor, sum ? add(sum, gradient) : gradient);
  };
  for (const [output, seed] of seeds) if (active.has(output)) accumulate(output, seed);

  for (const { inputs, output, vjp } of forward.reverse()) {
    const gradient = gradients.get(output);
    if (!gradient || !active.has(output)) continue;
    const wanted = inputs.map((input) => active.has(input));
    vjp(gradient, wanted).forEach((flow, i) => {
      if (flow && wanted[i]) accumulate(inputs[i]!, flow);
    });
  }
  return new Map(wrt.flatMap((tensor) => (gradients.has(tensor) ? [[tensor, gradients.get(tensor)!]] : [])));
}
