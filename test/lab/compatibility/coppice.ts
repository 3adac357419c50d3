/** What Coppice itself does with a model: a training step, a chat model's answer, and a cut that every program can express. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { PROGRAMS } from "../../../native-models/architectures/architecture.ts";
import { ONNX_FOLDER, ONNX_GRAPH } from "../../../native-models/exporting/onnx-model.ts";
import { OnnxReader } from "../../../native-models/exporting/onnx-reader.ts";
import { Decoder } from "../../../native-models/inference/decoder.ts";
import { writeInferenceModel } from "../../../native-models/inference/write-model.ts";
import type { Kept, Model } from "../../../native-models/model.ts";
import { canBecome, expressibleTogether } from "../../../native-models/portable.ts";
import { Batcher } from "../../../native-models/training/batch.ts";
import { mergedModel } from "../../../native-models/training/merge.ts";
import { gradientNorm } from "../../../native-models/training/parameters.ts";
import { Stack } from "../../../native-models/training/stack.ts";
import { CONTINUED, softmax, topOf } from "./program.ts";
import type { Answer } from "./program.ts";

/** A model with two thirds of its blocks. */
export function cutByAThird(model: Model): Model {
  const length = Math.max(1, Math.floor((2 * model.sections.length) / 3));
  return mergedModel(model, keptBlocks(model, length), { kind: "none" }, () => undefined);
}

/** Drops blocks one at a time, from the middle, as long as the programs can express what is left. */
function keptBlocks(model: Model, length: number): Kept[] {
  const kept: Kept[] = [...model.sections];
  const programs = expressibleTogether(model, length, PROGRAMS);
  const count = () => kept.filter((section) => section !== null).length;
  const middle = Math.floor(kept.length / 2);
  const order = kept.map((_, block) => block).sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
  while (count() > length) {
    const block = order.find((candidate) => {
      if (kept[candidate] === null) return false;
      const left = kept.map((section, index) => (index === candidate ? null : section));
      return canBecome(model, left, length, programs);
    });
    if (block === undefined)
      throw new Error(
        `${model.path}: no cut to ${length} blocks that these programs can express: ${programs.join(", ")}`,
      );
    kept[block] = null;
  }
  return kept;
}

/** What a chat model in fp32 computes after a text. It is written to `place` for as long as it is used. */
export async function chatted(model: Model, place: string, ids: readonly number[]): Promise<Answer> {
  return withChat(model, place, async (decoder) => {
    const values = (await decoder.read(ids)).slice();
    return answerOf(values, await greedy(decoder, values, CONTINUED));
  });
}

/** What an exported ONNX graph computes after a text, run here. */
export async function readByGraph(folder: string, ids: readonly number[]): Promise<Answer> {
  const reader = await OnnxReader.open(join(folder, ONNX_FOLDER, ONNX_GRAPH), { threads: 2 });
  const values = (await reader.read(ids)).slice();
  const chosen = await greedy(reader, values, CONTINUED);
  await reader.close();
  return answerOf(values, chosen);
}

const answerOf = (values: Float32Array, chosen: readonly Chosen[]): Answer => ({
  values,
  kind: "logits",
  ids: chosen.map(({ id }) => id),
  leads: chosen.map(({ lead }) => lead),
});

/** Uses a chat model in fp32 that is written to `place` and removed afterwards. */
export async function withChat<T>(
  model: Model,
  place: string,
  use: (decoder: Decoder) => Promise<T>,
): Promise<T> {
  await writeInferenceModel(model, place, { precision: "fp32" });
  const decoder = await Decoder.open(place, { threads: 2 });
  try {
    return await use(decoder);
  } finally {
    await decoder.close();
    rmSync(place, { recursive: true });
  }
}

/** A greedy token, and by how much its probability exceeds the next one's. */
export interface Chosen {
  readonly id: number;
  readonly lead: number;
}

/** The likeliest tokens, one after another, after a text with these logits, up to an end token. */
export async function greedy(
  decoder: Pick<Decoder, "read">,
  logits: Float32Array,
  tokens: number,
  ends: readonly number[] = [],
): Promise<Chosen[]> {
  const chosen: Chosen[] = [];
  for (let next = logits; chosen.length < tokens; next = await decoder.read([chosen.at(-1)!.id])) {
    const id = topOf(next);
    if (ends.includes(id)) break;
    chosen.push({ id, lead: leadOf(softmax(next), id) });
  }
  return chosen;
}

function leadOf(probabilities: Float32Array, top: number): number {
  const second = probabilities.reduce((most, value, id) => (id === top ? most : Math.max(most, value)), 0);
  return probabilities[top]! - second;
}

/** Whether a training step of adapters has gradients. */
export async function trainedStep(model: Model, ids: readonly number[]): Promise<boolean> {
  const targets = ["q", "v", "in", "down"] as const;
  const stack = Stack.open(model, {
    threads: 2,
    trainable: { kind: "lora", rank: 2, alpha: 4, targets: [...targets] },
  });
  stack.clearGradients();
  await stack.accumulate(new Batcher().batch([{ ids: ids.slice(0, 32), promptLength: 1 }]), 1);
  const norm = gradientNorm(stack.parameters);
  await stack.close();
  return Number.isFinite(norm) && norm > 0;
}
