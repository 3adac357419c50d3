/**
 * A head split along the vocabulary, for matrices that are too large as one: a running log-sum-exp over the parts gives each
 * label's NLL and, in the same pass, its gradient. Always frozen.
 */
import type { Config } from "../architectures/architecture.ts";
import type { Dialect } from "../graph/graph.ts";
import type { DenseStorage } from "../graph/linear.ts";
import { LOWEST_LOGIT } from "../graph/loss.ts";
import { float32, int32 } from "../runtime/session.ts";
import type { Batch } from "./batch.ts";
import { gatherRows, scatterRows, targetFeeds, topOf } from "./head.ts";
import type { Head, HeadLosses, Likeliest, PartOfTop, SoftTargets, TopTokens } from "./head.ts";
import {
  endOfHeadGraph,
  endOfTaughtHeadGraph,
  finalNormGraph,
  headPartGraphs,
  likeliestGraph,
  PART,
  taughtHeadPartGraphs,
} from "./head-graphs.ts";
import type { RowRange } from "./residency.ts";
import type { Feeds, Sessions } from "./sessions.ts";

/** Splits a head into parts of at most `partBytes` as f32. */
export function headParts({ vocabularySize, hiddenSize }: Config, partBytes: number): RowRange[] {
  const rows = Math.max(1, Math.floor(partBytes / (4 * hiddenSize)));
  return Array.from({ length: Math.ceil(vocabularySize / rows) }, (_, part) => ({
    first: part * rows,
    rows: Math.min(rows, vocabularySize - part * rows),
  }));
}

export interface CutHeadOptions {
  readonly config: Config;
  readonly dialect: Dialect;
  readonly storage: DenseStorage;
  readonly sessions: Sessions;
  /** The final norm. */
  readonly norm: Feeds;
  readonly parts: readonly RowRange[];
  /** The matrix of a part, under the name `PART`; valid until the next call. */
  readonly matrix: (part: number) => Feeds | Promise<Feeds>;
  /** The maximum number of labels whose logits for a part exist at a time. */
  readonly labelsAtOnce: number;
}

/** Statistics of each label's logits over the parts so far: [n] each, as in `RunningLogits`. */
type Statistics = Record<"largest" | "sum" | "right", Float32Array>;
/** [n, D] each, as in `RunningGradient`. */
type Sums = Record<"expected" | "actual", Float32Array>;

/** A backward pass through the head: the gradient towards its input [n, D], the NLL of each label, and the teacher's loss. */
interface Backward {
  readonly dx: Float32Array;
  readonly nll: Float32Array;
  readonly divergence: number;
}

/** A pass over the parts of the matrix. */
interface PartPass {
  readonly name: string;
  readonly graph: (rows: number) => Uint8Array;
  /** What each part updates. [n] or [n, width] each */
  readonly running: Readonly<Record<string, Float32Array>>;
  /** Further inputs for a range of labels and a part. */
  readonly given?: (range: RowRange, labels: LabelRange) => Feeds;
}

/** The inputs with one number per label. */
const FLAT: ReadonlySet<string> = new Set(["largest", "sum", "right", "outside"]);

export class ChunkedHead implements Head {
  readonly #options: CutHeadOptions;

  constructor(options: CutHeadOptions) {
    this.#options = options;
  }

  async score(batch: Batch, hidden: Float32Array): Promise<Float32Array> {
    const running = noStatistics(batch.labels.length);
    await this.#addParts(batch, await this.#normed(this.#labelled(batch, hidden)), running);
    return nllOf(running);
  }

  async accumulate(
    batch: Batch,
    hidden: Float32Array,
    labelWeights: number | Float32Array,
    gradient: Float32Array,
    targets?: SoftTargets,
  ): Promise<HeadLosses> {
    const x = this.#labelled(batch, hidden);
    const count = batch.labels.length;
    const weights =
      typeof labelWeights === "number" ? new Float32Array(count).fill(labelWeights) : labelWeights;
    const { dx, nll, divergence } = targets
      ? await this.#taught(batch, x, weights, targets)
      : await this.#untaught(batch, x, weights);
    scatterRows(dx, batch.labelIndex, this.#options.config.hiddenSize, gradient);
    return { loss: nll.reduce((loss, value, label) => loss + value * weights[label]!, 0), divergence };
  }

  /** One pass over the parts: the sums that the gradient is made of are scaled down where the maximum grows. */
  async #untaught(batch: Batch, x: Float32Array, weights: Float32Array): Promise<Backward> {
    const { config, dialect, sessions, norm } = this.#options;
    const h = await this.#normed(x);
    const running = {
      ...noStatistics(weights.length),
      expected: this.#zeros("expected", h.length),
      actual: this.#zeros("actual", h.length),
    };
    await this.#addParts(batch, h, running);
    const { dx } = await sessions.run("end of head", () => endOfHeadGraph(config, dialect), [
      {
        x: this.#rows(x),
        expected: this.#rows(running.expected),
        actual: this.#rows(running.actual),
        sum: float32(running.sum, weights.length),
        weights: float32(weights, weights.length),
      },
      norm,
    ]);
    return { dx: dx!.data as Float32Array, nll: nllOf(running), divergence: 0 };
  }

