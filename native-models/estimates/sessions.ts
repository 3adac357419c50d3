/** The memory of the sessions that run and train a model's blocks, and of its head. */
import type { GraphStorage } from "../graph/linear.ts";
import { liveBytes } from "../graph/live-bytes.ts";
import type { Graph } from "../graph/graph.ts";
import { LABELS_AT_ONCE, headPartBytes, isHeadCut, isLarge } from "../training/sizes.ts";
import { alike, symbolicUnitGraphs } from "../training/unit-graphs.ts";
import type { Trainable, UnitGraphs } from "../training/unit-graphs.ts";
import { HEAD_TOKENS } from "../training/whole-head.ts";
import { configOfShape } from "./shape.ts";
import type { ModelShape } from "./shape.ts";
import { F32, HOLES, sum } from "./bytes.ts";

/** Copies of a part's logits that exist at the same time in a split head: logits, exponentials, probabilities. */
const CUT_HEAD_COPIES = 3;

/** Tokens in one pass through a model, in rows of `maxTokens`. */
interface Pass {
  readonly tokens: number;
  readonly maxTokens: number;
}

/** A longer row is processed alone. */
export const tokensOf = ({ tokens, maxTokens }: Pass) => Math.max(tokens, maxTokens);

export const streamBytes = ({ hiddenSize }: ModelShape, pass: Pass) => tokensOf(pass) * hiddenSize * F32;

/** A session of a graph, and the most that passes through it. */
export interface Session {
  readonly graph: Graph;
  readonly pass: Pass;
}

/** Memory of the sessions of these graphs, and of a head's graphs. */
export function sessionBytes(model: ModelShape, sessions: readonly Session[], heads: number): number {
  const live = sessions.map(({ graph, pass }) => {
    const N = tokensOf(pass);
    return liveBytes(graph, { N, T: pass.maxTokens, B: N / pass.maxTokens });
  });
  const logits = Math.max(...sessions.map(({ pass }) => headBytes(model, pass)));
  return isLarge(configOfShape(model))
    ? Math.max(HOLES * Math.max(...live), logits)
    : HOLES * sum(live) + heads * logits;
}

/** Logits, and the part of the matrix that they belong to if it is split. */
function headBytes(model: ModelShape, pass: Pass): number {
  if (!isHeadCut(model)) return Math.min(HEAD_TOKENS, tokensOf(pass)) * model.vocabularySize * F32;
  const part = headPartBytes(model);
  const rows = part / (F32 * model.hiddenSize);
  return CUT_HEAD_COPIES * Math.min(LABELS_AT_ONCE, tokensOf(pass)) * rows * F32 + part;
}

/** The graphs of a model's blocks, shared ones once. */
export function graphsOf(
  model: ModelShape,
  storage: GraphStorage,
  trainable: Trainable,
): UnitGraphs<Graph>[] {
  const { hiddenSize, blocks } = configOfShape(model);
  const halves = alike({ trainable, storage });
  const distinct = new Map<string, UnitGraphs<Graph>>();
  for (const kind of new Set(blocks)) {
    const graphs = symbolicUnitGraphs(hiddenSize, kind, "block", { halves, dialect: "cpu" });
    distinct.set(Buffer.from(graphs.recomputingBackward.encode()).toString("latin1"), graphs);
  }
  return [...distinct.values()];
}
