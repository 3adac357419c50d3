import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openChat } from "../../../../main/trimming/chat/chat-model.ts";
import { useMeasuredThreads } from "../../../../main/trimming/chat/chat-threads.ts";
import { sample } from "../../../../main/services/models/sample.ts";
import type { Decoder } from "../../../../native-models/inference/decoder.ts";
import { nativeFile } from "../../../../native-models/runtime/native-file.ts";
import { writeInferenceModel } from "../../../../native-models/inference/write-model.ts";
import { openModel } from "../../../../native-models/open-model.ts";

const hasDecoder = nativeFile() !== null;

describe.skipIf(!hasDecoder)("the native decoder's threads", () => {
  const folder = mkdtempSync(join(tmpdir(), "coppice-threads-"));
  const file = join(folder, "threads.json");
  let decoder: Decoder;
  const used: number[] = [];

  beforeAll(async () => {
    const model = await openModel(sample.model);
    await writeInferenceModel(model, join(folder, "chat"));
    decoder = await openChat(model, join(folder, "chat"), 1);
    model.close();
    const useThreads = decoder.useThreads.bind(decoder);
    decoder.useThreads = (threads) => {
      used.push(threads);
      useThreads(threads);
    };
  });
  afterAll(async () => {
    await decoder.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Of up to two threads, by a clock on which two are faster, of ticks of so many ms. */
  const choose = async (path = file, tickMs = 1) => {
    used.length = 0;
    let clock = 0;
    const now = () => (clock += used.at(-1) === 2 ? tickMs : 2 * tickMs);
    await useMeasuredThreads(decoder, path, { most: 2, now });
    return used.at(-1);
  };
  const remembered = () =>
    JSON.parse(readFileSync(file, "utf8")) as { computer: string; threads: Record<string, number> };

  test("are measured once, and remembered for models like it", async () => {
    expect(await choose()).toBe(2);
    expect(new Set(used)).toEqual(new Set([2, 1]));
    expect(decoder.ids).toEqual([]);
    expect(Object.values(remembered().threads)).toEqual([2]);
    const model = Object.keys(remembered().threads)[0]!;
    writeFileSync(file, JSON.stringify({ ...remembered(), threads: { [model]: 1 } }));
    expect(await choose()).toBe(1);
    expect(used).toEqual([1]);
  });

  test("are remembered too for a model that is too slow to try other numbers", async () => {
    rmSync(file);
    expect(await choose(file, 1000)).toBe(2);
    expect(Object.values(remembered().threads)).toEqual([2]);
    await choose(file, 1000);
    expect(used).toEqual([2]);
  });

  test("are measured again on another computer, and where the file is damaged", async () => {
    const before = remembered();
    for (const text of [JSON.stringify({ ...before, computer: "another" }), "{", '{"threads":{"a":0}}']) {
      writeFileSync(file, text);
      expect(await choose()).toBe(2);
      expect(remembered()).toEqual({ ...before, threads: { [Object.keys(before.threads)[0]!]: 2 } });
    }
  });

  test("are measured, but not remembered, where the file cannot be written", async () => {
    expect(await choose(join(folder, "missing", "threads.json"))).toBe(2);
    expect(used.length).toBeGreaterThan(1);
  });
});
