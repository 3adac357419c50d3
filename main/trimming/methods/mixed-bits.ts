/**
 * Which products of an int4 chat model keep int8: those that make the right answers of validation rows likelier, ranked by their gain per
 * byte, each measured on its own (docs/methods.md).
 */
import type { Product } from "../../../native-models/inference/products.ts";
import { productBytes, raisedBytes } from "../../../native-models/inference/products.ts";
import { productsOf } from "../../../native-models/inference/whole-model-graph.ts";
import type { Model } from "../../../native-models/model.ts";
import type { Batch, Batcher } from "../../../native-models/training/batch.ts";
import type { Stack } from "../../../native-models/training/stack.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import type { MixedBits, MixedBitsResult, RaisedPart } from "../../../preload/methods/mixed-bits.ts";
import { openToMeasure } from "../devices/open-stack.ts";
import { total } from "../evaluation/evaluate.ts";
import { batchesOf, onlyAnswer } from "../evaluation/held-out-rows.ts";
import type { CalibrationRow } from "../evaluation/held-out-rows.ts";
import type { ChatMethod } from "./method.ts";

export const mixedBits: ChatMethod<MixedBits, MixedBitsResult> = {
  kind: "chat",
  change: async (
    depth,
    { model, plan, calibration, batcher, workFolder, worked, yieldToEventLoop },
    { share },
  ) => {
    const products = productsOf(model);
    const gains = await gainsOf({
      model,
      plan,
      rows: calibration,
      batcher,
      folder: workFolder,
      worked: (work) => {
        worked(work);
        return yieldToEventLoop();
      },
    });
    const chosen = chosenProducts(gains, share * productBytes(products));
    const names = chosen.map(({ name }) => name);
    const blocks = depth.kept.flatMap((section, block) => (section ? [block] : []));
    return {
      depth: names.length === 0 ? null : { ...depth, raised: names },
      result: {
        raised: raisedParts(chosen, blocks),
        of: products.length,
        moreBytes: raisedBytes(products, names),
      },
    };
  },
};

export interface ScanInput {
  readonly model: Model;
  readonly plan: Pick<TrimPlan, "threads" | "base">;
  /** Only their right answers are compared; other choices are ignored. */
  readonly rows: readonly CalibrationRow[];
  readonly batcher: Batcher;
  /** For the file of streamed weights, which is removed afterwards. */
  readonly folder: string;
  /** Called often with the work done, in token passes through one block; it may wait. */
  readonly worked: (work: number) => Promise<void>;
}

/** A product, and the gain from keeping int8 for it only: nats per label of the right answers. */
export interface ProductGain {
  readonly product: Product;
  readonly nll: number;
}

/**
 * The gain of each product, in the order of the model. The blocks below a product are computed once for all products above them. Throws
 * the errors of reading the model and writing `folder`.
 */
export async function gainsOf(input: ScanInput): Promise<ProductGain[]> {
  const { model, rows, batcher, folder } = input;
  const { threads, base } = input.plan;
  const batches = [...batchesOf(rows.map(onlyAnswer), batcher)].map(({ batch }) => batch);
  if (batches.length === 0) return [];
  const stack = openToMeasure(model, { threads, base: { ...base, storage: "q4" } }, folder);
  try {
    const streams = batches.map((batch) => ({ batch, hidden: stack.embedded(batch) }));
    return await scan(stack, streams, input);
  } finally {
    await stack.close();
  }
}

/** A batch, and its stream before the next block. */
interface Stream {
  readonly batch: Batch;
  hidden: Float32Array;
}

async function scan(
  stack: Stack,
  streams: readonly Stream[],
  { model, worked }: ScanInput,
): Promise<ProductGain[]> {
  const products = productsOf(model);
  const blocks = model.sections.length;
  const labels = streams.reduce((sum, { batch }) => sum + batch.labels.length, 0);
  /** The mean NLL of all labels, computed from block `first` on; `product`, if given, is in int8. */
  const nllFrom = async (first: number, product?: Product): Promise<number> => {
    const otherwise = product && stack.storedOtherwise(product.block, product.weights, "q8");
    let sum = 0;
    for (const { batch, hidden } of streams) {
      const last = await stack.forwardFrom(batch, hidden, { first, ...(otherwise && { otherwise }) });
      sum += total(await stack.nllAfter(batch, last));
      await worked(batch.tokens.length * (blocks - first));
    }
    return sum / labels;
  };
  const rounded = await nllFrom(0);
  const gains: ProductGain[] = [];
  for (let block = 0; block < blocks; block++) {
    for (const product of products.filter((one) => one.block === block))
      gains.push({ product, nll: rounded - (await nllFrom(block, product)) });
    for (const one of streams) {
      const next = await stack.forwardFrom(one.batch, one.hidden, { first: block, end: block + 1 });
      one.hidden = next.slice();
      await worked(one.batch.tokens.length);
    }
  }
  return gains;
}

/** The products that gain most per byte and together take no more than `bytes` beyond int4, in the order of the model. */
export function chosenProducts(gains: readonly ProductGain[], bytes: number): Product[] {
  const worth = ({ nll, product }: ProductGain) => nll / product.codeBytes;
  const best = gains.filter(({ nll }) => nll > 0).sort((a, b) => worth(b) - worth(a));
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
