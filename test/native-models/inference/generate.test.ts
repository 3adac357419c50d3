import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sample } from "../../../main/services/models/sample.ts";
import { Decoder } from "../../../native-models/inference/decoder.ts";
import { generate, readAhead } from "../../../native-models/inference/generate.ts";
import type { GenerateOptions } from "../../../native-models/inference/generate.ts";
import { writeInferenceModel } from "../../../native-models/inference/write-model.ts";
import { openModel } from "../../../native-models/open-model.ts";
import type { TokenText } from "../../../native-models/tokenizer.ts";
import { goldenModel } from "../architectures/golden-model.ts";
import { longContext, readGolden } from "../architectures/golden-weights.ts";
import type { Golden } from "../architectures/golden-weights.ts";

const close: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(close.map((one) => one())));

/** A decoder of a fixture; it is closed after all tests. */
async function open(golden: Golden): Promise<Decoder> {
  const folder = await mkdtemp(join(tmpdir(), "coppice-generate-"));
  await writeInferenceModel(goldenModel(golden), folder, { precision: "fp32" });
  const opened = await Decoder.open(folder, { threads: 1 });
  close.push(async () => {
    await opened.close();
    await rm(folder, { recursive: true });
  });
  return opened;
}

let decoder: Decoder;
beforeAll(async () => (decoder = await open(readGolden("llama-gqa"))));

const PROMPT = [15, 48, 66, 72];
const greedy: GenerateOptions = {
  temperature: 0,
  topK: 0,
  topP: 1,
  repetitionPenalty: 1,
  seed: 0,
  maxTokens: 24,
  stop: [],
  endIds: [],
};

/** Two letters for each token, so that texts are easily cut inside one. */
const letters: TokenText = {
  tokenBytes: (id) => Buffer.from(String.fromCharCode(65 + (id % 26), 97 + Math.floor(id / 26))),
  isSpecial: () => false,
  leadingSpaces: 0,
};

async function answer(options: Partial<GenerateOptions> = {}, tokens: TokenText = letters, prompt = PROMPT) {
  const pieces: string[] = [];
  const generation = await generate(decoder, tokens, prompt, { ...greedy, ...options }, (text) =>
    pieces.push(text),
  );
  return { text: pieces.join(""), pieces, ...generation };
}

/** The ids of greedy decoding, from the logits of the whole text. */
async function greedyIds(count: number): Promise<number[]> {
  const ids = [...PROMPT];
  for (let i = 0; i < count; i++) {
    decoder.truncate(0);
    const logits = await decoder.read(ids);
    ids.push(logits.indexOf(Math.max(...logits)));
  }
  return ids.slice(PROMPT.length);
}

const textOf = (ids: readonly number[]) =>
  ids.map((id) => Buffer.from(letters.tokenBytes(id)).toString()).join("");

