/** A model as a folder takes its licence along. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { exportModel } from "../../../../main/trimming/export/export.ts";
import { sample } from "../../../../main/services/models/sample.ts";
import { kindNames } from "../../../../native-models/architectures/cut.ts";
import { Decoder } from "../../../../native-models/inference/decoder.ts";
import { writeInferenceModel } from "../../../../native-models/inference/write-model.ts";
import { isUnfinished } from "../../../../native-models/formats/atomic.ts";
import { openModel } from "../../../../native-models/open-model.ts";
import { mergedModel } from "../../../../native-models/training/merge.ts";
import { ggufFile, readGguf } from "../../../native-models/architectures/golden-gguf.ts";
import { trainingLogits, worstDifference } from "../../../native-models/architectures/hashed-model.ts";
import { writeSampleGguf } from "../../../native-models/formats/sample-gguf.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const licence = readFileSync(new URL("../../../../LICENSE", import.meta.url), "utf8");

test("an export has the text and name of its base model's licence", async () => {
  const model = await openModel(sample.model);
  const output = join(temporaryFolder(), "export");
  await exportModel(model, model.tokenizer, output);
  model.close();
  expect(readFileSync(join(output, "LICENSE"), "utf8")).toBe(licence);
  const again = await openModel(output);
  expect(again.licence).toBe("apache-2.0");
  again.close();
  expect(readdirSync(dirname(output)).filter(isUnfinished)).toEqual([]);
});

test("an export's configurations say nothing about its base's files: transformers prefers dtype to torch_dtype", async () => {
  const folder = temporaryFolder();
  const [base, output] = [join(folder, "base"), join(folder, "export")];
  cpSync(sample.model, base, { recursive: true });
  const read = (path: string, name: string) => JSON.parse(readFileSync(join(path, name), "utf8")) as object;
  const change = (name: string, more: object) =>
    writeFileSync(join(base, name), JSON.stringify({ ...read(base, name), ...more }));
  const auto_map = { AutoConfig: "configuration_sample.SampleConfig" };
  change("config.json", { dtype: "bfloat16", auto_map, _name_or_path: "/home/anna/model" });
  change("tokenizer_config.json", {
    name_or_path: "/home/anna/model",
    tokenizer_file: "/home/anna/tokenizer.json",
  });
  const model = await openModel(base);
  await exportModel(model, model.tokenizer, output);
  model.close();
  expect(read(output, "config.json")).toEqual({
    ...read(sample.model, "config.json"),
    torch_dtype: "float16",
  });
  expect(read(output, "tokenizer_config.json")).toEqual(read(sample.model, "tokenizer_config.json"));
});

test("an export of a GGUF file names the file's licence, too", async () => {
  const folder = temporaryFolder();
  await writeSampleGguf(join(folder, "model.gguf"));
  const model = await openModel(join(folder, "model.gguf"));
  const output = join(folder, "export");
  await exportModel(model, model.tokenizer, output);
  model.close();
  const again = await openModel(output);
  expect(again.licence).toBe("apache-2.0");
  again.close();
});

describe.each(["lfm2", "qwen3_5"])("an export of %s, whose blocks differ in kind", (name) => {
  test.each([
    ["whole", ["block", "block", "block"]],
    ["without halves of its blocks", ["mlp", "attention", "block"]],
  ] as const)("%s, opens and answers as the model does", async (_, halves) => {
    const golden = readGguf(name);
    const folder = temporaryFolder();
    const source = join(folder, "model.gguf");
    writeFileSync(source, ggufFile(golden));
    const model = await openModel(source);
    const kept = model.sections.map((section, block) => halves[block] ?? section);
    const cut = mergedModel(model, kept, { kind: "none" }, () => undefined);
    const output = join(folder, "export");
    await exportModel(cut, model.tokenizer, output);
    const again = await openModel(output);
    expect(again.sections).toEqual(kept);
    expect(kindNames(again.config)).toEqual(kindNames(model.config));
    const expected = await trainingLogits(cut, golden.ids, golden.positions);
    expect(worstDifference(await trainingLogits(again, golden.ids, golden.positions), expected)).toBeLessThan(
      0.1,
    ); // f16
    await writeInferenceModel(again, join(folder, "chat"), { precision: "fp32" });
    const decoder = await Decoder.open(join(folder, "chat"), { threads: 1 });
    const own = await trainingLogits(again, golden.ids, [golden.ids.length - 1]);
    await decoder.read(golden.ids.slice(0, -3));
    for (const id of golden.ids.slice(-3, -1)) await decoder.read([id]);
    expect(worstDifference(await decoder.read(golden.ids.slice(-1)), own)).toBeLessThan(1e-4);
    await decoder.close();
    again.close();
    model.close();
  });
});

describe("an export does not follow links", () => {
  /** A copy of the sample with a link to a secret instead of one of its files. */
  function withLink(name: string): { model: string; secret: string } {
    const folder = temporaryFolder();
    const [model, secret] = [join(folder, "model"), join(folder, "secret")];
    cpSync(sample.model, model, { recursive: true });
    writeFileSync(secret, '{"secret": "of this computer"}');
    rmSync(join(model, name), { force: true });
    symlinkSync(secret, join(model, name));
    return { model, secret };
  }

  test.each(["config.json", "tokenizer.json", "tokenizer_config.json", "generation_config.json"])(
    "a %s that is a link to a file elsewhere is refused",
    async (name) => {
      const { model } = withLink(name);
      await expect(openModel(model)).rejects.toMatchObject({
        failure: { code: "corrupt-file", path: join(model, name), reason: expect.stringContaining("link") },
      });
    },
  );

  test("a licence that is a link to a file elsewhere is not copied", async () => {
    const { model } = withLink("LICENSE");
    const opened = await openModel(model);
    const output = join(temporaryFolder(), "export");
    await exportModel(opened, opened.tokenizer, output);
    opened.close();
    expect(existsSync(join(output, "LICENSE"))).toBe(false);
  });

  test("links within a Hugging Face cache are followed", async () => {
    const folder = temporaryFolder();
    const [blobs, snapshot] = [join(folder, "blobs"), join(folder, "snapshots", "abc")];
    cpSync(sample.model, blobs, { recursive: true });
    mkdirSync(snapshot, { recursive: true });
    for (const name of readdirSync(blobs)) symlinkSync(join("..", "..", "blobs", name), join(snapshot, name));
    const opened = await openModel(snapshot);
    expect(opened.parameters).toBeGreaterThan(0);
    opened.close();
  });

  test("nothing is written behind a link of that name", async () => {
    const [folder, elsewhere] = [temporaryFolder(), temporaryFolder()];
    writeFileSync(join(elsewhere, "kept"), "kept");
    symlinkSync(elsewhere, join(folder, "export"));
    const opened = await openModel(sample.model);
    await exportModel(opened, opened.tokenizer, join(folder, "export"));
    opened.close();
    expect(readdirSync(elsewhere)).toEqual(["kept"]);
    expect(readdirSync(folder)).toEqual(["export"]);
  });
});
