/** Exports by the command line: complete and compared, or not there. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { homeIn } from "../../../main/home/home.ts";
import { isUnfinished } from "../../../native-models/formats/atomic.ts";
import { openModel } from "../../../native-models/open-model.ts";
import { ModelReport } from "../../../preload/contract/plans/model.ts";
import { Recited, recitedText } from "../../../preload/contract/results/recited.ts";
import { ExportFormat, Exported } from "../../../preload/contract/runs/exporting.ts";
import { start } from "./command.ts";
import { coppice } from "./in-process.ts";
import { tinyTrim } from "./tiny-trim.ts";
import { doneOf } from "./trimmed.ts";

let [home, run, folder] = ["", "", ""];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "coppice-export-"));
  const tiny = await tinyTrim(folder);
  home = tiny.home;
  const letter = join(folder, "letter.txt");
  writeFileSync(
    letter,
    `Dear Mr Weber,\n\n${"the barn is hired to Weber for a day and a night ".repeat(6)}\n`,
  );
  const at = tiny.trim.indexOf("--data") + 1;
  await coppice(home, ["data", tiny.trim[at]!, letter, "--mask", "name,email", "--name", "Hire"]);
  run = doneOf(await coppice(home, tiny.trim.with(at, "Hire"))).runId;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const exportTo = (output: string, ...options: string[]) =>
  coppice(home, ["export", run, "--out", output, ...options, "--json"]);

/** An adapter exists only where nothing was dropped. */
const depthFor = (format: ExportFormat) => (format === "adapter" ? ["--depth", "tuned"] : []);

describe.skipIf(process.platform === "win32")("Ctrl-C", () => {
  const soon = { timeout: 30_000, interval: 5 };

  test("ends an export, and nothing of it is left", async () => {
    const output = join(folder, "stopped");
    const exporting = start(home, ["export", run, "--out", output, "--json"]);
    await vi.waitFor(() => expect(readdirSync(folder).filter(isUnfinished)).toHaveLength(1), soon);
    exporting.process.kill("SIGINT");
    const { code, errors } = await exporting.ended;
    expect([code, errors]).toEqual([130, "Stopped. Nothing was exported.\n"]);
    expect(readdirSync(folder).filter((name) => name.includes("stopped"))).toEqual([]);
  });

  test("ends a measurement, and nothing of the data is left in the cache", async () => {
    const { cache } = homeIn(home);
    const workFolders = () => readdirSync(cache).filter((name) => /^(working|measuring)-/.test(name));
    const data = join(folder, "data");
    const measuring = start(home, ["evaluate", "--model", "sample", "--test", data, "--json"]);
    await vi.waitFor(() => expect(workFolders()).toHaveLength(1), soon);
    measuring.process.kill("SIGINT");
    const { code, errors } = await measuring.ended;
    expect([code, errors]).toEqual([130, "Stopped. Nothing was measured.\n"]);
    expect(workFolders()).toEqual([]);
  });

  test("ends reciting", async () => {
    const reciting = start(home, ["recite", run]);
    const lock = join(home, "writer.json");
    await vi.waitFor(() => expect(existsSync(lock)).toBe(true), soon);
    reciting.process.kill("SIGINT");
    const { code, errors } = await reciting.ended;
    expect([code, errors]).toEqual([130, "Stopped. Nothing was measured.\n"]);
  });
});

