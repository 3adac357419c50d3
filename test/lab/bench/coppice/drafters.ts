/** How often cheaper forms of a model choose its next token (α), and what they cost. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promptIds, renderChat, chatTemplateOf } from "../../../../native-models/chat-template.ts";
import { Decoder } from "../../../../native-models/inference/decoder.ts";
import { argmax } from "../../../../native-models/inference/sampler.ts";
import { layoutFor } from "../../../../native-models/inference/write-model.ts";
import type { Kept, Model } from "../../../../native-models/model.ts";
import { openModel } from "../../../../native-models/open-model.ts";
import { Random } from "../../../../native-models/random.ts";
import { mergedModel } from "../../../../native-models/training/merge.ts";
import { root } from "../../../../build/root.ts";
import type { DrafterFigures, OpenDrafters } from "../drafters.ts";
import { median } from "../harness/paired.ts";

const DOCUMENTS = join(root, "test/lab/study/documents");
const WORDS = 200;
const TOKENS = 64;
/** The share of sub-layers that a draft skips, as SWIFT does (arXiv 2410.06916). */
const SKIPPED = [0.25, 0.45];
const TRIALS = 24;

interface Text {
  readonly prompt: readonly number[];
  /** The keys, then the values, of each block of the whole model for the prompt without its last token, as bits of f16. */
  readonly rows: readonly Uint16Array[];
  /** The last token of the prompt, then the answer without its last. */
  readonly read: readonly number[];
  readonly answer: readonly number[];
}

export const open: OpenDrafters = async ({ modelPath, threads, rounds }) => {
  const model = await openModel(modelPath);
  const layout = layoutFor(model.config, "int4");
  const opened = (form: Model, how = layout) => Decoder.openModel(form, how, { threads })!;
  return {
    measure: async () => {
      const [whole, wide] = [opened(model), opened(model, layoutFor(model.config, "int8"))];
      const prompts = await promptsOf(model);
      const texts = await textsOf(whole, prompts);
      const [calibration, rest] = [texts.slice(0, 4), texts.slice(4)];
      const rows: Record<string, DrafterFigures> = {};
      for (const share of SKIPPED) {
        const kept = await bestSkipping(share, async (some) => agreement(some, calibration));
        const form = mergedModel(model, kept, { kind: "none" }, () => undefined);
        const drafter = opened(form);
        rows[`skipping ${Math.round(100 * share)}% of sub-layers`] = {
          alpha: await agreement(kept, rest),
          ...(await costs(drafter, whole, rounds)),
        };
        await drafter.close();
      }
      // Upper halves of 8-bit weights as a drafter for all 8 bits: those of a 4-bit model, which is as exact.
      const wideTexts = await textsOf(wide, prompts.slice(4));
      let [same, all] = [0, 0];
      for (const { prompt, read, answer } of wideTexts) {
        whole.truncate(0);
        await whole.read(prompt.slice(0, -1));
        const chosen = await choices(whole, read);
        same += answer.filter((id, index) => id === chosen[index]).length;
        all += answer.length;
      }
      rows["4 of 8 bits"] = { alpha: same / all, ...(await costs(whole, wide, rounds)) };
      return rows;

      /** How often the model with these sections chooses as the whole does, over the caches that the whole made of the prompts. */
      async function agreement(kept: readonly Kept[], some: readonly Text[]): Promise<number> {
        const drafter = opened(mergedModel(model, kept, { kind: "none" }, () => undefined));
        const isRead = kept.flatMap((section) =>
          Array<boolean>(2).fill(section === "block" || section === "attention"),
        );
        let [right, count] = [0, 0];
        for (const { prompt, rows, read, answer } of some) {
          const own = rows.filter((_, cache) => isRead[cache]).values();
          drafter.fill(prompt.slice(0, -1), prompt.length - 1, (into) => into.set(own.next().value!));
          const chosen = await choices(drafter, read);
          right += answer.filter((id, index) => id === chosen[index]).length;
          count += answer.length;
        }
        await drafter.close();
        return right / count;
      }

      /** Sub-layers to skip: every second one at first, then the best of some random exchanges. */
      async function bestSkipping(
        share: number,
        score: (kept: readonly Kept[]) => Promise<number>,
      ): Promise<readonly Kept[]> {
        const blocks = model.sections.length;
        const inner = Array.from({ length: 2 * (blocks - 2) }, (_, index) => index + 2);
        const random = new Random(1, "sub-layers to skip");
        const order = [...inner.filter((half) => half % 2 === 1), ...inner.filter((half) => half % 2 === 0)];
        let skipped = new Set(order.slice(0, Math.round(share * inner.length)));
        let best = await score(sectionsWithout(blocks, skipped));
        for (let trial = 0; trial < TRIALS; trial++) {
          const other = new Set(skipped);
          for (let change = 0; change < 2; change++) {
            const [out, into] = [[...other], inner.filter((half) => !other.has(half))].map(
              (from) => from[random.integer(from.length)]!,
            );
            other.delete(out!);
            other.add(into!);
          }
          const reached = await score(sectionsWithout(blocks, other));
          if (reached > best) [skipped, best] = [other, reached];
        }
        return sectionsWithout(blocks, skipped);
      }
    },
  };
};

