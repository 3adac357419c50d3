/** Gives a chat model its stored prompt: vectors become the keys and values that the chat model itself computes for them. */
import { join } from "node:path";
import type { Config } from "../architectures/architecture.ts";
import { fail } from "../failure.ts";
import { remove, writeFileAtomic } from "../formats/atomic.ts";
import { writeSafetensors } from "../formats/safetensors/write.ts";
import { fromFloat32, withFirstRows } from "../formats/views.ts";
import type { Model } from "../model.ts";
import { Decoder } from "./decoder.ts";
import type { DecoderOptions } from "./decoder.ts";
import { PROMPT_FILE, stateTensors } from "./stored-prompt.ts";
import { DESCRIPTION_FILE, readDescription, writeInferenceModel } from "./write-model.ts";

/** Throws `unsuited-model` if a model cannot have a stored prompt. */
export function checkPrompt({ blocks }: Pick<Config, "blocks">): void {
  const states = blocks.flatMap(({ halves }) => [halves.attention.state, halves.mlp.state]);
  if (states.some((state) => state?.kind === "attention" && state.attention.rope?.beyond))
    fail({ code: "unsuited-model", to: "stored-prompt" });
}

/**
 * Writes the stored prompt of `vectors` [P, D], which take the place of embedded tokens, into the folder of `model`'s chat model: from
 * then on, every text there begins with it. Throws `unsuited-model`, the errors of reading the model, and those of writing.
 */
export async function writePrompt(
  folder: string,
  model: Model,
  vectors: Float32Array,
  options: Pick<DecoderOptions, "threads" | "steps">,
): Promise<void> {
  const description = { ...(await readDescription(folder)), prompt: undefined };
  checkPrompt(model.config);
  const tokens = vectors.length / model.config.hiddenSize;
  const spoken = join(folder, "prompt"); // the same model, whose first tokens are the vectors
  try {
    const { precision, headInPlanes, raised } = description;
    await writeInferenceModel(speaking(model, vectors), spoken, { precision, headInPlanes, raised });
    const decoder = await Decoder.open(spoken, options);
    await decoder.read(Array.from({ length: tokens }, (_, id) => id));
    const state = decoder.state();
    await decoder.close();
    const weights = stateTensors(description, tokens).map(({ name, shape }) =>
      fromFloat32(name, shape, state.get(name)!),
    );
    await writeSafetensors(join(folder, PROMPT_FILE), weights);
    await writeFileAtomic(
      join(folder, DESCRIPTION_FILE),
      JSON.stringify({ ...description, prompt: { tokens } }),
    );
  } finally {
    await remove(spoken);
  }
}

/** The model with vectors as its first tokens' embeddings. */
function speaking(model: Model, vectors: Float32Array): Model {
  const { name: embedding, scale } = model.config.ends.embedding;
  const unscaled = vectors.map((value) => value / scale);
  return {
    ...model,
    weight: (name) => {
      const weight = model.weight(name);
      return name === embedding ? withFirstRows(weight, unscaled) : weight;
    },
  };
}