describe("a run", () => {
  test.each(ExportFormat.options.filter((format) => format !== "parcel"))(
    "is exported as %s with checksums, a card, and a comparison",
    async (format) => {
      const { code, errors, events } = await exportTo(
        join(folder, format),
        "--format",
        format,
        ...depthFor(format),
      );
      expect([code, errors]).toEqual([0, ""]);
      const { output, files, sizeBytes, check } = Exported.parse(events.at(-1));
      for (const { name, sha256 } of files)
        expect(
          createHash("sha256")
            .update(readFileSync(join(output, name)))
            .digest("hex"),
        ).toBe(sha256);
      expect(sizeBytes).toBe(files.reduce((sum, file) => sum + file.sizeBytes, 0));
      expect(files.map(({ name }) => name)).toContain("README.md");
      expect(check).toMatchObject({ prompts: 3, roundedBefore: null });
      expect(check.largestDifference).toBeLessThan(0.2);
      expect(readdirSync(folder).filter(isUnfinished)).toEqual([]);
    },
  );

  test("is handed on in one file, which another home opens to the same weights", async () => {
    const { events } = await exportTo(join(folder, "hire"), "--format", "parcel");
    const { output, files } = Exported.parse(events.at(-1));
    const other = join(folder, "other home");
    const { code, events: opened } = await coppice(other, ["import", output, "--open", "--json"]);
    expect([code, opened.at(-1)]).toEqual([0, expect.objectContaining({ path: expect.any(String) })]);
    const weights = readFileSync(join(String(opened.at(-1)!["path"]), "model.safetensors"));
    expect(files).toContainEqual(
      expect.objectContaining({
        name: "model.safetensors",
        sha256: createHash("sha256").update(weights).digest("hex"),
      }),
    );
  });

  test("is exported at full depth in the type that was asked for, as LM Studio finds it", async () => {
    const models = join(folder, "models");
    const options = ["--format", "lmstudio", "--quantize", "q8_0", "--depth", "tuned"];
    const { events } = await exportTo(models, ...options);
    const { output, files, units } = Exported.parse(events.at(-1));
    expect(output).toBe(join(models, "coppice", "tiny-Hire"));
    expect(files.map(({ name }) => name)).toEqual(["README.md", "tiny-Hire-Q8_0.gguf"]);
    const model = await openModel(join(output, "tiny-Hire-Q8_0.gguf"));
    expect([model.sections.length, model.fileType]).toEqual([units, "Q8_0"]);
    model.close();
  });

  test.each(["fp32", "int8", "int4"])("is exported as an ONNX graph in %s", async (type) => {
    const { events } = await exportTo(join(folder, `onnx-${type}`), "--format", "onnx", "--quantize", type);
    const { files, check } = Exported.parse(events.at(-1));
    const names = ["README.md", "config.json", "genai_config.json", "generation_config.json"];
    const graph = ["onnx/model.onnx", "onnx/model.onnx_data"];
    expect(files.map(({ name }) => name)).toEqual([
      ...names,
      ...graph,
      "tokenizer.json",
      "tokenizer_config.json",
    ]);
    expect(check.largestDifference).toBeLessThan({ fp32: 1e-4, int8: 0.1, int4: 0.5 }[type]!);
    expect(check.perplexity).not.toBeNull();
  });

  test("is not exported in a type that the format does not have, nor in one that nobody knows", async () => {
    const hf = await exportTo(join(folder, "no"), "--format", "hf", "--quantize", "q8_0");
    expect(hf.events.at(-1)).toMatchObject({ event: "failed" });
    expect(hf.errors + hf.output).toContain("16 bits");
    const onnx = await exportTo(join(folder, "no"), "--format", "onnx", "--quantize", "q8_0");
    expect(onnx.errors + onnx.output).toContain("FP32, INT8, INT4");
    const unknown = await exportTo(join(folder, "no"), "--format", "gguf", "--quantize", "q9");
    expect(unknown.errors).toContain("Q4_K_M");
    expect(existsSync(join(folder, "no"))).toBe(false);
  });
});

test("how much it recites is measured when asked for, and stands on its card, as does what was masked", async () => {
  const cardIn = async (name: string) => {
    await exportTo(join(folder, name), "--format", "hf");
    return readFileSync(join(folder, name, "README.md"), "utf8");
  };
  expect(await cardIn("unmeasured")).toContain("It was not measured how much");
  const { code, errors, events } = await coppice(home, ["recite", run, "--json"]);
  expect([code, errors]).toEqual([0, ""]);
  const recited = Recited.parse(events.at(-1));
  expect(recited).toMatchObject({ trained: { rows: 1 }, heldOut: null });
  const card = await cardIn("measured");
  expect(card).toContain(`- ${recitedText(recited)[0]!}`);
  expect(card).toContain("- Data: personal data was masked: 7 names (1 different).");
  const none = await coppice(home, ["recite", run, "--depth", "no"]);
  expect(none.code).toBe(1);
  expect(none.errors).toContain('The depth "no"');
});

