import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sample } from "../../../main/services/models/sample.ts";
import { Constraint } from "../../../native-models/constraints/constraint.ts";
import { DraftGate } from "../../../native-models/inference/draft-gate.ts";
import { Lookup } from "../../../native-models/inference/lookup.ts";
import { answerTogether, Together } from "../../../native-models/inference/together.ts";
import type { Question, WholeAnswer } from "../../../native-models/inference/together.ts";
import { Decoder } from "../../../native-models/inference/decoder.ts";
import { embedding } from "../../../native-models/inference/embedding.ts";
import { generate } from "../../../native-models/inference/generate.ts";
import { stepsOf } from "../../../native-models/inference/steps.ts";
import { writeInferenceModel } from "../../../native-models/inference/write-model.ts";
import { nativeFile } from "../../../native-models/runtime/native-file.ts";
import { openModel } from "../../../native-models/open-model.ts";
import type { Tokenizer } from "../../../native-models/tokenizer.ts";

let folder: string;
let tokenizer: Tokenizer;
const decoders: Record<string, Decoder> = {};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "coppice-together-"));
  const model = await openModel(sample.model);
  ({ tokenizer } = model);
  await writeInferenceModel(model, folder, { precision: "int8" });
  decoders["native"] = await Decoder.open(folder, { threads: 2, steps: (layout) => stepsOf(model, layout) });
  decoders["graph"] = await Decoder.open(folder, { threads: 1 });
  model.close();
});
afterAll(async () => {
  for (const decoder of Object.values(decoders)) await decoder.close();
  await rm(folder, { recursive: true });
});

const options = { temperature: 0, topK: 0, topP: 1, repetitionPenalty: 1, seed: 0, maxTokens: 30, stop: [] };
const schema = {
  type: "object",
  properties: { clause: { type: "string", maxLength: 30 }, kind: { enum: ["fact", "rule"] } },
  required: ["clause", "kind"],
};
const OPENING =
  "The following is a part of a lease. The tenant shall pay the rent on the first day of each month. ";

/** Questions of all kinds: sampled and greedy, free and constrained, short and long, with and without the same beginning. */
function questions(): Question[] {
  const endIds = tokenizer.eosIds;
  const constraint = new Constraint({ kind: "json-schema", schema }, tokenizer, endIds);
  return Array.from({ length: 11 }, (_, index) => ({
    prompt: tokenizer.encode(index % 3 === 0 ? `${OPENING}Clause ${index}:` : `The deposit ${index}`, {
      addBos: true,
    }),
    options: {
      ...options,
      endIds,
      seed: index,
      temperature: index % 2,
      repetitionPenalty: index % 4 === 0 ? 1.2 : 1,
      maxTokens: 5 + 7 * (index % 5),
      constraint: index % 3 === 1 ? constraint : undefined,
    },
  }));
}

async function alone({ prompt, options }: Question, decoder: Decoder): Promise<WholeAnswer> {
  let text = "";
  const { reason, tokens } = await generate(decoder, tokenizer, prompt, options, (piece) => (text += piece));
  return { text, reason: reason as WholeAnswer["reason"], tokens };
}

async function together(all: readonly Question[], rows: number, decoder: Decoder) {
  const answers: WholeAnswer[] = [];
  const onAnswer = (question: number, answer: WholeAnswer) => void (answers[question] = answer);
  await answerTogether(decoder, tokenizer, all, { rows, cancelled: () => false, onAnswer });
  return answers;
}

describe.each(["native", "graph"])("with the %s decoder", (kind) => {
  test.each([1, 2, 5, 64])("answers in %i rows are those of each question alone", async (rows) => {
    const decoder = decoders[kind]!;
    expect(decoder.isNative).toBe(kind === "native");
    const expected: WholeAnswer[] = [];
    decoder.truncate(0);
    for (const question of questions()) {
      // A graph's bits depend on the piece that a token is read in: it goes on from the question before, as the only row does.
      if (decoder.isNative) decoder.truncate(0);
      expected.push(await alone(question, decoder));
    }
    decoder.truncate(0);
    expect(await together(questions(), rows, decoder)).toEqual(expected);
    expect(new Set(expected.map(({ reason }) => reason)).size).toBeGreaterThan(1);
  });
});

test.runIf(nativeFile() !== null)("vectors of texts leave what a conversation has read", async () => {
  const room = { rows: 2, tokens: 1000 };
  const texts = new Together(decoders["native"]!, tokenizer, {
    room,
    yieldToEventLoop: () => Promise.resolve(),
  });
  const [conversation, ...others] = [OPENING, "Who pays?", "What is a deposit?", OPENING.slice(0, 40)].map(
    (text) => tokenizer.encode(text, { addBos: true }),
  ) as [number[], ...number[][]];
  const open = <Result>(prompt: number[], use: (own: Decoder) => Promise<Result>) =>
    texts.alone({ prompt, tokens: prompt.length, cancelled: () => false }, use);
  await open(conversation, (own) => own.read(conversation));
  for (const ids of others) await open(ids, (own) => embedding(own, ids, () => Promise.resolve(false)));
  const known = await open([...conversation, 1], (own) => Promise.resolve(own.ids.length));
  expect(known).toBe(conversation.length);
});

