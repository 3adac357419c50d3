/** Models as GGUF files, read back: of each family, of both kinds of tokenizers. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { exportModel } from "../../../main/trimming/export/export.ts";
import { attentionsOf } from "../../../native-models/architectures/architecture.ts";
import { writeGgufModel } from "../../../native-models/exporting/gguf-model.ts";
import { openTensorFile } from "../../../native-models/formats/open.ts";
import type { Kept } from "../../../native-models/model.ts";
import { openModel } from "../../../native-models/open-model.ts";
import type { OpenModel } from "../../../native-models/open-model.ts";
import { mergedModel } from "../../../native-models/training/merge.ts";
import { temporaryFolder } from "../../main/temporary-folder.ts";
import { families } from "../architectures/families.ts";
import { ggufFile, readGguf } from "../architectures/golden-gguf.ts";
import { hashedModel } from "../architectures/hashed-model.ts";

const about = { name: "test", licence: "mit" };

describe.each(families.flatMap(({ gguf }) => gguf))("%s", (name) => {
  test("comes back as it was, from a GGUF file and from a folder", async () => {
    const folder = temporaryFolder();
    const source = join(folder, "source.gguf");
    writeFileSync(source, ggufFile(readGguf(name)));
    const first = await openModel(source);
    await exportModel(first, first.tokenizer, join(folder, "folder"));
    for (const path of [source, join(folder, "folder")]) {
      const model = await openModel(path);
      const file = join(folder, "written.gguf");
      await writeGgufModel(file, model, model.tokenizer, { mix: "F16", ...about });
      const written = await openModel(file);
      expect(written.config.blocks.map(({ name: kind }) => kind)).toEqual(
        first.config.blocks.map(({ name: kind }) => kind),
      );
      expect([written.licence, written.fileType]).toEqual(["mit", "F16"]);
      for (const weight of model.names) {
        const [a, b] = [model.weight(weight), written.weight(weight)].map((one) => one.readFloat32());
        const worst = a!.reduce((most, value, i) => Math.max(most, Math.abs(value - b![i]!)), 0);
        expect(worst, weight).toBeLessThan(2e-3);
      }
      const text = "Two cats, 12 dogs\n and a tree 🌳 don't";
      const ids = [first, model, written].map(({ tokenizer }) => tokenizer.encode(text, { addBos: true }));
      expect(ids[1]).toEqual(ids[0]);
      expect(ids[2]).toEqual(ids[0]);
      expect(written.tokenizer.eosIds).toEqual(model.tokenizer.eosIds);
      expect(written.tokenizer.addsBos).toBe(model.tokenizer.addsBos);
      written.close();
      model.close();
    }
    first.close();
  });
});

describe("biases, which a file shows only by having them", () => {
  const biased = (name: string, keys: object) => {
    const golden = readGguf(name);
    return hashedModel({ ...golden.config, ...keys }, golden);
  };

  test.each([
    ["llama", { attention_bias: true }],
    ["llama", { mlp_bias: true }],
    ["granite", { attention_bias: true, mlp_bias: true }],
  ])("of %s come back: %j", async (name, keys) => {
    const { model: plain, file } = await opened(name);
    const model = biased(name, keys);
    await writeGgufModel(file, model, plain.tokenizer, { mix: "F16", ...about });
    const written = await openModel(file);
    expect(plain.names.some((weight) => weight.endsWith(".bias"))).toBe(false);
    expect([...written.names].sort()).toEqual([...model.names].sort());
    expect(written.json).toMatchObject(keys);
    for (const weight of model.names.filter((weight) => weight.endsWith(".bias")))
      expect(written.weight(weight).readFloat32(), weight).toEqual(model.weight(weight).readFloat32());
    written.close();
    plain.close();
  });

  test("come back in half blocks, in whichever block they are", async () => {
    const { model: plain, file } = await opened("llama");
    const model = biased("llama", { attention_bias: true, mlp_bias: true });
    const cut = mergedModel(model, ["mlp", "attention"], { kind: "none" }, () => undefined);
    await writeGgufModel(file, cut, plain.tokenizer, { mix: "F16", ...about });
    const written = await openModel(file);
    expect([...written.names].sort()).toEqual([...cut.names].sort());
    written.close();
    plain.close();
  });
});

describe("a cut by half blocks", () => {
  test.each(["llama", "llama-tied", "qwen2"])("of %s comes back as it was", async (name) => {
    const { model, file } = await opened(name);
    const kept = model.sections.map((_, block) => (block % 2 === 0 ? "mlp" : "attention") as Kept);
    const cut = mergedModel(model, kept, { kind: "none" }, () => undefined);
    await writeGgufModel(file, cut, model.tokenizer, { mix: "F16", ...about });
    const written = await openModel(file);
    expect(written.sections).toEqual(kept);
    expect(written.config.modelType).toBe(model.config.modelType);
    expect(written.names).toEqual(cut.names);
    for (const weight of cut.names) {
      const [a, b] = [cut.weight(weight), written.weight(weight)].map((one) => one.readFloat32());
      const worst = a!.reduce((most, value, i) => Math.max(most, Math.abs(value - b![i]!)), 0);
      expect(worst, weight).toBeLessThan(2e-3);
    }
    expect(written.leftOut).toEqual([]);
    written.close();
    model.close();
  });

  // What llama.cpp computes of such files is compared by `npm run compatibility`.
  test("has zeros where llama.cpp needs a half", async () => {
    const { model, file } = await opened("llama");
    const kept: Kept[] = ["mlp", "attention"];
    const cut = mergedModel(model, kept, { kind: "none" }, () => undefined);
    await writeGgufModel(file, cut, model.tokenizer, { mix: "Q8_0", ...about });
    const written = openTensorFile(file);
    const { tensors, metadata } = written;
    const list = (key: string) => [...(metadata.get(`deci.${key}`) as Int32Array)];
    const { heads } = attentionsOf(model.config)[0]!;
    expect(list("attention.head_count")).toEqual([1, heads]);
    expect(list("feed_forward_length").at(-1)).toBe(32);
    for (const zero of ["blk.0.attn_output.weight", "blk.1.ffn_down.weight"])
      expect(
        tensors
          .get(zero)!
          .readFloat32()
          .every((value) => value === 0),
      ).toBe(true);
    written.close();
    model.close();
  });

  test("is refused by the name of the program where it has no form", async () => {
    const { model, file } = await opened("gemma3");
    const half = { ...model, sections: model.sections.map(() => "mlp" as const) };
    const writing = writeGgufModel(file, half, model.tokenizer, { mix: "F16", ...about });
    const failure = { code: "not-expressible", program: "llama.cpp", reason: "half-blocks" };
    await expect(writing).rejects.toMatchObject({ failure });
    model.close();
  });
});

async function opened(name: string): Promise<{ model: OpenModel; file: string }> {
  const folder = temporaryFolder();
  const source = join(folder, "source.gguf");
  writeFileSync(source, ggufFile(readGguf(name)));
  return { model: await openModel(source), file: join(folder, "written.gguf") };
}
