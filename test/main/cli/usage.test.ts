import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { planTrim } from "../../../main/trimming/plan/planning.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { coppice } from "./in-process.ts";
import { writeTinyData } from "./tiny-data.ts";
import { writeTinyModel } from "./tiny-model.ts";

const tiny = resolve("test/native-models/formats/golden/tiny-llama-F16.gguf");

describe("The command line", () => {
  test("without a command lists its commands", async () => {
    const { code, output, errors } = await coppice(temporaryFolder(), []);
    expect([code, errors]).toEqual([0, ""]);
    expect(output).toContain("coppice demo");
  });

  test("lists every command, and shows the help of one, with the options of all", async () => {
    const home = temporaryFolder();
    const { output } = await coppice(home, ["help"]);
    expect(output).toBe((await coppice(home, ["--help"])).output);
    for (const name of ["trim", "runs", "get", "help", "completions"])
      expect(output).toMatch(new RegExp(`^ +${name} .*  \\w`, "m"));
    const [helped, asked] = await Promise.all([
      coppice(home, ["help", "runs"]),
      coppice(home, ["runs", "--help"]),
    ]);
    expect(helped).toEqual(asked);
    expect(helped.output).toMatch(/--delete [^]*Global Options:[^]*--json [^]*--home <folder> /);
    expect((await coppice(home, ["questions", "write", "--help"])).output).toContain("--home <folder>");
  });

  test.each([
    ["an unknown command", ["frobnicate"]],
    ["an unknown option", ["runs", "--fast"]],
    ["a missing option", ["trim", "--model", "sample"]],
    ["a missing argument", ["inspect"]],
    ["a share above one", ["trim", "--model", "sample", "--data", "x", "--keep", "1.5"]],
    ["no units to keep", ["trim", "--model", "sample", "--data", "x", "--keep", "0"]],
    [
      "more units than can be counted",
      ["trim", "--model", "sample", "--data", "x", "--keep", "100000000000000000000"],
    ],
    [
      "more tokens than can be counted",
      ["trim", "--model", "sample", "--data", "x", "--vocabulary", "100000000000000000000"],
    ],
    ["an unknown target", ["trim", "--model", "sample", "--data", "x", "--target", "magic"]],
    ["a speed that is none", ["trim", "--model", "sample", "--data", "x", "--target", "1x"]],
    ["a depth and a goal", ["trim", "--model", "sample", "--data", "x", "--keep", "0.5", "--target", "2x"]],
    ["a chat precision that no run has", ["trim", "--model", "sample", "--data", "x", "--precision", "fp32"]],
    ["more bits than eight", ["trim", "--model", "sample", "--data", "x", "--with", "mixed-bits=0.9"]],
    [
      "a recovery prompt of too many vectors",
      ["trim", "--model", "sample", "--data", "x", "--with", "rewriting,recovery-prompt=129"],
    ],
    ["more rows than are recited at once", ["recite", "x", "--rows", "201"]],
    ["no time of day", ["trim", "--model", "sample", "--data", "x", "--by", "25:00"]],
    ["an unknown type of weights", ["trim", "--model", "sample", "--data", "x", "--train-in", "q9"]],
    [
      "a temperature that is no number",
      ["generate", "--model", "sample", "--prompt", "x", "--temperature", "hot"],
    ],
    [
      "an answer of two shapes",
      ["generate", "--model", "sample", "--prompt", "x", "--pattern", "a", "--choices", "b"],
    ],
    ["an empty text to stop at", ["generate", "--model", "sample", "--prompt", "x", "--stop", "a", ""]],
    ["no prompt at all", ["generate", "--model", "sample"]],
    ["an empty output folder", ["trim", "--model", "sample", "--data", "x", "--out", ""]],
    ["an empty name", ["trim", "--model", "sample", "--data", "x", "--name", " "]],
    ["an empty home", ["--home", "", "data", "x", "--delete"]],
    ["an overlap of half a sentence", ["inspect", "x", "--overlap", "0.5"]],
    ["passages of nothing", ["generate", "--model", "sample", "--prompt", "x", "--passages", "2"]],
    ["one prompt and many", ["generate", "--model", "sample", "--prompt", "x", "--prompts", "y"]],
    [
      "many prompts on a graphics card",
      ["generate", "--model", "sample", "--prompts", "x", "--device", "webgpu"],
    ],
    ["deleting no data set", ["data", "--delete"]],
    ["deleting no run", ["runs", "--delete"]],
    ["completions of an unknown shell", ["completions", "tcsh"]],
    ["help for an unknown command", ["help", "frobnicate"]],
    ["benchmarks, which are no command", ["bench"]],
    ["a format without an export", ["data", "x", "--format", "parquet"]],
    ["exporting and deleting at once", ["data", "x", "--export", "y", "--delete"]],
    ["an unknown state of a question", ["questions", "show", "1", "--state", "lost"]],
  ])("calls %s wrong usage: exit code 2, a line on standard error", async (_, args) => {
    const { code, output, errors } = await coppice(temporaryFolder(), args);
    expect([code, output]).toEqual([2, ""]);
    expect(errors.trim()).not.toBe("");
    expect(errors.trim().split("\n").length).toBeLessThanOrEqual(2);
  });

  test("reads a schema and prompts that begin with a byte order mark", async () => {
    const folder = temporaryFolder();
    const [schema, prompts] = [join(folder, "schema.json"), join(folder, "prompts.jsonl")];
    writeFileSync(schema, `\uFEFF{"type":"boolean"}`);
    writeFileSync(prompts, `\uFEFF{"id":"1","prompt":"Is it?"}\r\n`);
    const args = ["generate", "--model", "sample", "--prompts", prompts, "--schema", schema];
    const { code, output, errors } = await coppice(folder, args);
    expect([code, errors]).toEqual([0, ""]);
    expect(JSON.parse(output)).toMatchObject({ id: "1", text: expect.stringMatching(/^(true|false)$/) });
  });

  test("counts answers that were cut off by their length, and prompts that could not be answered", async () => {
    const prompts = join(temporaryFolder(), "prompts.jsonl");
    const lines = ["Is it?", "When?", "word ".repeat(20_000)].map((prompt, id) => ({ id, prompt }));
    writeFileSync(prompts, lines.map((line) => JSON.stringify(line)).join("\n"));
    const args = ["generate", "--model", "sample", "--prompts", prompts, "--max-tokens", "1"];
    const { output, errors } = await coppice(temporaryFolder(), args);
    expect(errors).toBe(
      "2 answers, 2 of them cut off by their length (--max-tokens); 1 prompt could not be answered.\n",
    );
    expect(output.trim().split("\n")).toHaveLength(3);
    const { events } = await coppice(temporaryFolder(), [...args, "--json"]);
    expect(events.at(-1)).toMatchObject({ event: "done", answers: 2, cutOff: 2, failed: 1 });
  });

  test("names the defaults that a plan has", async () => {
    const { output } = await coppice(temporaryFolder(), ["trim", "--help"]);
    const help = output.replace(/\s+/g, " ");
    const model = { path: "model", layers: 30, maxPositions: 8192, hiddenSize: 576 };
    const { trim, base, recipe, seed } = planTrim({ model, sha256: "", dataFolder: "" }, {});
    const usual = { "--unit": trim.unit };
    const others = { "--train-in": base.storage, "--recipe": recipe, "--seed": seed };
    for (const [option, value] of Object.entries({ ...usual, ...others }))
      expect(help).toMatch(new RegExp(`${option} <\\w+> [^<]*\\(${value}\\)`));
    expect(trim.keep).toEqual({ fraction: 0.5 });
    expect(help).toContain("a number of units (0.5)");
  });
});