describe("generation", () => {
  test("equals decoding from the start for every token", async () => {
    const { text, reason, tokens, promptTokens } = await answer();
    expect(text).toBe(textOf(await greedyIds(24)));
    expect([reason, tokens, promptTokens]).toEqual(["length", 24, 4]);
  });

  test("continues from what the decoder has read, and rereads from where the prompt differs", async () => {
    const first = await answer();
    const longer = [...PROMPT, 3, 4];
    const after = await answer({}, letters, longer);
    decoder.truncate(0);
    expect((await answer({}, letters, longer)).text).toBe(after.text);
    expect((await answer()).text).toBe(first.text);
  });

  test("ends before a stop text, wherever the token boundaries are", async () => {
    const whole = (await answer()).text;
    for (let start = 0; start < 12; start++) {
      for (const length of [1, 2, 3, 5]) {
        const stop = whole.slice(start, start + length);
        const { text, reason, pieces } = await answer({ stop: ["never there", stop] });
        expect(reason).toBe("stop");
        expect(text).toBe(whole.slice(0, whole.indexOf(stop)));
        expect(pieces.every((piece) => piece.length > 0)).toBe(true);
      }
    }
  });

  test("finally gives what it held back for a stop text that did not come", async () => {
    const whole = (await answer()).text;
    const { text, reason } = await answer({ stop: [`${whole.slice(-3)}!`] });
    expect([text, reason]).toEqual([whole, "length"]);
  });

  test("ends at an end token, which is not part of the text", async () => {
    const ids = await greedyIds(24);
    const end = ids[5]!;
    const { text, reason, tokens } = await answer({ endIds: [end] });
    expect([text, reason, tokens]).toEqual([textOf(ids.slice(0, ids.indexOf(end))), "end", ids.indexOf(end)]);
  });

  test("never gives half of a character", async () => {
    const bytes = Buffer.from("🌳é林a");
    const scattered: TokenText = {
      ...letters,
      tokenBytes: (id) => bytes.subarray(id % bytes.length, (id % bytes.length) + 1),
    };
    const ids = await greedyIds(24);
    const { text, pieces } = await answer({}, scattered);
    const all = Buffer.from(ids.map((id) => bytes[id % bytes.length]!));
    expect(text).toBe(new TextDecoder().decode(all, { stream: true })); // without what is cut off at the end
    let broken = "";
    for (const piece of pieces) broken += Buffer.from(piece).toString();
    expect(broken).toBe(text); // each piece is text by itself
  });

  test("leaves out a character that was cut off by length, but not one that the model left unfinished", async () => {
    const [first, second] = await greedyIds(2);
    const halves: TokenText = {
      ...letters,
      tokenBytes: (id) => Buffer.from("🌳").subarray(id === first ? 0 : 2, id === first ? 2 : 4),
    };
    expect(await answer({ maxTokens: 1, stop: ["\ufffd"] }, halves)).toMatchObject({
      text: "",
      reason: "length",
    });
    expect(await answer({ maxTokens: 2 }, halves)).toMatchObject({ text: "🌳" });
    expect(await answer({ endIds: [second!] }, halves)).toMatchObject({ text: "\ufffd", reason: "end" });
  });

  test("stops within one token of being cancelled, and lets other work continue meanwhile", async () => {
    let asked = 0;
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const cancelled = async () => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      return ++asked > 6; // once for the prompt
    };
    const { reason, tokens } = await answer({ cancelled });
    clearInterval(timer);
    expect([reason, tokens]).toEqual(["cancelled", 5]);
    expect(turns).toBeGreaterThan(2);
  });

  test("reads only the end of a prompt that was read ahead, and gives the same text", async () => {
    decoder.truncate(0);
    const { text } = await answer();
    decoder.truncate(0);
    await readAhead(decoder, [...PROMPT.slice(0, 2), 9, 9, 9], () => false);
    await readAhead(decoder, PROMPT, () => false);
    expect(decoder.ids).toEqual(PROMPT.slice(0, -1));
    expect((await answer()).text).toBe(text);
  });

  test("ends when the context is full", async () => {
    decoder.truncate(0);
    const limit = decoder.description.contextLength;
    const { reason, tokens } = await answer({ maxTokens: 10_000 });
    expect([reason, tokens]).toEqual(["length", limit - PROMPT.length]);
  });
});

describe("a prompt of several pieces", () => {
  const prompt = Array.from({ length: 300 }, (_, i) => (i * 37 + 5) % 90);
  let long: Decoder;
  beforeAll(async () => (long = await open(longContext("llama-gqa"))));
  const afterPieces = (count: number) => () => count-- <= 0;

  test("can be stopped between two of them, and continued from there", async () => {
    const said: string[] = [];
    const ask = (cancelled: () => boolean) =>
      generate(long, letters, prompt, { ...greedy, cancelled }, (text) => said.push(text));
    expect(await ask(afterPieces(1))).toEqual({
      reason: "cancelled",
      promptTokens: 300,
      tokens: 0,
      promptTokensPerSecond: null,
      tokensPerSecond: null,
    });
    expect([long.ids.length, said]).toEqual([128, []]);
    await readAhead(long, prompt, afterPieces(1));
    expect(long.ids).toEqual(prompt.slice(0, 256));
    expect(await ask(() => false)).toMatchObject({ reason: "length", tokens: 24 });
  });

  test("that does not fit is refused before any of it is read", async () => {
    long.truncate(0);
    const limit = long.description.contextLength;
    const tooLong = new Array<number>(limit + 2).fill(1);
    await expect(readAhead(long, tooLong, () => false)).rejects.toMatchObject({
      failure: { code: "context-full", limit },
    });
    expect(long.ids).toEqual([]);
  });
});