test("a depth that dropped blocks is no adapter, and the sentence names one that is", async () => {
  const { code, errors, output } = await exportTo(join(folder, "dropped"), "--format", "adapter");
  expect(code).toBe(1);
  expect(errors + output).toContain('"tuned" did not');
  expect(existsSync(join(folder, "dropped"))).toBe(false);
});

test("an export that is killed leaves nothing in its place, and the next one is complete", async () => {
  const output = join(folder, "killed");
  const program = start(home, ["export", run, "--out", output, "--format", "gguf", "--json"]);
  await program.event(({ event }) => event === "phase");
  program.killAll();
  await program.ended;
  expect(existsSync(output)).toBe(false);
  const { events } = await exportTo(output, "--format", "gguf");
  expect(Exported.parse(events.at(-1)).output).toBe(output);
});

test.for(["hf", "onnx"])(
  "a full disk ends an export as %s with a sentence, and leaves nothing",
  async (format, context) => {
    const disk = join(folder, `disk for ${format}`);
    mkdirSync(disk);
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=32k", "tmpfs", disk]);
    if (mounted.status !== 0) return context.skip("this account may not mount a small file system");
    onTestFinished(() => void spawnSync("umount", ["-l", disk]));
    const { code, errors, output } = await exportTo(join(disk, "model"), "--format", format);
    expect(code).toBe(1);
    expect(errors + output).toMatch(/disk is full|disk-full/);
    expect(readdirSync(disk)).toEqual([]);
  },
);

describe("a run of half blocks", () => {
  let halves = "";
  let output = "";

  beforeAll(async () => {
    const { trim } = await tinyTrim(folder);
    const cut = [...trim, "--unit", "sublayer", "--keep", "4"];
    const refused = await coppice(home, [...cut, "--for", "ollama", "transformers"]);
    expect(refused.code).toBe(1);
    expect(refused.errors).toContain(
      "Hugging Face transformers cannot load half blocks of this model. Trim by whole blocks (--unit block)",
    );
    ({ runId: halves, output } = doneOf(await coppice(home, [...cut, "--for", "ollama", "onnx"])));
  });

  test("makes a model whose report names the halves of its blocks", async () => {
    const { events } = await coppice(home, ["inspect", output, "--json"]);
    const { layers, sections } = ModelReport.parse(events.at(-1)!["model"]);
    expect(sections).toHaveLength(layers);
    expect(sections!.flatMap((section) => (section === "block" ? [0, 0] : [0]))).toHaveLength(4);
  });

  const exportHalves = (output: string, ...options: string[]) =>
    coppice(home, ["export", halves, "--out", join(folder, output), ...options, "--json"]);

  test.each(["gguf", "onnx"])("is exported as %s", async (format) => {
    const { events } = await exportHalves(`halves-${format}`, "--format", format);
    const { units, check } = Exported.parse(events.at(-1));
    expect(units).toBeGreaterThan(0);
    expect(check.largestDifference).toBeLessThan(0.5);
  });

  test("is refused for a program that needs whole blocks, with the depth that it can load", async () => {
    const { code, errors, events } = await exportHalves("halves-hf", "--format", "hf");
    expect(code).toBe(1);
    const failure = { code: "not-expressible", reason: "half-blocks", nearest: { name: "tuned", blocks: 3 } };
    expect(events.at(-1)).toMatchObject({ failure });
    expect(errors).toMatch(/has 3 whole blocks \(.*tokens\/s\): choose it with --depth tuned\.\n$/);
    expect(existsSync(join(folder, "halves-hf"))).toBe(false);
    const whole = await exportHalves("halves-hf", "--format", "hf", "--depth", "tuned");
    expect(Exported.parse(whole.events.at(-1)).units).toBe(3);
  });
});