  /** Two passes: the gradient needs the statistics of all parts, because the rest of the vocabulary is one class. */
  async #taught(
    batch: Batch,
    x: Float32Array,
    weights: Float32Array,
    targets: SoftTargets,
  ): Promise<Backward> {
    const { config, dialect, sessions, norm, storage } = this.#options;
    const { temperature, ids } = targets;
    const h = await this.#normed(x);
    const count = weights.length;
    const statistics = {
      ...noStatistics(count),
      outside: new Float32Array(count),
      picked: new Float32Array(ids.length),
    };
    const graphs = (rows: number) => taughtHeadPartGraphs(config, { dialect, storage, rows, temperature });
    const name = `taught head at ${temperature}`;
    const k = ids.length / count;
    const targetsIn = (range: RowRange, { first, end }: LabelRange) =>
      idsIn(ids.subarray(first * k, end * k), range, k);
    const towards = this.#zeros("towards", h.length);
    await this.#eachPart(batch, h, {
      name: `${name}, scan`,
      graph: (rows) => graphs(rows).scan(),
      running: statistics,
      given: targetsIn,
    });
    await this.#eachPart(batch, h, {
      name: `${name}, gradient`,
      graph: (rows) => graphs(rows).gradient(),
      running: { towards },
      given: (range, labels) => ({
        ...targetFeeds(targets, count, labels.first, labels.end),
        ...this.#slices(statistics, count, labels),
        weights: float32(weights.slice(labels.first, labels.end), labels.end - labels.first),
        ...targetsIn(range, labels),
      }),
    });
    const end = () => endOfTaughtHeadGraph(config, dialect, temperature);
    const { dx, divergence } = await sessions.run(`${name}, end`, end, [
      {
        x: this.#rows(x),
        towards: this.#rows(towards),
        ...this.#slices(statistics, count, { first: 0, end: count }),
        ...targetFeeds(targets, count),
      },
      norm,
    ]);
    return {
      dx: dx!.data as Float32Array,
      nll: nllOf(statistics),
      divergence: (divergence!.data as Float32Array).reduce((sum, value) => sum + value, 0),
    };
  }

  async likeliest(batch: Batch, normed: Float32Array, wanted: Likeliest): Promise<TopTokens> {
    const { config, dialect, sessions, storage, matrix, labelsAtOnce } = this.#options;
    const h = this.#labelled(batch, normed);
    const parts: PartOfTop[] = [];
    for (const [part, { first: firstRow, rows }] of this.#options.parts.entries()) {
      const held = await matrix(part);
      const count = Math.min(wanted.count, rows);
      const labels = batch.labels.length;
      const found = {
        values: new Float32Array(labels * count),
        ids: new Int32Array(labels * count),
        total: new Float32Array(labels),
      };
      const graph = () => likeliestGraph(config, { dialect, storage, name: PART, rows, ...wanted, count });
      for (const { first, end } of labelRanges(labels, labelsAtOnce)) {
        const feeds = [{ h: this.#rows(this.#slice(h, first, end)) }, held];
        const name = `likeliest ${count} of ${rows} at ${wanted.temperature}`;
        const outputs = await sessions.run(name, graph, feeds);
        found.values.set(outputs.values!.data as Float32Array, first * count);
        found.ids.set(
          (outputs.ids!.data as Int32Array).map((row) => firstRow + row),
          first * count,
        );
        found.total.set(outputs.total!.data as Float32Array, first);
      }
      parts.push(found);
    }
    return topOf(parts, wanted.count);
  }

  /** Adds all parts of the matrix to the statistics in `running`, and to the gradient's sums if it has them. */
  async #addParts(batch: Batch, h: Float32Array, running: Statistics & Partial<Sums>): Promise<void> {
    const { config, dialect, storage } = this.#options;
    const pass = running.expected ? "gradient" : "scan";
    const graph = (rows: number) => headPartGraphs(config, { dialect, storage, rows })[pass];
    await this.#eachPart(batch, h, { name: `head ${pass}`, graph, running });
  }

  /** Runs a graph for each part of the matrix, a range of labels at a time: its outputs "next …" replace the inputs in `running`. */
  async #eachPart(
    { labels }: Batch,
    h: Float32Array,
    { name, graph, running, given = () => ({}) }: PartPass,
  ): Promise<void> {
    const { sessions, matrix, labelsAtOnce } = this.#options;
    for (const [part, range] of this.#options.parts.entries()) {
      const { rows } = range;
      const held = await matrix(part);
      for (const some of labelRanges(labels.length, labelsAtOnce)) {
        const { first, end } = some;
        const feeds = {
          h: this.#rows(this.#slice(h, first, end)),
          ...labelsIn(labels.subarray(first, end), range),
          ...this.#slices(running, labels.length, some),
          ...given(range, some),
        };
        const outputs = await sessions.run(`${name} ${rows}`, () => graph(rows), [feeds, held]);
        for (const [result, data] of Object.entries(running))
          data.set(outputs[`next ${result}`]!.data as Float32Array, first * (data.length / labels.length));
      }
    }
  }

  /** The rows of a range of labels in each of these, by name. */
  #slices(all: Readonly<Record<string, Float32Array>>, labels: number, { first, end }: LabelRange): Feeds {
    const slices = Object.entries(all).map(([name, data]) => {
      const width = data.length / labels;
      const some = data.subarray(first * width, end * width);
      return [name, FLAT.has(name) ? float32(some, end - first) : float32(some, end - first, width)] as const;
    });
    return Object.fromEntries(slices);
  }

  #zeros(name: string, length: number): Float32Array {
    return this.#options.sessions.buffer(`head ${name}`, length).fill(0);
  }

  async #normed(x: Float32Array): Promise<Float32Array> {
    const { config, dialect, sessions, norm } = this.#options;
    const feeds = [{ x: this.#rows(x) }, norm];
    const { y } = await sessions.run("final norm", () => finalNormGraph(config, dialect), feeds);
    return y!.data as Float32Array;
  }

  #labelled({ labelIndex }: Batch, hidden: Float32Array): Float32Array {
    const { config, sessions } = this.#options;
    const rows = sessions.buffer("head input", labelIndex.length * config.hiddenSize);
    return gatherRows(hidden, labelIndex, config.hiddenSize, rows);
  }

  #slice(data: Float32Array, first: number, end: number): Float32Array {
    const { hiddenSize } = this.#options.config;
    return data.subarray(first * hiddenSize, end * hiddenSize);
  }

  #rows(data: Float32Array) {
    const { hiddenSize } = this.#options.config;
    return float32(data, data.length / hiddenSize, hiddenSize);
  }
}

