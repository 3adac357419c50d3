/** Runs jobs on models with random weights, to measure their memory. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openChat, preparePrompts } from "../../../../main/trimming/chat/chat-model.ts";
import { writeInferenceModel } from "../../../../native-models/inference/write-model.ts";
import { Batcher, PASS_TOKENS } from "../../../../native-models/training/batch.ts";
import type { Batch } from "../../../../native-models/training/batch.ts";
import { Stack } from "../../../../native-models/training/stack.ts";
import { arbitraryIds } from "../harness/models.ts";
import { CONVERSATION, LABELS, RANK } from "../memory.ts";
import type { MemoryOptions, OpenMemory } from "../memory.ts";
import { randomModel } from "./random-model.ts";
import { openRandomStack, update } from "./random-stack.ts";

export const open: OpenMemory = async (options) => ({
  use: async () => {
    if (options.job === "chat") await chat(options);
    if (options.job === "measure") await measure(options);
    if (options.job === "train") await train(options);
    return null;
  },
});

type Options<Job extends MemoryOptions["job"]> = Extract<MemoryOptions, { job: Job }>;

async function train({ sizes, base, rows, tokens, threads }: Options<"train">): Promise<void> {
  const stack = openRandomStack({ sizes, ...base, rank: RANK, threads });
  await stack.nll(pass(stack, tokens));
  const step = batchOf(stack, rows, tokens);
  for (let i = 0; i < 2; i++) {
    stack.clearGradients();
    await stack.accumulate(step, 1 / step.labels.length);
    update(stack);
  }
  await stack.nll(pass(stack, tokens));
  const without = stack.kept.map((_, block) => stack.kept.map((kept, i) => (i === block ? null : kept)));
  await stack.scan(pass(stack, tokens), without.slice(-2), () => {});
  await stack.close();
}

async function measure({ sizes, base, tokens, threads }: Options<"measure">): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "coppice-memory-"));
  const stack = Stack.open(randomModel("random", sizes), {
    threads,
    trainable: { kind: "none" },
    storage: base.storage,
    ...(base.streamed && { streamedFrom: join(folder, "base.bin") }),
  });
  for (let i = 0; i < 2; i++) await stack.nll(pass(stack, tokens));
  await stack.close();
  rmSync(folder, { recursive: true });
}

async function chat({ sizes, threads }: Options<"chat">): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "coppice-memory-"));
  const model = randomModel("random", sizes);
  const { vocabularySize } = await writeInferenceModel(model, folder);
  const decoder = await openChat(model, folder, threads);
  await preparePrompts(model, decoder);
  await decoder.read(arbitraryIds(1, CONVERSATION, vocabularySize)[0]!);
  await decoder.close();
  rmSync(folder, { recursive: true });
}

/** The rows that a model scores at a time. */
const pass = (stack: Stack, tokens: number) => batchOf(stack, PASS_TOKENS / tokens, tokens);

function batchOf({ model: { config } }: Stack, rows: number, tokens: number): Batch {
  const ids = arbitraryIds(rows, tokens + 1, config.vocabularySize);
  return new Batcher().batch(ids.map((row) => ({ ids: row, promptLength: tokens + 1 - LABELS })));
}
