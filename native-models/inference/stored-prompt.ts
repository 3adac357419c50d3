/**
 * The prompt that is stored with a chat model: the keys, values and recurrent tensors after its vectors, with which every text
 * begins. They take up places of the context, but no time.
 */
import { join } from "node:path";
import { fail } from "../failure.ts";
import { openSafetensors } from "../formats/safetensors/read.ts";
import type { TensorFile } from "../formats/tensor-file.ts";
import { sizeOfOwn } from "./write-model.ts";
import type { Description } from "./write-model.ts";

export const PROMPT_FILE = "prompt.safetensors";

/** A tensor of a text's state. */
export interface StateTensor {
  readonly name: string;
  /** Whether it has a row per token; otherwise it is recurrent. */
  readonly isCached: boolean;
  readonly shape: readonly number[];
}

/** Tensors of a state by name. */
export type StateValues = ReadonlyMap<string, Float32Array>;

/**
 * The tensors of a text of `tokens` tokens: keys and values [K, tokens, Dh] of attention, in the order of a graph's `rows`, and recurrent
 * ones.
 */
export const stateTensors = ({ states }: Pick<Description, "states">, tokens: number): StateTensor[] =>
  states.flatMap((state): StateTensor[] =>
    state.kind === "attention"
      ? ["k", "v"].map((side) => ({
          name: `${state.block}.${side}`,
          isCached: true,
          shape: [state.kvHeads, tokens, state.headDim],
        }))
      : [{ name: `${state.block}.${state.name}`, isCached: false, shape: state.shape }],
  );

/** The prompt of a folder whose description names one. Throws `not-found`, `corrupt-file`. */
export async function readPrompt(
  folder: string,
  { prompt, ...description }: Description,
): Promise<{ tokens: number; values: StateValues }> {
  const path = join(folder, PROMPT_FILE);
  const { tokens } = prompt!;
  await sizeOfOwn(path);
  const file = openSafetensors(path);
  try {
    const wanted = stateTensors(description, tokens);
    return { tokens, values: new Map(wanted.map((tensor) => [tensor.name, valuesOf(file, tensor)])) };
  } finally {
    file.close();
  }
}

function valuesOf(file: TensorFile, { name, shape }: StateTensor): Float32Array {
  const corrupt = (reason: string) =>
    fail({ code: "corrupt-file", path: file.path, section: "stored prompt", reason });
  const weight = file.tensors.get(name) ?? corrupt(`it has no ${name}`);
  if (weight.storage !== "f32" || weight.shape.join() !== shape.join())
    corrupt(`${name} is ${weight.storage} [${weight.shape.join(", ")}], not f32 [${shape.join(", ")}]`);
  const values = weight.readFloat32();
  return values.every(Number.isFinite) ? values : corrupt(`${name} has values that are not finite`);
}