/** Half-blocks are numbered by block, attention before MLP. */
const sectionsWithout = (blocks: number, skipped: ReadonlySet<number>): Kept[] =>
  Array.from({ length: blocks }, (_, block) => {
    const [attention, mlp] = [!skipped.has(2 * block), !skipped.has(2 * block + 1)];
    if (attention && mlp) return "block";
    return attention ? "attention" : mlp ? "mlp" : null;
  });

async function choices(decoder: Decoder, ids: readonly number[]): Promise<number[]> {
  const logits = await decoder.readAll(ids);
  const size = decoder.description.vocabularySize;
  return ids.map((_, index) => argmax(logits.subarray(index * size, (index + 1) * size)));
}

async function promptsOf({ path }: Model): Promise<number[][]> {
  const { tokenizer } = await openModel(path);
  const template = chatTemplateOf(tokenizer);
  return readdirSync(DOCUMENTS).map((name) => {
    const text = readFileSync(join(DOCUMENTS, name), "utf8").split(/\s+/).slice(0, WORDS).join(" ");
    const messages = [{ role: "user" as const, content: `${text}\n\nWhat does this text say?` }];
    return promptIds(tokenizer, renderChat(template, { messages, addGenerationPrompt: true }), true);
  });
}

async function textsOf(decoder: Decoder, prompts: readonly number[][]): Promise<Text[]> {
  const texts: Text[] = [];
  for (const prompt of prompts) {
    decoder.truncate(0);
    await decoder.read(prompt.slice(0, -1));
    const rows = [...decoder.rows()];
    const read = [prompt.at(-1)!];
    const answer: number[] = [];
    for (let count = 0; count < TOKENS; count++) {
      answer.push(argmax(await decoder.read(read.slice(-1))));
      read.push(answer.at(-1)!);
    }
    texts.push({ prompt, rows, read: read.slice(0, -1), answer });
  }
  return texts;
}

/** Milliseconds of reading these numbers of tokens together, after 300, in turns. */
async function timesOf(
  turns: readonly { readonly decoder: Decoder; readonly count: number }[],
  rounds: number,
): Promise<number[]> {
  const ids = (decoder: Decoder, count: number) =>
    Array.from({ length: count }, (_, index) => (index * 7919) % decoder.description.vocabularySize);
  for (const { decoder } of turns) {
    decoder.truncate(0);
    await decoder.read(ids(decoder, 300));
  }
  const times = turns.map((): number[] => []);
  for (let round = 0; round < 10 * rounds; round++)
    for (const [index, { decoder, count }] of turns.entries()) {
      const some = ids(decoder, count);
      const started = performance.now();
      await decoder.readAll(some);
      times[index]!.push(performance.now() - started);
      decoder.truncate(300);
    }
  return times.map(median);
}

/** What a drafter's token and checks of 4 and 8 tokens cost, in single tokens of the model that it drafts for. */
async function costs(
  drafter: Decoder,
  model: Decoder,
  rounds: number,
): Promise<Omit<DrafterFigures, "alpha">> {
  const turns = [{ decoder: drafter, count: 1 }, ...[1, 4, 8].map((count) => ({ decoder: model, count }))];
  const [draft, one, four, eight] = (await timesOf(turns, rounds)) as [number, number, number, number];
  return { cost: draft / one, v4: four / one, v8: eight / one };
}
