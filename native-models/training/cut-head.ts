/**
 * A head split along the vocabulary, for matrices that are too large as one: a running log-sum-exp over the parts gives each
 * label's NLL, and a second pass over them the gradient. Frozen.
 */
import type { Config } from "../architectures/architecture.ts";
import type { Dialect } from "../graph/graph.ts";
import type { DenseStorage } from "../graph/linear.ts";
import { LOWEST_LOGIT } from "../graph/loss.ts";
import { float32, int32 } from "../runtime/session.ts";
import type { Batch } from "./batch.ts";
import { gatherRows, scatterRows } from "./head.ts";
import type { Head } from "./head.ts";
import { finalNormBackwardGraph, finalNormGraph, headPartGraphs } from "./head-graphs.ts";
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

/** The statistics of each label's logits after some parts. [n] each */
interface Running {
  readonly largest: Float32Array;
  readonly sum: Float32Array;
  readonly right: Float32Array;
}

export class CutHead implements Head {
  readonly #options: CutHeadOptions;

  constructor(options: CutHeadOptions) {
    this.#options = options;
  }

  async score(batch: Batch, hidden: Float32Array): Promise<Float32Array> {
    return nllOf(await this.#scan(batch, await this.#normed(this.#labelled(batch, hidden))));
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
    const running = await this.#scan(batch, h);
    const count = batch.labels.length;
    const factors =
      typeof labelWeights === "number" ? new Float32Array(count).fill(labelWeights) : labelWeights;
    const dh = await this.#gradient(batch, h, running, factors);
    const { dx } = await sessions.run("final norm backward", () => finalNormBackwardGraph(config, dialect), [
      { x: this.#rows(x), dy: this.#rows(dh) },
      norm,
    ]);
    scatterRows(dx!.data as Float32Array, batch.labelIndex, config.hiddenSize, gradient);
    return nllOf(running).reduce((loss, nll, label) => loss + nll * factors[label]!, 0);
  }

  async #scan(batch: Batch, h: Float32Array): Promise<Running> {
    const count = batch.labels.length;
    const running: Running = {
      largest: new Float32Array(count).fill(LOWEST_LOGIT),
      sum: new Float32Array(count),
      right: new Float32Array(count),
    };
    await this.#forEachPart("scan", batch, async ({ first, end }, labels, run) => {
      const outputs = await run([
        { h: this.#rows(this.#slice(h, first, end)), ...labels, ...tensorsOf(running, first, end) },
      ]);
      for (const name of STATISTICS) running[name].set(outputs[`next ${name}`]!.data as Float32Array, first);
    });
    return running;
  }

  async #gradient(
    batch: Batch,
    h: Float32Array,
    running: Running,
    factors: Float32Array,
  ): Promise<Float32Array> {
    const { sessions, config } = this.#options;
    const dh = sessions.buffer("head gradient", h.length).fill(0);
    await this.#forEachPart("gradient", batch, async ({ first, end }, labels, run) => {
      const before = this.#slice(dh, first, end);
      const outputs = await run([
        {
          h: this.#rows(this.#slice(h, first, end)),
          weights: float32(factors.subarray(first, end), end - first),
          before: this.#rows(before),
          ...labels,
          ...tensorsOf(running, first, end),
        },
      ]);
      dh.set(outputs.dh!.data as Float32Array, first * config.hiddenSize);
    });
    return dh;
  }

  /** For each part of the matrix, some labels at a time: `use` gets them, and what runs the pass's graph on its other inputs. */
  async #forEachPart(
    pass: "scan" | "gradient",
    { labels }: Batch,
    use: (
      range: LabelRange,
      labels: Feeds,
      run: (feeds: readonly Feeds[]) => Promise<Feeds>,
    ) => Promise<void>,
  ): Promise<void> {
    const { config, dialect, storage, sessions, matrix, labelsAtOnce } = this.#options;
    for (const [part, range] of this.#options.parts.entries()) {
      const { rows } = range;
      const held = await matrix(part);
      const graph = () => headPartGraphs(config, { dialect, storage, rows })[pass];
      for (const some of labelRanges(labels.length, labelsAtOnce))
        await use(some, labelsIn(labels.subarray(some.first, some.end), range), (feeds) =>
          sessions.run(`head ${pass} ${rows}`, graph, [...feeds, held]),
        );
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

const STATISTICS = ["largest", "sum", "right"] as const;

const tensorsOf = (running: Running, first: number, end: number): Feeds =>
  Object.fromEntries(
    STATISTICS.map((name) => [name, float32(running[name].subarray(first, end), end - first)]),
  );

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
const nllOf = ({ largest, sum, right }: Running) =>
  largest.map((value, label) => value + Math.log(sum[label]!) - right[label]!);
