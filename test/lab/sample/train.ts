/**
 * Trains the sample's weights from scratch with the product's own trainer, a full update on general text, and writes
 * native-models/sample/model/model.safetensors. It saves as it goes, into .cache/sample-training: run again after an
 * interruption, it continues. `--rows N` trains on N documents instead of all.
 */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Control } from "../../../main/trimming/job-control.ts";
import { scoreRows, total } from "../../../main/trimming/evaluation/evaluate.ts";
import { modelOfSnapshot } from "../../../main/trimming/export/trained.ts";
import { exampleRow } from "../../../main/trimming/rows/rows.ts";
import { Trainer } from "../../../main/trimming/training/train.ts";
import { Journal } from "../../../main/trimming/journal/checkpoint.ts";
import { architectureOf } from "../../../native-models/architectures/registry.ts";
import { writeSafetensorsFolder } from "../../../native-models/formats/safetensors/write.ts";
import { encoded, fromFloat32 } from "../../../native-models/formats/views.ts";
import type { Model } from "../../../native-models/model.ts";
import { tokenizerFromFolder } from "../../../native-models/tokenizer.ts";
import { Batcher } from "../../../native-models/training/batch.ts";
import type { TokenRow } from "../../../native-models/training/batch.ts";
import { Stack } from "../../../native-models/training/stack.ts";
import type { Example } from "../../../preload/contract/data/data.ts";
import { Optimizer } from "../../../preload/contract/plans/plan.ts";
import { documentCounts, pretrainingRows, sampleSeed } from "./contents.ts";
import { initialWeights, modelConfig } from "./model-files.ts";

const root = resolve(import.meta.dirname, "../../..");
const folder = join(root, "native-models", "sample", "model");
const { values } = parseArgs({
  options: { rows: { type: "string", default: String(documentCounts.train) } },
});

const optimizer = Optimizer.parse({
  learningRate: 2e-3,
  rowsPerStep: 32,
  warmupSteps: 60,
});
const method = { kind: "full" } as const;
const plan = { seed: sampleSeed, method, optimizer, trim: { distillation: 0 } as never };

const tokenizer = await tokenizerFromFolder(folder);
const { train, valid } = pretrainingRows(sampleSeed);
/** Every token is learnt, a prompt's too. */
const rowOf = (example: Example): TokenRow[] => {
  const row = exampleRow(tokenizer, example, modelConfig.max_position_embeddings);
  return row ? [{ ids: row.ids, promptLength: 1 }] : [];
};
const rows = train.flatMap(rowOf);
const held = valid.flatMap(rowOf);

const model = startingModel();
const stack = Stack.open(model, { threads: 2, trainable: method });
const batcher = new Batcher();
const journal = await Journal.open(join(root, ".cache", "sample-training"));
const started = performance.now();
let tokens = 0;
const trainer = new Trainer({
  stack,
  rows,
  batcher,
  plan,
  journal,
  onTokens: (count) => (tokens += count),
  context: {
    control: new Control(),
    report: (event) => {
      if (event.event !== "step" || event.step % 25 !== 0) return;
      const speed = tokens / ((performance.now() - started) / 1000);
      console.log(`step ${event.step}: loss ${event.loss.toFixed(4)}, ${speed.toFixed(0)} tokens/s`);
    },
  },
});
await trainer.restore();
await trainer.run({
  name: "from scratch",
  rows: Number(values.rows),
  teacher: null,
  rate: { peak: optimizer.learningRate, warmupSteps: optimizer.warmupSteps, decay: { part: 1, of: 1 } },
});
const nll = await scoreRows(held, batcher, (batch) => stack.nll(batch));
const labels = nll.reduce((sum, row) => sum + row.length, 0);
console.log(
  `held-out loss ${(nll.reduce((sum, row) => sum + total(row), 0) / labels).toFixed(4)} on ${labels} tokens`,
);

const trained = await modelOfSnapshot(model, { method }, journal, await trainer.snapshot());
await writeSafetensorsFolder(
  folder,
  trained.names.map((name) => encoded(trained.weight(name), "f16")),
);
console.log(`wrote ${join(folder, "model.safetensors")}`);

function startingModel(): Model {
  const json = JSON.parse(readFileSync(join(folder, "config.json"), "utf8")) as Record<string, unknown>;
  const weights = new Map(
    [...initialWeights(sampleSeed)].map(({ name, shape, data }) => [name, fromFloat32(name, shape, data)]),
  );
  const architecture = architectureOf(String(json.model_type));
  const config = architecture.config(json, folder);
  return {
    path: folder,
    architecture,
    config,
    sections: config.blocks.map(() => "block" as const),
    json,
    generation: {},
    names: [...weights.keys()],
    weight: (name) => weights.get(name)!,
  };
}