test("the beginning that prompts share is read once", async () => {
  const decoder = decoders["native"]!;
  decoder.truncate(0);
  const shared = tokenizer.encode(OPENING.repeat(2), { addBos: true });
  const all = Array.from({ length: 4 }, (_, index) => ({
    prompt: [...shared, ...tokenizer.encode(`Clause ${index}`)],
    options: { ...options, maxTokens: 2, endIds: [] },
  }));
  const read: number[] = [];
  const original = Decoder.readTogether.bind(Decoder);
  Decoder.readTogether = (texts) => {
    for (const { ids } of texts) read.push(ids.length);
    return original(texts);
  };
  try {
    await together(all, 4, decoder);
  } finally {
    Decoder.readTogether = original;
  }
  const total = read.reduce((sum, length) => sum + length, 0);
  expect(total).toBeLessThan(shared.length + 4 * 12);
  expect(total).toBeGreaterThan(shared.length);
});

describe("an answer that repeats what it has read", () => {
  const eager = new DraftGate();
  eager.lengthOf = ({ ids }) => ids.length;

  /** An answer alone, with the ids of each pass; drafts of the sample are seldom right, so all are checked, whatever it costs. */
  async function drafted({ prompt, options }: Question, gate: DraftGate, learnt: Lookup | null = null) {
    const decoder = decoders["native"]!;
    const room = { rows: 1, tokens: Infinity };
    const together = new Together(decoder, tokenizer, {
      room,
      yieldToEventLoop: async () => {},
      gate,
      learnt,
    });
    const passes: number[] = [];
    const original = Decoder.readTogether.bind(Decoder);
    Decoder.readTogether = (texts) => {
      passes.push(texts[0]!.ids.length);
      return original(texts);
    };
    try {
      let text = "";
      const onText = (piece: string) => void (text += piece);
      const { reason, tokens } = await together.answer(
        { prompt, options },
        { onText, cancelled: () => false },
      );
      return { answer: { text, reason, tokens }, passes };
    } finally {
      Decoder.readTogether = original;
    }
  }

  test("takes fewer passes, and is the same: greedy, sampled, with a schema, a penalty, a stop and a limit", async () => {
    const prompt = tokenizer.encode(`${OPENING.repeat(3)}The following is a part`, { addBos: true });
    const endIds = tokenizer.eosIds;
    const constraint = new Constraint({ kind: "json-schema", schema }, tokenizer, endIds);
    const ways: Partial<Question["options"]>[] = [
      {},
      { maxTokens: 3 },
      { stop: ["month"] },
      { repetitionPenalty: 1.1 },
      { constraint },
      ...Array.from({ length: 6 }, (_, seed) => ({ temperature: 0.2 + 0.2 * seed, seed })),
    ];
    let [saved, tried] = [0, 0];
    for (const way of ways) {
      const question = { prompt, options: { ...options, maxTokens: 60, endIds, ...way } };
      const { answer, passes } = await drafted(question, eager);
      decoders["native"]!.truncate(0);
      expect(answer).toEqual(await alone(question, decoders["native"]!));
      saved += answer.tokens - (passes.length - 1);
      tried += passes.slice(1).filter((count) => count > 1).length;
    }
    expect(tried).toBeGreaterThan(10);
    expect(saved).toBeGreaterThan(5);
  });

  test("or what the model was trained on takes fewer passes, and is the same", async () => {
    const prompt = tokenizer.encode("The deposit", { addBos: true });
    const question = { prompt, options: { ...options, maxTokens: 60, endIds: tokenizer.eosIds } };
    const learnt = new Lookup("learnt");
    const plain = await drafted(question, new DraftGate(), learnt);
    learnt.add(tokenizer.encode(`The deposit${plain.answer.text}`));
    const { answer, passes } = await drafted(question, eager, learnt);
    expect(answer).toEqual(plain.answer);
    expect(passes.length).toBeLessThan(plain.passes.length / 2);
  });
});

test("a prompt that is too long is refused before anything is read, and a cancelled job ends", async () => {
  const decoder = decoders["native"]!;
  const long = { prompt: Array.from({ length: 100_000 }, () => 1), options: { ...options, endIds: [] } };
  await expect(together([long], 2, decoder)).rejects.toThrow("context-full");
  let passes = 0;
  const cancelled = () => passes++ > 3;
  const asked = answerTogether(decoder, tokenizer, questions(), { rows: 3, cancelled, onAnswer: () => {} });
  await expect(asked).rejects.toThrow("cancelled");
});
