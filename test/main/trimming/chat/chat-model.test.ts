import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CHAT_FOLDER, chatFolderOf, measureChatModel } from "../../../../main/trimming/chat/chat-model.ts";
import { askedRows } from "../../../../main/trimming/evaluation/asked-rows.ts";
import { evaluationRows } from "../../../../main/trimming/evaluation/evaluate.ts";
import { sample } from "../../../../main/services/models/sample.ts";
import {
  DESCRIPTION_FILE,
  readDescription,
  writeInferenceModel,
} from "../../../../native-models/inference/write-model.ts";
import { openModel } from "../../../../native-models/open-model.ts";
import type { OpenModel } from "../../../../native-models/open-model.ts";
import type { Tokenizer } from "../../../../native-models/tokenizer.ts";
import { writeTinyModel } from "../../cli/tiny-model.ts";
import { setEnvironment } from "../../set-environment.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

let model: OpenModel;
let cache: string;
beforeEach(async () => {
  const folder = temporaryFolder();
  cache = join(folder, "cache");
  model = await openModel(await writeTinyModel(join(folder, "tiny")));
});
afterEach(() => model.close());

const precisionIn = async (folder: string) => (await readDescription(folder)).precision;

describe("the chat model of a small model", () => {
  test("has 8 bits unless another precision is requested", async () => {
    const folder = await chatFolderOf(model, cache, undefined);
    expect(await precisionIn(folder)).toBe("int8");
    for (const asked of ["int4", "fp32"] as const)
      expect(await precisionIn(await chatFolderOf(model, cache, asked))).toBe(asked);
  });

  test("is measured as it will answer", async () => {
    const work = join(cache, "work");
    const { sizeBytes } = await measureChatModel(model, work, 1, { yieldToEventLoop: async () => {} });
    expect(sizeBytes).toBe((await readDescription(await chatFolderOf(model, cache, undefined))).sizeBytes);
  });

  test("is timed three times for a quarter of a second, or for as long as COPPICE_TIMED_SECONDS says", async () => {
    const inTests = process.env["COPPICE_TIMED_SECONDS"]!;
    const measuredMs = async () => {
      const started = performance.now();
      const { tokensPerSecond } = await measureChatModel(model, join(cache, "work"), 1, {
        yieldToEventLoop: async () => {},
      });
      expect(tokensPerSecond).toBeGreaterThan(0);
      return performance.now() - started;
    };
    try {
      delete process.env["COPPICE_TIMED_SECONDS"];
      expect(await measuredMs()).toBeGreaterThan(3 * 250);
      process.env["COPPICE_TIMED_SECONDS"] = "0.3";
      expect(await measuredMs()).toBeGreaterThan(3 * 300);
    } finally {
      process.env["COPPICE_TIMED_SECONDS"] = inTests;
    }
  });

  test("timed in turn with another has the other's speed times their ratio", async () => {
    const folder = join(cache, "reference");
    await writeInferenceModel(model, folder);
    const reference = { model, folder, tokensPerSecond: 100 };
    const measured = () =>
      measureChatModel(model, join(cache, "work"), 1, { yieldToEventLoop: async () => {}, reference });
    const { tokensPerSecond, timesAsFast } = await measured();
    expect(timesAsFast!.n).toBeGreaterThanOrEqual(6);
    expect(tokensPerSecond).toBe(100 * timesAsFast!.value);

    setEnvironment("COPPICE_MEMORY_LIMIT_BYTES", "1000");
    expect(await measured()).not.toHaveProperty("timesAsFast");
  });

  test("is prompted with its chat template's own tokens", async () => {
    const talker = await openModel(sample.model);
    const asked: (readonly number[])[] = [];
    const encode: Tokenizer["encode"] = (text, options) => {
      const ids = talker.tokenizer.encode(text, options);
      if (text === prompt) asked.push(ids);
      return ids;
    };
    const prompt = "<|user|>Who?\n<|assistant|>Answer:";
    const examples = [
      { prompt, completion: " Bodo", special: true },
      { prompt, completion: " Bodo" },
    ];
    const split = { examples, questions: [] };
    const rows = evaluationRows(talker.tokenizer, split, "plain", 64);
    askedRows({ ...talker.tokenizer, encode }, split, "plain", rows);
    expect(asked.map((ids) => ids.filter(talker.tokenizer.isSpecial))).toEqual([[1, 2], []]);
    talker.close();
  });

  test("that lies beside it is used, whatever its precision, unless another is requested", async () => {
    const own = join(model.path, CHAT_FOLDER);
    await writeInferenceModel(model, own, { precision: "int4" });
    expect(await chatFolderOf(model, cache, undefined)).toBe(own);
    expect(await chatFolderOf(model, cache, "int4")).toBe(own);
    const other = await chatFolderOf(model, cache, "int8");
    expect([other === own, await precisionIn(other)]).toEqual([false, "int8"]);
    rmSync(join(own, "weights.bin"));
    expect(await chatFolderOf(model, cache, undefined)).not.toBe(own);
  });

  test("of another version, or without a field, is made again", async () => {
    const folder = await chatFolderOf(model, cache, undefined);
    const path = join(folder, DESCRIPTION_FILE);
    const written = readFileSync(path, "utf8");
    const afterChange = async (from: RegExp, to: string) => {
      writeFileSync(path, written.replace(from, to));
      expect(readFileSync(path, "utf8")).not.toBe(written);
      expect(await chatFolderOf(model, cache, undefined)).toBe(folder);
      return readFileSync(path, "utf8") === written;
    };
    expect(await afterChange(/"version":\d+/, '"version":1')).toBe(true);
    expect(await afterChange(/"headInPlanes":false,/, "")).toBe(true);
  });
});
