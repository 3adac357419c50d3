/** A head whose matrix is one graph input, f32: frozen, or trained in full fine-tuning. */
import type { Config } from "../architectures/architecture.ts";
import type { Dialect } from "../graph/graph.ts";
import { float32, int32 } from "../runtime/session.ts";
import type { Batch } from "./batch.ts";
import { gatherRows, scatterRows, targetFeeds, topOf } from "./head.ts";
import type { Head, HeadLosses, Likeliest, PartOfTop, SoftTargets, TopTokens } from "./head.ts";
import { headGraphs, likeliestGraph, taughtHeadGraph } from "./head-graphs.ts";
import type { ParameterBlock } from "./parameters.ts";
import type { Feeds, Sessions } from "./sessions.ts";

/** How many labelled tokens have logits in memory at a time. */
export const HEAD_TOKENS = 256;

export interface WholeHeadOptions {
  readonly config: Config;
  readonly dialect: Dialect;
  readonly sessions: Sessions;
  /** The head's matrix and the final norm. */
  readonly weights: () => Feeds | Promise<Feeds>;
  /** Its trained tensors; null if frozen. */
  readonly parameters: ParameterBlock | null;
}

export class WholeHead implements Head {
  readonly #options: WholeHeadOptions;

  constructor(options: WholeHeadOptions) {
    this.#options = options;
  }

  async score(batch: Batch, hidden: Float32Array): Promise<Float32Array> {
    const { sessions } = this.#options;
    const weights = await this.#options.weights();
    const nll = new Float32Array(batch.labels.length);
    for (const { feeds, first } of this.#chunks(batch, hidden)) {
      const outputs = await sessions.run("score", () => this.#graphs().score, [feeds, weights]);
      nll.set(outputs.nll!.data as Float32Array, first);
    }
    return nll;
  }

  async accumulate(
    batch: Batch,
    hidden: Float32Array,
    labelWeights: number | Float32Array,
    gradient: Float32Array,
    targets?: SoftTargets,
  ): Promise<HeadLosses> {
    const { config, sessions, parameters } = this.#options;
    const held = await this.#options.weights();
    const count = batch.labels.length;
    const losses = { loss: 0, divergence: 0 };
    for (const { feeds, first, index } of this.#chunks(batch, hidden)) {
      const end = first + index.length;
      const factors =
        typeof labelWeights === "number"
          ? new Float32Array(index.length).fill(labelWeights)
          : labelWeights.slice(first, end);
      const given = [{ ...feeds, weights: float32(factors, index.length) }, held];
      const outputs = targets
        ? await this.#runTaught(targets, [targetFeeds(targets, count, first, end), ...given])
        : await sessions.run(this.#nameOf("head"), () => this.#graphs().train, given);
      losses.loss += (outputs.loss!.data as Float32Array)[0]!;
      if (targets) losses.divergence += (outputs.divergence!.data as Float32Array)[0]!;
      scatterRows(outputs.dx!.data as Float32Array, index, config.hiddenSize, gradient);
      parameters?.addGradients(outputs);
    }
    return losses;
  }

  #runTaught({ temperature }: SoftTargets, feeds: readonly Feeds[]): Promise<Feeds> {
    const { config, dialect, sessions, parameters } = this.#options;
    const options = { dialect, full: parameters !== null, temperature };
    return sessions.run(
      this.#nameOf(`taught head at ${temperature}`),
      () => taughtHeadGraph(config, options),
      feeds,
    );
  }

  async likeliest(batch: Batch, normed: Float32Array, wanted: Likeliest): Promise<TopTokens> {
    const { config, dialect, sessions } = this.#options;
    const { count, temperature } = wanted;
    const held = await this.#options.weights();
    const options = { dialect, name: config.ends.head.name, rows: config.vocabularySize, ...wanted };
    const graph = () => likeliestGraph(config, { storage: "f32", ...options });
    const labels = batch.labels.length;
    const all = {
      values: new Float32Array(labels * count),
      ids: new Int32Array(labels * count),
      total: new Float32Array(labels),
    };
    for (const { feeds, first } of this.#chunks(batch, normed)) {
      const outputs = await sessions.run(`likeliest ${count} at ${temperature}`, graph, [
        { h: feeds.x! },
        held,
      ]);
      all.values.set(outputs.values!.data as Float32Array, first * count);
      all.ids.set(outputs.ids!.data as Int32Array, first * count);
      all.total.set(outputs.total!.data as Float32Array, first);
    }
    return topOf([all satisfies PartOfTop], count);
  }

  /** The name of a graph's session; a trained head has different graphs, and so other sessions. */
  #nameOf(graph: string): string {
    return this.#options.parameters ? `${graph}, trained` : graph;
  }

  /** The hidden states of labelled tokens, `HEAD_TOKENS` at a time. */
  *#chunks(
    { labels, labelIndex }: Batch,
    hidden: Float32Array,
  ): Generator<{ feeds: Feeds; first: number; index: Int32Array }> {
    const { hiddenSize } = this.#options.config;
    for (let first = 0; first < labels.length; first += HEAD_TOKENS) {
      const index = labelIndex.subarray(first, first + HEAD_TOKENS);
      const rows = this.#options.sessions.buffer("head input", index.length * hiddenSize);
      const x = float32(gatherRows(hidden, index, hiddenSize, rows), index.length, hiddenSize);
      const wanted = int32(labels.slice(first, first + index.length), index.length);
      yield { feeds: { x, labels: wanted }, first, index };
    }
  }

  #graphs() {
    const { config, dialect, parameters } = this.#options;
    return headGraphs(config, { dialect, full: parameters !== null });
  }
}