const noStatistics = (labels: number): Statistics => ({
  largest: new Float32Array(labels).fill(LOWEST_LOGIT),
  sum: new Float32Array(labels),
  right: new Float32Array(labels),
});

/** The labels from `first` up to, but not including, `end`. */
interface LabelRange {
  readonly first: number;
  readonly end: number;
}

/** Ranges of about the same length: a range of a single label would be multiplied in another order than longer ones. */
function labelRanges(count: number, most: number): LabelRange[] {
  const ranges = Math.ceil(count / most);
  return Array.from({ length: ranges }, (_, i) => ({
    first: Math.floor((i * count) / ranges),
    end: Math.floor(((i + 1) * count) / ranges),
  }));
}

/** The rows of some tokens in a part, 0 for tokens of another part; and 1 for each token of this part, 0 for others. */
function rowsIn(tokens: Int32Array, { first, rows }: RowRange, ...shape: number[]) {
  const isInside = (token: number) => token >= first && token < first + rows;
  return {
    rows: int32(
      tokens.map((token) => (isInside(token) ? token - first : 0)),
      ...shape,
    ),
    inside: float32(
      Float32Array.from(tokens, (token) => (isInside(token) ? 1 : 0)),
      ...shape,
    ),
  };
}

/** The inputs of a graph for some labels and a part. */
function labelsIn(labels: Int32Array, range: RowRange): Feeds {
  const { rows, inside } = rowsIn(labels, range, labels.length);
  return { labels: rows, inside };
}

/** The same for a teacher's `k` tokens at each label. */
function idsIn(ids: Int32Array, range: RowRange, k: number): Feeds {
  const { rows, inside } = rowsIn(ids, range, ids.length / k, k);
  return { ids: rows, idsInside: inside };
}

/** log Σ exp(logits) − the label's logit. */
const nllOf = ({ largest, sum, right }: Statistics) =>
  largest.map((value, label) => value + Math.log(sum[label]!) - right[label]!);
