/** The range in which a CPU's int8 products are exact. */
import { Graph } from "../graph/graph.ts";
import { unsignedZero } from "../graph/int8.ts";
import type { Largest } from "../graph/int8.ts";
import { LARGEST_INT8 } from "../int8-matrices.ts";
import { openSession, tensor } from "./session.ts";

const SIZES = { inputs: 64, outputs: 16, tokens: 32 };

/**
 * The largest magnitude of the left operand for which int8 products are exact here: 127 if the CPU has int8 instructions; 63 if
 * onnxruntime adds pairs of products in int16 (x64 with AVX2 only), which saturates for larger values. Null if neither is
 * exact.
 */
export async function largestFactor(): Promise<Largest | null> {
  for (const largest of [127, 63] as const) if (await multipliesExactly(largest)) return largest;
  return null;
}

async function multipliesExactly(largest: Largest): Promise<boolean> {
  const { inputs, outputs, tokens } = SIZES;
  const graph = new Graph("cpu");
  const x = graph.input("x", "uint8", [tokens, inputs]);
  const weights = new Uint8Array(inputs * outputs).fill(LARGEST_INT8);
  const w = graph.initializer("w", "int8", [inputs, outputs], weights);
  const [one, zero] = [graph.scalar(1), graph.byte(unsignedZero(largest))];
  const product = graph.node("com.microsoft:MatMulIntegerToFloat", [x, w, one, one, zero], {
    type: "float32",
    shape: [tokens, outputs],
  });
  graph.output("y", product);
  const session = await openSession(graph.encode("int8"), { threads: 1 });
  try {
    const all = new Uint8Array(tokens * inputs).fill(unsignedZero(largest) + largest);
    const { y } = await session.run({ x: tensor("uint8", all, [tokens, inputs]) });
    return (y!.data as Float32Array).every((value) => value === inputs * LARGEST_INT8 * largest);
  } finally {
    await session.release();
  }
}
