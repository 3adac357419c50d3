import { copyFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { writeGguf } from "../../../native-models/formats/gguf/write.ts";
import type { GgufEntry } from "../../../native-models/formats/gguf/write.ts";
import { ggufFiles, openGguf } from "../../../native-models/formats/gguf/read.ts";
import { openTensorFile } from "../../../native-models/formats/open.ts";
import { stringsOf } from "../../../native-models/formats/string-list.ts";
import { encoded, fromFloat32 } from "../../../native-models/formats/views.ts";
import { SUPPORTED_TYPES } from "../../../native-models/formats/gguf/constants.ts";
import { failureIn, floatsOf, golden, goldenPath, temporaryFolder, written } from "./fixtures.ts";
import { entry, gguf, TYPE, u32, u64 } from "./gguf-bytes.ts";

const folder = temporaryFolder();

describe("a GGUF of the reference writer", () => {
  const path = goldenPath("reference.gguf");
  const reference = golden("reference.gguf.json") as Record<
    string,
    { shape: number[]; values: string | null }
  >;

  test("reads every kind of metadata", () => {
    const file = openGguf(path);
    const { metadata } = file;
    expect(metadata.get("general.architecture")).toBe("llama");
    expect(metadata.get("test.u64")).toBe(2n ** 63n + 1n);
    expect(metadata.get("test.i64")).toBe(-5);
    expect(metadata.get("test.i8")).toBe(-3);
    expect(metadata.get("test.u16")).toBe(65535);
    expect(metadata.get("test.f32")).toBe(0.5);
    expect(metadata.get("test.f64")).toBe(0.1);
    expect(metadata.get("test.bool")).toBe(true);
    expect(metadata.get("test.string")).toBe("déjà vu 🌳");
    expect(metadata.get("test.strings")).toEqual(["a", "", "ü"]);
    expect(metadata.get("test.integers")).toEqual(Int32Array.of(1, -2, 3));
    expect(metadata.get("test.floats")).toEqual(Float32Array.of(0.25, -1.5));
    expect(metadata.get("test.booleans")).toEqual([true, false]);
    file.close();
  });

  test("gives the gguf package's shapes for every type, and its values for those that are decoded", () => {
    const file = openGguf(path);
    expect([...file.tensors.keys()].sort()).toEqual(Object.keys(reference).sort());
    for (const [name, { shape, values }] of Object.entries(reference)) {
      const weight = file.tensors.get(name)!;
      expect(weight.shape).toEqual(shape);
      if (values === null) continue;
      expect(weight.storage).toBe(name);
      expect(weight.readFloat32()).toEqual(floatsOf(values));
      expect(weight.readFloat32(1, 2)).toEqual(floatsOf(values).slice(weight.columns));
    }
    file.close();
  });

  test("opens even if tensors cannot be decoded, and names each, its type and the supported types", () => {
    const file = openGguf(path);
    const types = Object.entries(reference).map(([name, { values }]) => ({ name, decodes: values !== null }));
    const namesOf = (decoded: boolean) =>
      types.flatMap(({ name, decodes }) => (decodes === decoded ? [name.toUpperCase()] : [])).sort();
    expect([...file.unsupported.values()].sort()).toEqual(namesOf(false));
    const supported = SUPPORTED_TYPES;
    expect([...supported].sort()).toEqual(namesOf(true));
    const expected = { code: "unsupported-tensor-type", path, tensor: "i8", type: "I8", supported };
    expect(failureIn(() => file.tensors.get("i8")!.readFloat32())).toEqual(expected);
    expect(failureIn(() => file.tensors.get("i8")!.storage)).toEqual(expected);
    file.close();
  });
});

describe("openGguf on a model in parts", () => {
  const part = (number: number) => goldenPath(`split-0000${number}-of-00003.gguf`);

  test.each([1, 2, 3])("opens all parts by the path of part %i, as the gguf package wrote them", (number) => {
    const file = openTensorFile(part(number));
    expect(file.metadata.get("test.u32")).toBe(7);
    expect([...file.tensors].map(([name, { shape }]) => [name, shape])).toEqual([
      ["a", [1, 32]],
      ["b", [2, 32]],
      ["c", [1, 32]],
      ["d", [3, 32]],
    ]);
    for (const { rows, readFloat32 } of [...file.tensors.values()].map((weight) => ({
      rows: weight.rows,
      readFloat32: () => weight.readFloat32(),
    })))
      expect(readFloat32()).toEqual(Float32Array.from({ length: 32 * rows }, (_, i) => i));
    expect(file.sizeBytes).toBe([1, 2, 3].reduce((sum, i) => sum + statSync(part(i)).size, 0));
    file.close();
  });

  test("names the part that is missing", () => {
    const copy = join(folder, "model-00002-of-00003.gguf");
    copyFileSync(part(2), copy);
    const first = join(folder, "model-00001-of-00003.gguf");
    expect(failureIn(() => openGguf(copy))).toEqual({ code: "missing-part", path: first, part: 1, parts: 3 });
    copyFileSync(part(1), first);
    const last = join(folder, "model-00003-of-00003.gguf");
    expect(failureIn(() => openGguf(copy))).toEqual({ code: "missing-part", path: last, part: 3, parts: 3 });
    expect(ggufFiles(copy)).toEqual([first, copy]);
    const renamed = join(folder, "renamed.gguf");
    copyFileSync(part(1), renamed);
    expect(failureIn(() => openGguf(renamed))).toMatchObject({ code: "missing-part", part: 2 });
    expect(ggufFiles(renamed)).toEqual([renamed]);
  });
});

describe("writeGguf", () => {
  test("reads back as it was written, in every storage type", async () => {
    const path = join(folder, "written.gguf");
    const matrix = fromFloat32(
      "f32",
      [3, 64],
      Float32Array.from({ length: 192 }, (_, i) => Math.cos(i)),
    );
    const others = (["f16", "bf16", "q8_0", "q4_0"] as const).map((storage) =>
      encoded(fromFloat32(storage, [3, 64], matrix.readFloat32()), storage),
    );
    const vector = fromFloat32("vector", [5], Float32Array.of(1, 2, 3, 4, 5));
    const weights = [vector, matrix, ...others];
    const metadata = new Map<string, GgufEntry>([
      ["general.architecture", "llama"],
      ["llama.rope.freq_base", { type: "f32", value: 10000 }],
      ["llama.block_count", { type: "u32", value: 8 }],
      ["big", { type: "u64", value: 2n ** 60n }],
      ["yes", true],
      ["tokens", ["a", "ü"]],
      ["flags", [true, false]],
      ["scores", Float32Array.of(0.5, -1)],
      ["wide", BigInt64Array.of(-1n)],
    ]);
    await writeGguf(path, metadata, weights);
    const file = openGguf(path);
    expect(file.metadata.get("llama.rope.freq_base")).toBe(10000);
    expect(file.metadata.get("llama.block_count")).toBe(8);
    expect(file.metadata.get("big")).toBe(2n ** 60n);
    for (const key of ["general.architecture", "yes", "tokens", "flags", "scores", "wide"]) {
      expect(file.metadata.get(key)).toEqual(metadata.get(key));
    }
    expect([...file.tensors.keys()]).toEqual(["vector", "f32", "f16", "bf16", "q8_0", "q4_0"]);
    for (const weight of weights) {
      const back = file.tensors.get(weight.name)!;
      expect([back.storage, back.shape]).toEqual([weight.storage, weight.shape]);
      expect(back.read(0, back.rows)).toEqual(weight.read(0, weight.rows));
    }
    file.close();
  });

  test("reads back if the header is larger than one read", async () => {
    const path = join(folder, "large-header.gguf");
    const tokens = Array.from({ length: 200_000 }, (_, i) => `token ${i * i}`);
    const scores = Float32Array.from(tokens, (_, i) => -i);
    await writeGguf(
      path,
      new Map<string, GgufEntry>([
        ["scores", scores],
        ["tokens", tokens],
        ["last", true],
      ]),
      [],
    );
    const file = openGguf(path);
    expect([...stringsOf(file.metadata.get("tokens"))!]).toEqual(tokens);
    expect(file.metadata.get("scores")).toEqual(scores);
    expect(file.metadata.get("last")).toBe(true);
    file.close();
  });
});

describe("what the format allows", () => {
  test("version 2, another alignment, no tensors, arrays in arrays", () => {
    const entries = [
      entry("general.alignment", TYPE.u32, u32(64)),
      entry("deep", TYPE.array, u32(TYPE.array), u64(1), u32(TYPE.u32), u64(2), u32(7), u32(8)),
    ];
    const path = written(join(folder, "allowed.gguf"), gguf({ version: 2, entries, alignment: 64 }));
    const file = openGguf(path);
    expect(file.metadata.get("deep")).toEqual([Uint32Array.of(7, 8)]);
    expect([...file.tensors.get("w")!.readFloat32()]).toEqual(new Array(64).fill(0));
    file.close();
    const vocabulary = openGguf(written(path, gguf({ tensors: [], dataBytes: 0 })));
    expect(vocabulary.tensors.size).toBe(0);
    vocabulary.close();
  });

  test("keys and names like JavaScript's own properties", () => {
    const entries = ["__proto__", "constructor"].map((key) => entry(key, TYPE.u32, u32(1)));
    const file = openGguf(written(join(folder, "proto.gguf"), gguf({ entries })));
    expect([...file.metadata]).toEqual([
      ["__proto__", 1],
      ["constructor", 1],
    ]);
    file.close();
  });
});

describe("a model in GGUF and in safetensors", () => {
  /** The GGUF's names, and those of the same tensors in Hugging Face's layout; q and k rows are permuted there. */
  const pairs = [
    ["token_embd.weight", "model.embed_tokens.weight"],
    ["output_norm.weight", "model.norm.weight"],
    ["blk.0.attn_v.weight", "model.layers.0.self_attn.v_proj.weight"],
    ["blk.0.attn_output.weight", "model.layers.0.self_attn.o_proj.weight"],
    ["blk.1.ffn_down.weight", "model.layers.1.mlp.down_proj.weight"],
    ["blk.1.ffn_norm.weight", "model.layers.1.post_attention_layernorm.weight"],
  ] as const;

  test.each([
    ["tiny-llama-F32.gguf", 0],
    ["tiny-llama-F16.gguf", 2 ** -11],
  ])("%s has the values of the safetensors", (name, tolerance) => {
    const file = openTensorFile(goldenPath(name));
    const reference = openTensorFile(goldenPath("tiny-llama"));
    expect([file.format, reference.format]).toEqual(["gguf", "safetensors"]);
    for (const [ours, theirs] of pairs) {
      const weight = file.tensors.get(ours)!;
      const expected = reference.tensors.get(theirs)!;
      expect(weight.shape).toEqual(expected.shape);
      const values = expected.readFloat32();
      const worst = weight.readFloat32().reduce((worst, value, i) => {
        return Math.max(worst, Math.abs(value - values[i]!) / Math.max(1e-4, Math.abs(values[i]!)));
      }, 0);
      expect(worst, ours).toBeLessThanOrEqual(tolerance);
    }
    expect(file.metadata.get("tokenizer.ggml.tokens")).toHaveLength(512);
    file.close();
    reference.close();
  });
});
