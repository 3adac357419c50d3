/** Exports of cuts that only a graph of ours can hold; the other formats are in test/main/cli/export.test.ts. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { ChatForm } from "../../../../main/trimming/chat/chat-model.ts";
import { exportAs } from "../../../../main/trimming/export/export-as.ts";
import type { Kept } from "../../../../native-models/model.ts";
import { isUnfinished } from "../../../../native-models/formats/atomic.ts";
import { openModel } from "../../../../native-models/open-model.ts";
import { mergedModel } from "../../../../native-models/training/merge.ts";
import { ggufFile, readGguf } from "../../../native-models/architectures/golden-gguf.ts";

const folder = mkdtempSync(join(tmpdir(), "coppice-export-as-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Exports what `kept` leaves of a tiny model as ONNX. */
async function exported(name: string, kept: (block: number) => Kept, chatForm: ChatForm = {}) {
  const path = join(folder, `${name}.gguf`);
  writeFileSync(path, ggufFile(readGguf(name)));
  const model = await openModel(path);
  const sections = model.sections.map((_, block) => kept(block));
  const cut = mergedModel(model, sections, { kind: "none" }, () => undefined);
  const output = join(folder, `${name}-out`);
  try {
    return await exportAs(cut, model.tokenizer, {
      format: "onnx",
      mix: "FP32",
      name,
      licence: null,
      card: "",
      baseMix: null,
      baseName: name,
      output,
      adapted: null,
      threads: 1,
      base: { storage: "f32", streamed: false },
      maxTokens: 64,
      chatForm,
      examples: [{ prompt: "the river", completion: " ran over the stones" }],
    } as Parameters<typeof exportAs>[2]);
  } finally {
    model.close();
  }
}

test.each(["gemma3", "lfm2", "qwen3_5"])("half blocks of %s are exported as ONNX", async (name) => {
  const half = (block: number): Kept => (block === 0 ? "mlp" : block === 1 ? "attention" : "block");
  const { check } = await exported(name, half);
  expect(check.largestDifference).toBeLessThan(1e-4);
  expect(check.sameTop).toBe(1);
  expect(check.perplexity!.after / check.perplexity!.before).toBeCloseTo(1, 4);
});

test("an export for another program says that a stored prompt is not in it", async () => {
  const whole = (): Kept => "block";
  expect((await exported("llama", whole, { prompt: new Float32Array(8) })).notes).toEqual(["without-prompt"]);
  rmSync(join(folder, "llama-out"), { recursive: true });
  expect((await exported("llama", whole)).notes).toEqual([]);
  rmSync(join(folder, "llama-out"), { recursive: true });
});

test("what has no attention left is not, and nothing is written", async () => {
  await expect(exported("llama", () => "mlp")).rejects.toMatchObject({
    failure: { code: "not-expressible", program: "onnx", reason: "no-attention" },
  });
  expect(existsSync(join(folder, "llama-out"))).toBe(false);
  expect(readdirSync(folder).filter(isUnfinished)).toEqual([]);
});
