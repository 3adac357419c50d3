/**
 * Which products of int4 chat weights should keep 8 bits: docs/methods.md. The last depth of a study's run, whose weights
 * were kept, is scored as it runs in chat: in int4, in int8, and in int4 with the products that each selection method raises to 8 bits for a
 * share of the blocks' bytes.
 *
 *     node build/run.js test/lab/study/mixed-bits.ts --model MODEL --run FOLDER/SET-MODEL-s1/coppice-50 --rows FOLDER/data-SET/rows --out FILE
 *
 * Figures stay in FILE: the same call continues with the missing arms.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { requiredSplit } from "../../../main/documents/stored/split-files.ts";
import { scoreInChat } from "../../../main/trimming/chat/chat-model.ts";
import type { ChatForm } from "../../../main/trimming/chat/chat-model.ts";
import { chosenProducts, gainsOf } from "../../../main/trimming/methods/mixed-bits.ts";
import type { ProductGain } from "../../../main/trimming/methods/mixed-bits.ts";
import { evaluationRows } from "../../../main/trimming/evaluation/evaluate.ts";
import { calibrationRows, heldOutRows } from "../../../main/trimming/evaluation/held-out-rows.ts";
import { readPlanned } from "../../../main/trimming/run/planned-data.ts";
import { productBytes, raisedBytes } from "../../../native-models/inference/products.ts";
import type { Product } from "../../../native-models/inference/products.ts";
import { productsOf } from "../../../native-models/inference/whole-model-graph.ts";
import { Random } from "../../../native-models/random.ts";
import { Batcher } from "../../../native-models/training/batch.ts";
import { readArguments } from "../../command-line.ts";
import { KEPT_RUN_OPTIONS, openKeptRun } from "./kept-run.ts";

const USAGE =
  "node build/run.js test/lab/study/mixed-bits.ts --model MODEL --run FOLDER --rows FOLDER --out FILE [--shares 0.05,0.1,0.2,0.4] [--calibration 64]";

const { values } = readArguments(USAGE, {
  options: {
    ...KEPT_RUN_OPTIONS,
    shares: { type: "string", default: "0.05,0.1,0.2,0.4" },
    calibration: { type: "string", default: "64" },
    depth: { type: "string", default: "healed" },
    seed: { type: "string", default: "1" },
  },
});

const Score = z.object({ accuracy: z.number().nullable(), nll: z.number().nullable() });
const Figures = z.object({
  scanSeconds: z.number(),
  /** For each product: nats per label gained by raising only this product to 8 bits. */
  gains: z.record(z.string(), z.number()),
  arms: z.record(
    z.string(),
    z.object({ products: z.number(), moreBytes: z.number(), valid: Score, test: Score }),
  ),
});

const threads = Number(values.threads);
const out = values.out!;
const places = { model: values.model!, run: values.run!, rows: values.rows! };
const { base, plan, depth } = await openKeptRun(
  places,
  { threads, seed: Number(values.seed), trim: { calibrationRows: Number(values.calibration) } },
  values.depth,
);
const data = readPlanned(plan);
const scored = (split: "valid" | "test") =>
  evaluationRows(base.tokenizer, requiredSplit(values.rows!, split), data.style, plan.maxTokens);
const [valid, test] = [scored("valid"), scored("test")];
const products = productsOf(depth);
const figures = existsSync(out) ? Figures.parse(JSON.parse(readFileSync(out, "utf8"))) : await scanned();

await measured("int8", { precision: "int8" });
await measured("int4", { precision: "int4" });
const whole = productBytes(products);
const random = new Random(plan.seed, "mixed bits");
const gainBy = (of: (product: Product) => number) =>
  products.map((product): ProductGain => ({ product, nll: of(product) }));
const ways = {
  nll: gainBy(({ name }) => figures.gains[name]!),
  chance: gainBy(({ codeBytes }) => codeBytes * random.uniform()),
};
for (const share of values.shares.split(",").map(Number))
  for (const [way, order] of Object.entries(ways)) {
    const raised = chosenProducts(order, share * whole).map(({ name }) => name);
    await measured(`int4, ${100 * share}% by ${way}`, { precision: "int4", raised });
  }
base.close();

async function scanned(): Promise<z.infer<typeof Figures>> {
  const rows = calibrationRows(heldOutRows(base.tokenizer, data, plan.maxTokens), plan);
  const started = process.cpuUsage();
  const found = await gainsOf({
    model: depth,
    plan,
    rows,
    batcher: new Batcher(),
    folder: tmpdir(),
    worked: () => Promise.resolve(),
  });
  const { user, system } = process.cpuUsage(started);
  const byName = found.map(({ product, nll }) => [product.name, nll] as const);
  return { scanSeconds: (user + system) / 1e6, gains: Object.fromEntries(byName), arms: {} };
}

async function measured(arm: string, form: ChatForm): Promise<void> {
  const { raised = [] } = form;
  figures.arms[arm] ??= {
    products: raised.length,
    moreBytes: raisedBytes(products, raised),
    valid: await scoreOf(valid, form),
    test: await scoreOf(test, form),
  };
  writeFileSync(out, JSON.stringify(figures, null, 2));
  console.log(arm, JSON.stringify(figures.arms[arm]));
}

/** Scores the rows as chat does. */
async function scoreOf(rows: typeof valid, form: ChatForm): Promise<z.infer<typeof Score>> {
  const folder = mkdtempSync(join(tmpdir(), "coppice-chat-"));
  try {
    const how = { rows, yieldToEventLoop: () => Promise.resolve(), ...form };
    const evaluation = await scoreInChat(depth, folder, threads, how);
    const { accuracy, answerNll, perplexity } = evaluation!;
    const nll = answerNll ?? (perplexity === null ? null : Math.log(perplexity));
    return { accuracy: accuracy?.value ?? null, nll };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
