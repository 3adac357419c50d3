/** Every engine of the product starts and answers, however it is launched: for Vitest and for the in-Electron tests. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chat, reader, trainer } from "../../../../main/engines/jobs.ts";
import { startEngine } from "../../../../main/engines/process/host.ts";
import type { Launch } from "../../../../main/engines/process/launch.ts";
import { AppError } from "../../../../native-models/failure.ts";
import { writeSampleGguf } from "../../../native-models/formats/sample-gguf.ts";

/** The checks by their titles; `entry` gives the script of a kind, as this launch can run it. */
export function engineChecks(
  launch: Launch,
  entry: (kind: string) => string,
): Record<string, () => Promise<void>> {
  const missing = join(tmpdir(), "no-such-model");

  return {
    "the reader starts, and knows a model that is not there": async () => {
      const engine = startEngine(reader, { launch, entry: entry("reader") });
      await expectNotFound(engine.run("inspect-model", { path: missing }));
      await engine.stop();
    },

    "the reader tells what a GGUF file is": () =>
      inFolder(async (folder) => {
        const engine = startEngine(reader, { launch, entry: entry("reader") });
        const path = join(folder, "sample.gguf");
        await writeSampleGguf(path);
        const { format, layers, licence, licenceText } = await engine.run("inspect-model", { path });
        assert.deepEqual([format, layers, licence, licenceText], ["gguf", 8, "apache-2.0", undefined]);
        await engine.stop();
      }),

    "the trainer starts, and knows a model that is not there": () =>
      inFolder(async (workFolder) => {
        const engine = startEngine(trainer, { launch, entry: entry("trainer") });
        const base = { storage: "f32", streamed: false } as const;
        const settings = { choiceStyle: "letters", threads: 1, maxTokens: 64, base } as const;
        await expectNotFound(
          engine.run("evaluate", { model: missing, data: missing, workFolder, ...settings }),
        );
        await engine.stop();
      }),

    "the chat engine starts, and knows a model that is not there": () =>
      inFolder(async (cacheFolder) => {
        const engine = startEngine(chat, { launch, entry: entry("chat") });
        await expectNotFound(
          engine.run("load", {
            model: missing,
            cacheFolder,
            threads: 1,
            textTokens: 1000,
            preparesPrompts: true,
          }),
        );
        await engine.stop();
      }),

    "an answer on a graphics card is the processor's, and without a card the processor gives it": () =>
      inFolder(async (cacheFolder) => {
        const engine = startEngine(chat, { launch, entry: entry("chat") });
        await engine.run("load", {
          model: sampleModel,
          cacheFolder,
          threads: 1,
          textTokens: 1000,
          preparesPrompts: true,
        });
        const answer = async () => {
          const question = {
            prompt: "Question: Who pays?\nAnswer:",
            special: false,
            sampling: { maxTokens: 8 },
            isUrgent: true,
          };
          const { text, tokens } = await engine.run("generate", question);
          return { text, tokens };
        };
        const byProcessor = await answer();
        assert.ok(byProcessor.tokens > 0);
        const { problem } = await engine.run("use-device", { device: "webgpu", preparesPrompts: true });
        // The in-Electron tests bring a card: SwiftShader, which VK_ICD_FILENAMES names.
        const expected = process.env["VK_ICD_FILENAMES"] ? null : { kind: "no-card" };
        assert.deepEqual(problem, expected);
        assert.deepEqual(await answer(), byProcessor);
        await engine.stop();
      }),
  };
}

const sampleModel = fileURLToPath(new URL("../../../../native-models/sample/model", import.meta.url));

async function expectNotFound(job: Promise<unknown>): Promise<void> {
  await assert.rejects(job, (error) => error instanceof AppError && error.failure.code === "not-found");
}

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "coppice-engine-"));
  await use(folder).finally(() => rmSync(folder, { recursive: true }));
}
