/** SmolLM2-135M-Instruct in Q4_1, the GGUF file that COPPICE_SMOLLM2 names: all its weights, and its tokenizer. */
import { statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openGguf } from "../../native-models/formats/gguf/read.ts";
import { tokenizerFromGguf } from "../../native-models/tokenizer.ts";
import { referenceTokenizers } from "../native-models/tokenizer/reference.ts";
import { real } from "./material.ts";

const path = process.env["COPPICE_SMOLLM2"] ?? "";

describe.skipIf(path === "")("SmolLM2-135M (COPPICE_SMOLLM2 names its GGUF file)", () => {
  test("opens without reading its weights, and reads all of them", () => {
    const before = process.memoryUsage().arrayBuffers;
    const file = openGguf(path);
    expect(file.sizeBytes).toBe(statSync(path).size);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20e6);
    expect(file.metadata.get("tokenizer.ggml.tokens")).toHaveLength(49152);
    let values = 0;
    for (const weight of file.tensors.values()) {
      const read = weight.readFloat32();
      values += read.length;
      expect(Number.isFinite(read.reduce((sum, value) => sum + value, 0))).toBe(true);
    }
    expect(values).toBe(134_515_008);
    file.close();
  });

  test("gives the ids of the tokenizer.json that was rebuilt from it", () => {
    const ids = new URL("tokenizer-ids.json", import.meta.url);
    const { references } = referenceTokenizers(ids, (name) => real(`tokenizers/${name}`));
    const file = openGguf(path);
    file.close();
    const tokenizer = tokenizerFromGguf(file.metadata);
    const { rows } = references.find(({ name }) => name === "smollm2-rebuilt-from-gguf")!;
    for (const { text, document, prompt, decoded } of rows!) {
      expect(tokenizer.encode(text)).toEqual(document);
      expect(tokenizer.encode(text, { special: true })).toEqual(prompt);
      expect(tokenizer.decode(document)).toBe(decoded);
    }
    expect(tokenizer).toMatchObject({ vocabularySize: 49152, bosId: 1, addsBos: false, notices: [] });
    expect(tokenizer.eosIds).toEqual([2, 0]);
    expect(tokenizer.chatTemplate).toContain("<|im_start|>");
  });
});