describe("coppice inspect", () => {
  test("describes a model folder, as lines and as JSON", async () => {
    const home = temporaryFolder();
    const model = await writeTinyModel(join(home, "tiny"), 3);
    const lines = await coppice(home, ["inspect", model]);
    expect([lines.code, lines.errors]).toEqual([0, ""]);
    expect(lines.output).toMatch(/blocks +3\n/);
    const { events } = await coppice(home, ["inspect", model, "--json"]);
    expect(events).toEqual([
      { event: "done", model: expect.objectContaining({ layers: 3, hiddenSize: 32, format: "safetensors" }) },
    ]);
  });

  test("reads a GGUF file", async () => {
    const { events } = await coppice(temporaryFolder(), ["--json", "inspect", tiny]);
    expect(events[0]).toMatchObject({
      event: "done",
      model: { layers: 2, format: "gguf", parameters: 12_112 },
    });
  });

  test("reports a missing path in a sentence, and as JSON", async () => {
    const { code, errors, events } = await coppice(temporaryFolder(), ["inspect", "nothing", "--json"]);
    expect(code).toBe(1);
    expect(errors).toBe('No model file, folder or run was found at "nothing". Check the name.\n');
    expect(events).toEqual([
      { event: "failed", failure: { code: "not-found", path: "nothing", what: "model file, folder or run" } },
    ]);
  });
});

