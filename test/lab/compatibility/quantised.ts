/** The perplexity of a model's files in each type of ours, beside those that llama.cpp's own quantiser makes of the same F16 file. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { scoreRows } from "../../../main/trimming/evaluation/evaluate.ts";
import { writeGgufModel } from "../../../native-models/exporting/gguf-model.ts";
import { MIXES } from "../../../native-models/exporting/mixes.ts";
import type { Mix } from "../../../native-models/exporting/mixes.ts";
import { openModel } from "../../../native-models/open-model.ts";
import type { OpenModel } from "../../../native-models/open-model.ts";
import { Batcher } from "../../../native-models/training/batch.ts";
import { Stack } from "../../../native-models/training/stack.ts";
import { nodeLlamaCpp, pythonEnvironment, REFERENCE_FOLDER, referencePython } from "../reference/setup.ts";
import type { Results } from "./results.ts";

/** The text: the decisions, as far as they go. */
const DECISIONS = fileURLToPath(new URL("../../../docs/decisions", import.meta.url));
const [ROWS, ROW_TOKENS] = [4, 512];

/** Measures the types whose name contains `only`; `save` is called after each. */
export async function tryQuantised(
  path: string,
  only: string,
  { quantised }: Results,
  save: () => void,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "coppice-quantised-"));
  try {
    const place = (name: string) => join(folder, `${name}.gguf`);
    const model = await openModel(path);
    await write(place("F16"), model, "F16");
    model.close();
    const source = await openModel(place("F16"));
    const types = (quantised[basename(path)] ??= {});
    for (const mix of MIXES.filter((name) => name !== "F16" && name.includes(only))) {
      await write(place("ours"), source, mix);
      quantiseByLlama(place("F16"), mix, place("theirs"));
      const [ours, theirs] = [await openModel(place("ours")), await openModel(place("theirs"))];
      const differing = ours.names.filter((name) => !sameValues(ours, theirs, name)).length;
      const perplexityOfTheirs = await perplexity(theirs);
      types[mix] = {
        theirs: perplexityOfTheirs,
        ours: differing === 0 ? perplexityOfTheirs : await perplexity(ours),
        differing,
        weights: ours.names.length,
      };
      console.log(mix, types[mix]);
      ours.close();
      theirs.close();
      save();
    }
    source.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const write = (path: string, model: OpenModel, mix: Mix) =>
  writeGgufModel(path, model, model.tokenizer, { mix, name: "tried", licence: null });

function quantiseByLlama(source: string, mix: Mix, target: string): void {
  const packages = join(dirname(nodeLlamaCpp()), "..", "..", "@node-llama-cpp");
  const system = `${process.platform}-${process.arch}`;
  const libraries = join(packages, system, "bins", system);
  execFileSync(referencePython(), [join(REFERENCE_FOLDER, "quantise.py"), libraries, source, mix, target], {
    env: pythonEnvironment(),
    stdio: ["ignore", "ignore", "pipe"],
  });
}

function sameValues(a: OpenModel, b: OpenModel, name: string): boolean {
  const [ours, theirs] = [a.weight(name).readFloat32(), b.weight(name).readFloat32()];
  return Buffer.compare(bytesOf(ours), bytesOf(theirs)) === 0;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array) =>
  Buffer.from(buffer, byteOffset, byteLength);

/** exp of the mean negative log-likelihood of the text's tokens, computed in f32 from the file's values. */
async function perplexity(model: OpenModel): Promise<number> {
  const { tokenizer } = model;
  const text = readdirSync(DECISIONS)
    .sort()
    .map((name) => readFileSync(join(DECISIONS, name), "utf8"))
    .join("\n")
    .slice(0, 8 * ROWS * ROW_TOKENS);
  const ids = tokenizer.encode(text);
  const start = tokenizer.addsBos && tokenizer.bosId !== null ? [tokenizer.bosId] : [];
  const rows = Array.from({ length: ROWS }, (_, row) => ({
    ids: [...start, ...ids.slice(row * ROW_TOKENS, (row + 1) * ROW_TOKENS)],
    promptLength: 1,
  }));
  const stack = Stack.open(model, { threads: 2, trainable: { kind: "none" }, storage: "f32" });
  const nll = await scoreRows(rows, new Batcher(), (batch) => stack.nll(batch));
  await stack.close();
  const all = nll.flatMap((row) => [...row]);
  return Math.exp(all.reduce((sum, one) => sum + one, 0) / all.length);
}
