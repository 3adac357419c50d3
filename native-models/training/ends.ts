/** The parts outside the blocks: the embedding before them, final norm and head after them. Trained in full or not at all. */
import { endWeights, isTied } from "../architectures/architecture.ts";
import type { Config } from "../architectures/architecture.ts";
import { fail } from "../failure.ts";
import type { Dialect } from "../graph/graph.ts";
import type { GraphStorage } from "../graph/linear.ts";
import type { Model } from "../model.ts";
import { BUFFER_LIMIT_BYTES, storedBytes } from "../weights.ts";
import { ChunkedHead, headParts } from "./chunked-head.ts";
import type { Head } from "./head.ts";
import { finalNormWeight, PART } from "./head-graphs.ts";
import { ParameterBlock } from "./parameters.ts";
import { ENDS } from "./parts.ts";
import { residentWeight } from "./residency.ts";
import type { Feeds, Sessions } from "./sessions.ts";
import { LABELS_AT_ONCE, cutHeadStorage, headPartBytes, isHeadCut } from "./sizes.ts";
import type { HeadLimits } from "./sizes.ts";
import type { WeightStore } from "./weight-store.ts";
import { WholeHead } from "./whole-head.ts";

export interface Ends {
  /** The trained tensors; null if frozen. */
  readonly parameters: ParameterBlock | null;
  /** The tensors with values of their own, even if no longer trained; null if the ends have the model's values. */
  readonly held: ParameterBlock | null;
  /** The final norm as session inputs; all tensors if the ends have values of their own. */
  readonly feeds: Feeds;
  readonly head: Head;
  /** Writes the embedding of each token into `hidden` [N, D]. */
  embed(tokens: Int32Array, hidden: Float32Array): void;
  /** Releases their weights in the stores of frozen weights. */
  release(): void;
}

export interface EndsOptions {
  readonly dialect: Dialect;
  readonly sessions: Sessions;
  /** How a split head is stored. */
  readonly storage: GraphStorage;
  readonly store: WeightStore;
  /** Where an unsplit head is stored. */
  readonly wholeStore: WeightStore;
  readonly limits: HeadLimits;
}

/** Frozen ends. Throws the errors of reading them. */
export function frozenEnds(model: Model, options: EndsOptions): Ends {
  const { config } = model;
  const { ends } = config;
  const f32 = (name: string) => residentWeight(name, model.weight(name), "f32");
  const norm = f32(finalNormWeight(config));
  if (isHeadCut(config, options.limits)) return cutEnds(model, norm, options);
  const embedding = f32(ends.embedding.name);
  const matrix = isTied(ends) ? embedding : f32(ends.head.name);
  const { wholeStore } = options;
  wholeStore.add("head", { ...norm, ...matrix });
  const weights = () => wholeStore.get("head");
  return {
    parameters: null,
    held: null,
    feeds: norm,
    head: new WholeHead({ ...options, config, weights, parameters: null }),
    embed: embedFrom(embedding[ends.embedding.name]!.data as Float32Array, config),
    release: () => wholeStore.release("head"),
  };
}

/** The embedding stays in its file, and a row is read when a token needs it; the head is split. */
function cutEnds(
  model: Model,
  norm: Feeds,
  { storage: wanted, store, limits, ...options }: EndsOptions,
): Ends {
  const { config } = model;
  const storage = cutHeadStorage(wanted);
  const parts = headParts(config, headPartBytes(config, limits));
  const matrix = model.weight(config.ends.head.name);
  const groupOf = (part: number) => `head ${part}`;
  for (const [part, range] of parts.entries()) {
    if (!store.has(groupOf(part))) store.add(groupOf(part), residentWeight(PART, matrix, storage, range));
  }
  return {
    parameters: null,
    held: null,
    feeds: norm,
    head: new ChunkedHead({
      ...options,
      config,
      storage,
      norm,
      parts,
      matrix: (part) => store.get(groupOf(part)),
      labelsAtOnce: limits?.labels ?? LABELS_AT_ONCE,
    }),
    embed: embedReading(model),
    release: () => parts.forEach((_, part) => store.release(groupOf(part))),
  };
}

interface HeldEnds extends Pick<EndsOptions, "dialect" | "sessions"> {
  readonly trained: boolean;
  /** Their values; null: the model's. */
  readonly values: Float32Array | null;
}

/** Ends with values of their own. Throws `weight-too-large` and the errors of reading them. */
export function heldEnds(model: Model, { dialect, sessions, trained, values }: HeldEnds): Ends {
  const { config, path } = model;
  const specs = endWeights(config);
  for (const { name } of specs) {
    const { rows, columns } = model.weight(name);
    const bytes = storedBytes("f32", rows, columns);
    if (bytes >= BUFFER_LIMIT_BYTES)
      fail({ code: "weight-too-large", path, tensor: name, bytes, limitBytes: BUFFER_LIMIT_BYTES });
  }
  const held = new ParameterBlock(ENDS, specs, trained);
  if (values) held.values.set(values);
  else for (const { name } of specs) held.value(name).set(model.weight(name).readFloat32());
  const parameters = trained ? held : null;
  return {
    parameters,
    held,
    feeds: held.feeds,
    head: new WholeHead({ config, dialect, sessions, weights: () => held.feeds, parameters }),
    embed: embedFrom(held.value(config.ends.embedding.name), config),
    release: () => {},
  };
}

/** Reads a token's row on request. */
export function embedReading({ config, weight }: Pick<Model, "config" | "weight">): Ends["embed"] {
  const { name, scale } = config.ends.embedding;
  const embedding = weight(name);
  return (tokens, hidden) => {
    const rows = new Map<number, Float32Array>();
    tokens.forEach((token, index) => {
      const row = rows.get(token) ?? scaled(embedding.readFloat32(token, 1), scale);
      rows.set(token, row);
      hidden.set(row, index * config.hiddenSize);
    });
  };
}

function embedFrom(
  matrix: Float32Array,
  { hiddenSize: width, ends }: Pick<Config, "hiddenSize" | "ends">,
): Ends["embed"] {
  const { scale } = ends.embedding;
  return (tokens, hidden) =>
    tokens.forEach((token, index) =>
      hidden.set(scaled(matrix.subarray(token * width, (token + 1) * width), scale), index * width),
    );
}

const scaled = (row: Float32Array, scale: number) => (scale === 1 ? row : row.map((value) => scale * value));