describe("Bad input ends with exit code 1 and one sentence:", () => {
  async function trim(change: (model: string, data: string) => string[] | void, environment = {}) {
    const home = temporaryFolder();
    const model = await writeTinyModel(join(home, "tiny"));
    const data = writeTinyData(join(home, "data"));
    const more = change(model, data) ?? [];
    const ended = await coppice(join(home, "home"), ["trim", "--model", model, "--data", data, ...more], {
      environment,
    });
    expect(ended.code).toBe(1);
    expect(ended.errors).toMatch(/^[^\n]+\.\n$/);
    return ended.errors;
  }
  const replace = (file: string, from: string, to: string) =>
    writeFileSync(file, readFileSync(file, "utf8").replace(from, to));

  test("a truncated model", async () => {
    const errors = await trim((model) => {
      const file = join(model, "model.safetensors");
      writeFileSync(file, readFileSync(file).subarray(0, -100));
    });
    expect(errors).toMatch(/model\.safetensors" is damaged/);
  });

  test("a file that is not a model", async () => {
    const home = temporaryFolder();
    writeFileSync(join(home, "model.gguf"), "this is a letter, not a model");
    const { code, errors } = await coppice(home, ["inspect", join(home, "model.gguf")]);
    expect([code, errors]).toEqual([1, expect.stringMatching(/^[^\n]*model\.gguf" is damaged[^\n]*\n$/)]);
  });

  test("an unknown architecture, with the known ones", async () => {
    const errors = await trim((model) => replace(join(model, "config.json"), `"llama"`, `"mamba"`));
    expect(errors).toMatch(/"mamba" are not supported\. Coppice supports .*llama/);
  });

  test("a model with missing weights, with their number and some of their names", async () => {
    const errors = await trim((model) =>
      replace(join(model, "config.json"), `"num_hidden_layers":2`, `"num_hidden_layers":3`),
    );
    expect(errors).toMatch(/lacks 9 weights that this type of model needs \(model\.layers\.2\./);
  });

  test("weights that are NaN", async () => {
    const errors = await trim((model) => {
      const file = join(model, "model.safetensors");
      const bytes = readFileSync(file);
      bytes.writeFloatLE(Number.NaN, bytes.length - 4);
      writeFileSync(file, bytes);
    });
    expect(errors).toMatch(/values that are not numbers/);
  });

  test("no data", async () => {
    const errors = await trim((_, data) => writeFileSync(join(data, "train.jsonl"), ""));
    expect(errors).toMatch(/train\.jsonl" cannot be used as data: the file is empty/);
  });

  test("a broken row, with its line", async () => {
    const errors = await trim((_, data) => {
      const file = join(data, "train.jsonl");
      const rows = readFileSync(file, "utf8").split("\n");
      writeFileSync(file, [...rows.slice(0, 4), "{broken", ...rows.slice(4)].join("\n"));
    });
    expect(errors).toMatch(/Line 5 of .*train\.jsonl" cannot be used/);
  });

  test("too little memory, with figures", async () => {
    const errors = await trim(() => {}, { COPPICE_MEMORY_LIMIT_BYTES: "1000000" });
    expect(errors).toMatch(/^This needs about \d+ MB of memory, but only 1\.0 MB are free/);
  });

  test("more blocks to keep than there are", async () => {
    expect(await trim(() => ["--keep", "5"])).toMatch(
      /A depth of 5 blocks cannot be used: the model has only 2/,
    );
  });

  test("an output folder that is not empty", async () => {
    expect(await trim((_, data) => ["--out", data])).toMatch(/is not empty/);
  });

  test.each([
    [{ optimizer: { learningrate: 1 } }, /"optimizer\.learningrate", which no plan has/],
    [{ tune: { maxEpochs: "many" } }, /"tune\.maxEpochs" is wrong/],
  ])("settings with a wrong key or value: %j", async (settings, sentence) => {
    const errors = await trim((_, data) => {
      const file = join(data, "..", "recipe.json");
      writeFileSync(file, JSON.stringify(settings));
      return ["--settings", file];
    });
    expect(errors).toMatch(sentence);
  });

  test("a folder that is not writable", async () => {
    const home = temporaryFolder();
    writeFileSync(join(home, "file"), "");
    const { code, errors } = await coppice(join(home, "file"), [
      "evaluate",
      "--model",
      "sample",
      "--test",
      "x",
    ]);
    expect([code, errors]).toEqual([1, expect.stringMatching(/cannot be written: .*file/)]);
  });

  test.runIf(process.platform === "linux")("a place where the system takes no folders", async () => {
    const { code, errors } = await coppice("/proc/coppice", ["trim", "--model", "sample", "--data", "x"]);
    expect([code, errors]).toEqual([1, expect.stringContaining("/proc/coppice")]);
  });

  test("a run that does not exist", async () => {
    const { code, errors } = await coppice(temporaryFolder(), ["resume", "no-such-run"]);
    expect([code, errors]).toEqual([
      1,
      `There is no run "no-such-run". Run "coppice runs" to list all runs.\n`,
    ]);
  });
});
