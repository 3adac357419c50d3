import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundle } from "../../build/bundle.ts";
import { fetchElectronForWindows } from "../../build/electron/windows.ts";
import { nativeDecoderFor } from "../../build/native.ts";
import { sample } from "../../main/services/models/sample.ts";
import { stepsOf } from "../../native-models/inference/steps.ts";
import { wholeModelGraph } from "../../native-models/inference/whole-model-graph.ts";
import { writeInferenceModel } from "../../native-models/inference/write-model.ts";
import { openModel } from "../../native-models/open-model.ts";
import type { Answered, Given } from "./answer-natively.ts";
import { Wine, wine64, windowsPath } from "./wine.ts";

const reason =
  (existsSync(nativeDecoderFor("windows")) ? undefined : "it was not compiled (npm run dist -- --windows)") ??
  (wine64 ? undefined : "wine64 is not there (on Debian: apt-get install wine64)");

/** The program that loads it is Electron's, under another name than node.exe. */
describe.skipIf(reason)(`The native decoder for Windows, under wine${reason ? `: ${reason}` : ""}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "coppice-windows-decoder-"));
  /** Addons are found two folders above a bundle. */
  const script = join(folder, "out", "main", "answer.cjs");
  let wine: Wine;

  beforeAll(async () => {
    const entries = { answer: join(import.meta.dirname, "answer-natively.ts") };
    await bundle({ entries, outFolder: join(folder, "out", "main"), target: "node16" });
    const addons = join(folder, ".cache", "native");
    mkdirSync(addons, { recursive: true });
    for (const addon of (["linux", "windows"] as const).map(nativeDecoderFor))
      copyFileSync(addon, join(addons, basename(addon)));
    wine = await new Wine().open();
  });
  afterAll(() => {
    wine.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(["int4", "int8"] as const)(
    "answers to the same bits as on this system, in %s, with any number of threads",
    async (precision) => {
      const weights = join(folder, precision);
      await writeProgram(weights, precision);
      const here = spawnSync(process.execPath, [script, weights], { encoding: "utf8" });
      const there = await wine.run(fetchElectronForWindows(), [script, weights].map(windowsPath), {
        ELECTRON_RUN_AS_NODE: "1",
      });
      expect(there.errors).toBe("");
      const [linux, windows] = [here.stdout, there.output].map(
        (text) => JSON.parse(text) as Record<string, Answered>,
      );
      expect(Object.keys(linux!).length).toBeGreaterThan(2);
      expect(windows).toEqual(linux);
    },
  );
});

/** The sample's weights in a precision, and its steps. */
async function writeProgram(folder: string, precision: "int4" | "int8"): Promise<void> {
  const layout = { precision, headInPlanes: false };
  const model = await openModel(sample.model);
  try {
    await writeInferenceModel(model, folder, layout);
    const { rotations } = wholeModelGraph(model, layout);
    const { vocabularySize } = model.config;
    const given: Given = { program: stepsOf(model, layout)!, rotations, vocabularySize };
    writeFileSync(join(folder, "program.json"), JSON.stringify(given));
  } finally {
    model.close();
  }
}
