/** How a model's sizes determine its training. Letters: native-models/graph/graph.ts. */
import type { BlockKind, Config } from "../architectures/architecture.ts";
import type { DenseStorage, GraphStorage } from "../graph/linear.ts";
import { elements, sectionWeights } from "../model.ts";
import { storedBytes } from "../weights.ts";

/** The size from which a frozen head is split along the vocabulary, and the size of its parts; in bytes of its f32 form. */
export interface HeadLimits {
  readonly wholeBytes: number;
  readonly partBytes: number;
  /** The maximum number of rows of a part, where that makes it smaller. */
  readonly partRows?: number;
  /** The maximum number of labels whose logits for a part exist at a time; `LABELS_AT_ONCE` by default. */
  readonly labels?: number;
}

export const LABELS_AT_ONCE = 512;

export const headLimits: HeadLimits = { wholeBytes: 2 ** 29, partBytes: 2 ** 27, partRows: 2 ** 14 };

/** The size of the parts of a split head, in bytes of its f32 form. */
export const headPartBytes = (
  { hiddenSize }: Pick<Config, "hiddenSize">,
  { partBytes, partRows = Infinity }: HeadLimits = headLimits,
) => Math.min(partBytes, 4 * hiddenSize * partRows);

/** Whether the head of a model of these sizes is split if it is frozen. */
export const isHeadCut = (
  { vocabularySize, hiddenSize }: Pick<Config, "vocabularySize" | "hiddenSize">,
  { wholeBytes } = headLimits,
) => storedBytes("f32", vocabularySize, hiddenSize) > wholeBytes;

/** How a split head is stored: with at least 8 bits, because like a whole one it decides between tokens. */
export const cutHeadStorage = (storage: GraphStorage): DenseStorage =>
  storage === "q4" || storage === "w8a8" ? "q8" : storage;

/** If a block's weights take this much as f32, sessions release memory after every run. */
const LARGE_BLOCK_BYTES = 2 ** 27;

/** Whether a model has blocks of that size. */
export const isLarge = ({ blocks }: Pick<Config, "blocks">): boolean =>
  Math.max(...blocks.map(blockElements)) * 4 >= LARGE_BLOCK_BYTES;

/** Elements of a block's matrices. */
const blockElements = (kind: BlockKind): number =>
  elements(sectionWeights(kind, "block").filter(({ role }) => role !== undefined));
