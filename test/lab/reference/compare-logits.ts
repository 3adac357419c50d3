/**
 * Compares the logits of models (GGUF files or Hugging Face folders) with transformers' in float32, at every token of a
 * row of TOKENS arbitrary ids. Ends with 1 where one differs by more than 1e-3.
 *
 *   node build/run.js test/lab/reference/compare-logits.ts TOKENS MODEL…
 */
import { logits } from "../bench/coppice/logits.ts";
import { arbitraryIds } from "../bench/harness/models.ts";
import { referenceLogits } from "../bench/logits.ts";
import { openModel } from "../../../native-models/open-model.ts";

const [tokens, ...paths] = process.argv.slice(2);
if (!tokens || paths.length === 0)
  throw new Error("node build/run.js test/lab/reference/compare-logits.ts TOKENS MODEL…");

for (const path of paths) {
  const model = await openModel(path);
  const { vocabularySize } = model.config;
  model.close();
  const ids = arbitraryIds(1, Number(tokens), vocabularySize);
  const expected = referenceLogits(path, ids);
  const given = await logits(path, ids);
  let [worst, largest] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(given[i]! - expected[i]!);
    worst = difference <= worst ? worst : Number.isNaN(difference) ? Infinity : difference;
    largest = Math.max(largest, Math.abs(expected[i]!));
  }
  console.log(
    `${path}: largest difference ${worst.toExponential(1)}, largest logit ${largest.toFixed(1)}, ${tokens} tokens`,
  );
  if (given.length !== expected.length || worst > 1e-3) process.exitCode = 1;
}
