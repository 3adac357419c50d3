/**
 * Which products of an int4 chat model get 8 bits: those with which it comes nearest to the model in int8, for each byte. Measured on
 * validation rows, by the divergence from what the model says in int8 rather than by the NLL of answers: rounding shifts the NLL of a few
 * rows up or down by chance, more than one product's bits change it (docs/decisions/0044-mixed-bits.md).
 */
import { productsOf } from "../../../native-models/inference/whole-model-graph.ts";
import type { Product } from "../../../native-models/inference/products.ts";
import type { Model } from "../../../native-models/model.ts";
import type { Batch, Batcher } from "../../../native-models/training/batch.ts";
import type { SoftTargets } from "../../../native-models/training/head.ts";
import type { Stack } from "../../../native-models/training/stack.ts";
import type { TrimPlan } from "../../../preload/contract/plan.ts";
import { isBetterInChat } from "../../../preload/contract/run.ts";
import type { ChatValidation, RaisedPart } from "../../../preload/contract/run.ts";
import { batchesOf, onlyAnswer } from "./held-out-rows.ts";
import type { CalibrationRow } from "./held-out-rows.ts";
import { openToMeasure } from "./open-stack.ts";

/** Tokens at each place whose probabilities are compared; all others count as one. */
const COMPARED_TOKENS = 32;

export interface ScanInput {
  readonly model: Model;
  readonly plan: Pick<TrimPlan, "threads" | "base">;
  /** Their right answers are what is compared; their other choices are ignored. */
  readonly rows: readonly CalibrationRow[];
  readonly batcher: Batcher;
  /** Gets the file of streamed weights, which is removed again. */
  readonly folder: string;
  /** The work done, in token passes through one block; called often, where it may wait. */
  readonly worked: (work: number) => Promise<void>;
}

/** A product, and what 8 bits for it alone win, per label: of the divergence from int8, and of the NLL. In nats. */
export interface ProductGain {
  readonly product: Product;
  readonly divergence: number;
  readonly nll: number;
}

/**
 * The gain of each product, in the order of the model. The blocks below a product are computed once for all products above them. Throws
 * the errors of reading the model and writing `folder`.
 */
export async function gainsOf(input: ScanInput): Promise<ProductGain[]> {
  const { model, rows, batcher } = input;
  const groups = [...batchesOf(rows.map(onlyAnswer), batcher)];
  const labels = groups.reduce((sum, { batch }) => sum + batch.labels.length, 0);
  if (labels === 0) return [];
  const compared: Compared[] = [];
  const int8 = openAs("q8", input);
  try {
    for (const { batch } of groups) {
      compared.push({ batch, targets: await spokenBy(int8, batch), hidden: int8.embedded(batch) });
      await input.worked(batch.tokens.length * model.sections.length);
    }
  } finally {
    await int8.close();
  }
  const int4 = openAs("q4", input);
  try {
    return await scan(int4, compared, labels, input);
  } finally {
    await int4.close();
  }
}

const openAs = (storage: "q8" | "q4", { model, plan: { threads, base }, folder }: ScanInput): Stack =>
  openToMeasure(model, { threads, base: { ...base, storage } }, folder);

/** A batch, what the model in int8 says at its labels, and the stream before the block that is next. */
interface Compared {
  readonly batch: Batch;
  readonly targets: SoftTargets;
  hidden: Float32Array;
}

async function spokenBy(stack: Stack, batch: Batch): Promise<SoftTargets> {
  const count = Math.min(COMPARED_TOKENS, stack.model.config.vocabularySize);
  const { tokens } = await stack.record(batch, { tokens: { count, temperature: 1 }, blocks: [] });
  return { ...tokens!, temperature: 1, strength: 1 };
}

async function scan(
  stack: Stack,
  compared: readonly Compared[],
  labels: number,
  { model, worked }: ScanInput,
): Promise<ProductGain[]> {
  const products = productsOf(model);
  const blocks = model.sections.length;
  /** The losses per label with the blocks from `first` on, one product of which may have 8 bits. */
  const losses = async (first: number, product?: Product) => {
    const sum = { divergence: 0, nll: 0 };
    const otherwise = product && stack.storedOtherwise(product.block, product.weights, "q8");
    for (const { batch, targets, hidden } of compared) {
      const last = await stack.forwardFrom(batch, hidden, { first, ...(otherwise && { otherwise }) });
      const { loss, divergence } = await stack.lossesAfter(batch, last, targets);
      sum.divergence += divergence / labels;
      sum.nll += loss / labels;
      await worked(batch.tokens.length * (blocks - first));
    }
    return sum;
  };
  const rounded = await losses(0);
  const gains: ProductGain[] = [];
  for (let block = 0; block < blocks; block++) {
    for (const product of products.filter((one) => one.block === block)) {
      const { divergence, nll } = await losses(block, product);
      gains.push({ product, divergence: rounded.divergence - divergence, nll: rounded.nll - nll });
    }
    for (const one of compared) {
      const next = await stack.forwardFrom(one.batch, one.hidden, { first: block, end: block + 1 });
      one.hidden = next.slice();
      await worked(one.batch.tokens.length);
    }
  }
  return gains;
}

/** The products that win most for each byte and together take no more than `bytes` beyond 4 bits, in the order of the model. */
export function chosenProducts(gains: readonly ProductGain[], bytes: number): Product[] {
  const worth = ({ divergence, product }: ProductGain) => divergence / product.codeBytes;
  const best = gains.filter(({ divergence }) => divergence > 0).sort((a, b) => worth(b) - worth(a));
  let left = bytes;
  const chosen = new Set<Product>();
  for (const { product } of best) {
    if (product.codeBytes > left) continue;
    left -= product.codeBytes;
    chosen.add(product);
  }
  return gains.flatMap(({ product }) => (chosen.has(product) ? [product] : []));
}

/** Products as a person sees them; `blocks`: the numbers of the model's blocks before the cut. */
export const raisedParts = (products: readonly Product[], blocks: readonly number[]): RaisedPart[] =>
  products.map(({ block, half, role }) => ({
    block: blocks[block]!,
    half,
    end: role === "o" || role === "down" || role === "out" ? "out" : "in",
  }));

/** A sentence of a run's log. */
export function mixedText(raised: number, of: number, validation: ChatValidation): string {
  const { without, with: after } = validation;
  if (raised === 0) return "No projection keeps more bits: with none of them are the rounded weights better.";
  if (without === null || after === null)
    return "No projection keeps more bits: no validation rows fit in the context, so nothing shows that it helps.";
  const figures = `${after.toFixed(3)} nats on validation rows in chat, in int4 alone ${without.toFixed(3)}`;
  return isBetterInChat(validation)
    ? `${raised} of ${of} projections keep 8 bits: ${figures}.`
    : `${raised} of ${of} projections in 8 bits do not help, so all have 4: ${figures}.`;
}