describe.each(["lfm2", "qwen3_5"])("a conversation with %s, whose state cannot be shortened", (name) => {
  const golden = longContext(name);
  const ids = (count: number, from: number) =>
    Array.from({ length: count }, (_, i) => ((i + from) * 37 + 5) % 90);
  const answered: number[] = [];
  const recorder: TokenText = { ...letters, tokenBytes: (id) => (answered.push(id), letters.tokenBytes(id)) };
  const ask = async (to: Decoder, prompt: readonly number[], options: Partial<GenerateOptions> = {}) => {
    answered.length = 0;
    await generate(to, recorder, prompt, { ...greedy, ...options }, () => undefined);
    return [...answered];
  };
  let kept: Decoder;
  let fresh: Decoder;
  beforeAll(async () => {
    [kept, fresh] = [await open(golden), await open(golden)];
  });
  const expectAsFresh = async (prompt: readonly number[], options: Partial<GenerateOptions> = {}) => {
    fresh.truncate(0);
    const expected = await ask(fresh, prompt, options);
    expect(await ask(kept, prompt, options)).toEqual(expected);
    // Answers of a tiny model repeat themselves whatever came before; logits do not.
    expect(kept.ids).toEqual(fresh.ids);
    const [logits, own] = [await fresh.read([5]), await kept.read([5])];
    own.forEach((value, i) => expect(Math.abs(value - logits[i]!)).toBeLessThan(1e-4));
    return expected;
  };

  test("says in each turn what a conversation read anew says", async () => {
    const question = ids(150, 0);
    const first = await expectAsFresh(question, { maxTokens: 100 });
    expect(first).toHaveLength(100);
    await expectAsFresh(question); // answered again
    await expectAsFresh([...question, ...first, ...ids(3, 500)]); // gone on with, all of the answer
    await expectAsFresh([...question, ...first.slice(0, 50), ...ids(40, 700)]); // and from within it
    await expectAsFresh([...question.slice(0, 100), ...ids(60, 900)]); // another end of the question
    await expectAsFresh(ids(20, 3));
  });

  test("reads only the end of a prompt again for another answer", async () => {
    const question = ids(150, 0);
    await ask(kept, question, { maxTokens: 100 });
    kept.truncate(question.length - 1);
    expect(kept.ids).toEqual(question.slice(0, -1));
  });

  test("reads ahead what it needs", async () => {
    const question = ids(150, 40);
    await readAhead(kept, [...question.slice(0, 140), 1, 2, 3], () => false);
    await readAhead(kept, question, () => false);
    await expectAsFresh(question);
  });
});

/** What transformers makes of the built-in sample (test/lab/reference/sample-answers.py). */
const reference = JSON.parse(readFileSync(new URL("sample-answers.json", import.meta.url), "utf8")) as {
  answers: { prompt: string; ids: number[]; text: string }[];
  reading: { ids: number[]; likeliest: number[] };
};

describe("the sample model", () => {
  const openSample = async (precision: "fp32" | "int4") => {
    const model = await openModel(sample.model);
    const folder = await mkdtemp(join(tmpdir(), "coppice-sample-"));
    await writeInferenceModel(model, folder, { precision });
    model.close();
    const decoder = await Decoder.open(folder, { threads: 1 });
    close.push(async () => {
      await decoder.close();
      await rm(folder, { recursive: true });
    });
    return { model, decoder };
  };

  test("gives the answers of the reference implementation", async () => {
    const { model, decoder } = await openSample("fp32");
    for (const { prompt, ids, text } of reference.answers) {
      const promptIds = model.tokenizer.encode(prompt);
      const maxTokens = ids.length - promptIds.length;
      let given = prompt;
      const { tokens } = await generate(
        decoder,
        model.tokenizer,
        promptIds,
        { ...greedy, maxTokens },
        (piece) => {
          given += piece;
        },
      );
      expect(tokens).toBe(maxTokens);
      expect(given).toBe(text.replace("<|endoftext|>", ""));
    }
  });

  test("in int4 predicts the reference's next token most of the time", async () => {
    const { decoder } = await openSample("int4");
    const { ids, likeliest } = reference.reading;
    const logits = await decoder.readAll(ids);
    const { vocabularySize } = decoder.description;
    const found = likeliest.filter((id, i) => {
      const row = logits.subarray(i * vocabularySize, (i + 1) * vocabularySize);
      return row.indexOf(Math.max(...row)) === id;
    });
    expect(found.length / likeliest.length).toBeGreaterThan(0.8);
  });
});
