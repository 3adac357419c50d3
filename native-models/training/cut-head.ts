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
    let running: Running = {
      largest: new Float32Array(count).fill(LOWEST_LOGIT),
      sum: new Float32Array(count),
      right: new Float32Array(count),
    };
    for (const [part, { rows }] of this.#options.parts.entries()) {
      const outputs = await this.#run("scan", part, rows, [
        { h: this.#rows(h), ...this.#labelsIn(batch, part), ...tensorsOf(running) },
      ]);
      const result = (name: keyof Running) => outputs[`next ${name}`]!.data as Float32Array;
      running = { largest: result("largest"), sum: result("sum"), right: result("right") };
    }
    return running;
  }

  async #gradient(
    batch: Batch,
    h: Float32Array,
    running: Running,
    factors: Float32Array,
  ): Promise<Float32Array> {
    let dh = this.#options.sessions.buffer("head gradient", h.length).fill(0);
    const same = { h: this.#rows(h), weights: float32(factors, factors.length), ...tensorsOf(running) };
    for (const [part, { rows }] of this.#options.parts.entries()) {
      const outputs = await this.#run("gradient", part, rows, [
        { ...same, before: this.#rows(dh), ...this.#labelsIn(batch, part) },
      ]);
      dh = outputs.dh!.data as Float32Array;
    }
    return dh;
  }

  async #run(
    pass: "scan" | "gradient",
    part: number,
    rows: number,
    sources: readonly Feeds[],
  ): Promise<Feeds> {
    const { config, dialect, storage, sessions, matrix } = this.#options;
    return sessions.run(
      `head ${pass} ${rows}`,
      () => headPartGraphs(config, { dialect, storage, rows })[pass],
      [...sources, await matrix(part)],
    );
  }

  /** Each label's row in a part, 0 if it is in another; and 1 if it is in this one. */
  #labelsIn({ labels }: Batch, part: number): Feeds {
    const { first, rows } = this.#options.parts[part]!;
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

  #rows(data: Float32Array) {
    const { hiddenSize } = this.#options.config;
    return float32(data, data.length / hiddenSize, hiddenSize);
  }
}

const tensorsOf = ({ largest, sum, right }: Running): Feeds => ({
  largest: float32(largest, largest.length),
  sum: float32(sum, sum.length),
  right: float32(right, right.length),
});

/** log Σ exp(logits) − the label's logit. */
const nllOf = ({ largest, sum, right }: Running) =>
  largest.map((value, label) => value + Math.log(sum[label]!) - right[label]!);
