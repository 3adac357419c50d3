/**
 * A head split along the vocabulary, for matrices that are too large as one: a running log-sum-exp over the parts gives each
 * label's NLL, and, in the same pass, its gradient. Frozen.
 */
import type { Config } from "../architectures/architecture.ts";
import type { Dialect } from "../graph/graph.ts";
import type { DenseStorage } from "../graph/linear.ts";
import { LOWEST_LOGIT } from "../graph/loss.ts";
import { float32, int32 } from "../runtime/session.ts";
import type { Batch } from "./batch.ts";
import { gatherRows, scatterRows } from "./head.ts";
import type { Head } from "./head.ts";
import { endOfHeadGraph, finalNormGraph, headPartGraphs } from "./head-graphs.ts";
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
  /** The most labels whose logits of a part exist at a time. */
  readonly labelsAtOnce: number;
}

/** What is known of each label's logits after some parts: [n] each, as in `RunningLogits`. */
type Statistics = Record<"largest" | "sum" | "right", Float32Array>;
/** [n, D] each, as in `RunningGradient`. */
type Sums = Record<"expected" | "actual", Float32Array>;

export class CutHead implements Head {
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
  ): Promise<number> {
    const { config, dialect, sessions, norm } = this.#options;
    const x = this.#labelled(batch, hidden);
    const h = await this.#normed(x);
    const count = batch.labels.length;
    const zeros = (name: string) => sessions.buffer(`head ${name}`, h.length).fill(0);
    const running = {
      ...noStatistics(count),
      expected: zeros("expected"),
      actual: zeros("actual"),
    };
    await this.#addParts(batch, h, running);
    const weights =
      typeof labelWeights === "number" ? new Float32Array(count).fill(labelWeights) : labelWeights;
    const { dx } = await sessions.run("end of head", () => endOfHeadGraph(config, dialect), [
      {
        x: this.#rows(x),
        expected: this.#rows(running.expected),
        actual: this.#rows(running.actual),
        sum: float32(running.sum, count),
        weights: float32(weights, count),
      },
      norm,
    ]);
    scatterRows(dx!.data as Float32Array, batch.labelIndex, config.hiddenSize, gradient);
    return nllOf(running).reduce((loss, nll, label) => loss + nll * weights[label]!, 0);
  }

  /** Adds all parts of the matrix to `running`, some labels at a time; with sums for the gradient, these too. */
  async #addParts({ labels }: Batch, h: Float32Array, running: Statistics & Partial<Sums>): Promise<void> {
    const { config, dialect, storage, sessions, matrix, labelsAtOnce } = this.#options;
    const pass = running.expected ? "gradient" : "scan";
    for (const [part, range] of this.#options.parts.entries()) {
      const { rows } = range;
      const held = await matrix(part);
      const graph = () => headPartGraphs(config, { dialect, storage, rows })[pass];
      for (const { first, end } of labelRanges(labels.length, labelsAtOnce)) {
        const before = Object.entries(running).map(([name, data]) => {
          const width = data.length / labels.length;
          const some = data.subarray(first * width, end * width);
          return [name, width === 1 ? float32(some, end - first) : this.#rows(some)] as const;
        });
        const feeds = { ...labelsIn(labels.subarray(first, end), range), ...Object.fromEntries(before) };
        const given = { h: this.#rows(this.#slice(h, first, end)), ...feeds };
        const outputs = await sessions.run(`head ${pass} ${rows}`, graph, [given, held]);
        for (const [name, data] of Object.entries(running)) {
          const next = outputs[`next ${name}`]!.data as Float32Array;
          data.set(next, first * (data.length / labels.length));
        }
      }
    }
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

/** Labels `first` up to `end`. */
interface LabelRange {
  readonly first: number;
  readonly end: number;
}

/** Ranges of about the same length: a single label would be multiplied in another order than several are. */
function labelRanges(count: number, most: number): LabelRange[] {
  const ranges = Math.ceil(count / most);
  return Array.from({ length: ranges }, (_, i) => ({
    first: Math.floor((i * count) / ranges),
    end: Math.floor(((i + 1) * count) / ranges),
  }));
}

/** Each label's row in a part, 0 if it is in another; and 1 if it is in this one. */
function labelsIn(labels: Int32Array, { first, rows }: RowRange): Feeds {
  const isInside = (label: number) => label >= first && label < first + rows;
  return {
    labels: int32(
      labels.map((label) => (isInside(label) ? label - first : 0)),
      labels.length,
    ),
    inside: float32(
      Float32Array.from(labels, (label) => (isInside(label) ? 1 : 0)),
      labels.length,
    ),
  };
}

/** log Σ exp(logits) − the label's logit. */
const nllOf = ({ largest, sum, right }: Statistics) =>
  largest.map((value, label) => value + Math.log(sum[label]!) - right[label]!);
