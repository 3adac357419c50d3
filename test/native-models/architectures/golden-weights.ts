/**
 * The golden fixtures of `golden/*.json`: tiny models of each family and what transformers and PyTorch make of them, made by
 * test/lab/reference/golden.py. Their weights are not stored but computed from an integer hash, here as there (hashed.py):
 *
 *   w[i] = float32(offset + (hash32(seed, i) / 2^32 − 0.5) × scale),  seed = fnv1a(tensor name) xor the fixture's seed
 */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("./golden/", import.meta.url));

/** A tensor of a fixture. Row-major. */
export interface GoldenTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A float64 gradient in brief: its L2 norm, its dot product with `projectionDirection(name)`, some entries by flat index. */
export interface GoldenGradient {
  readonly shape: readonly number[];
  readonly norm: number;
  readonly projection: number;
  readonly entries: Readonly<Record<string, number>>;
}

/** What a fixture's weights are computed from, beside their names. */
export interface Hashed {
  readonly seed: number;
  /** The centre of norm weights: 1, or 0 in families that store the difference from 1. */
  readonly normOffset: number;
}

/** A fixture as it is in its file, with the stored tensors decoded. */
export interface Golden extends Hashed {
  readonly name: string;
  /** As in the `config.json` of such a model; keys may be absent where upstream files leave them out. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Token ids, labels (the next token) and the weight of each token in the loss, [B, T]. Weights sum to 1. */
  readonly ids: readonly (readonly number[])[];
  readonly labels: readonly (readonly number[])[];
  readonly tokenWeights: readonly (readonly number[])[];
  /** First and last element of each weight of the whole model. */
  readonly ends: Readonly<Record<string, readonly [number, number]>>;
  /** [B, T, V]; computed in float64, as all that follows. */
  readonly logits: GoldenTensor;
  /** What goes into the first block, what comes out of it, and the normed output of the last: [B, T, D] each. */
  readonly hiddenStates: readonly [GoldenTensor, GoldenTensor, GoldenTensor];
  /** The kind of each block; null in families that have no such list. */
  readonly layerTypes: readonly string[] | null;
  /** Logits at the last token, [B, V], with a unit left out: keys like "block 0", "attention 1", "mlp 0". */
  readonly lastLogitsWithout: Readonly<Record<string, GoldenTensor>>;
  /** Models of some of the blocks, as transformers builds them with an explicit list of kinds: logits at the last token, [B, V]. */
  readonly cuts: readonly {
    readonly kept: readonly number[];
    readonly layerTypes: readonly string[] | null;
    readonly lastLogits: GoldenTensor;
  }[];
  /** The likeliest tokens after a prompt, and the logits that the last of them was chosen by, [V]. */
  readonly greedy: {
    readonly prompt: readonly number[];
    readonly answer: readonly number[];
    readonly lastLogits: GoldenTensor;
  };
  /** loss = Σ tokenWeight · cross-entropy, in float64, and its gradients by weight name. */
  readonly full: { readonly loss: number; readonly gradients: Readonly<Record<string, GoldenGradient>> };
  /** The same with adapters: y = xWᵀ + (alpha / rank) · (xAᵀ)Bᵀ on all seven projections, from `goldenAdapter`. */
  readonly lora: {
    readonly rank: number;
    readonly alpha: number;
    readonly loss: number;
    /** Keys like `model.layers.0.self_attn.q_proj.lora_A.weight` ([R, in]) and `….lora_B.weight` ([out, R]). */
    readonly gradients: Readonly<Record<string, GoldenGradient>>;
  };
  /** How far each weight has moved after some steps of PyTorch's AdamW on `full`'s loss; decay applies to matrices alone. */
  readonly adamw: {
    readonly learningRate: number;
    readonly beta1: number;
    readonly beta2: number;
    readonly epsilon: number;
    readonly weightDecay: number;
    readonly steps: number;
    readonly moved: Readonly<Record<string, GoldenGradient>>;
  };
}

/** Names of all fixtures, sorted. */
export const goldenNames: readonly string[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".json"))
  .map((file) => file.slice(0, -".json".length))
  .sort();

/** One of each kind of block: grouped heads, fused weights, windows and four norms, a short convolution, the delta rule. */
const oneOfEachKind = ["llama-gqa", "phi3", "gemma3", "lfm2", "qwen3_5"];

/**
 * The fixtures on which computations are compared: one of each kind of block in `npm test`, and in Electron, which computes the same
 * graphs with the same library; all in `npm run test:long` and with COPPICE_FAMILIES=all (`npm run test:electron -- --all`).
 */
export const comparedNames: readonly string[] =
  process.env["COPPICE_TESTS"] === "short" ||
  ("electron" in process.versions && process.env["COPPICE_FAMILIES"] !== "all")
    ? oneOfEachKind
    : goldenNames;

/** Reads a fixture. */
export const readGolden = (name: string) => readFixture(name) as Golden;

/** A JSON file of the fixtures' folder, stored tensors decoded. */
export function readFixture(name: string): unknown {
  return JSON.parse(readFileSync(`${FOLDER}${name}.json`, "utf8"), (_key, value: unknown) =>
    isStored(value) ? { shape: value.shape, data: decode(value.float32) } : value,
  );
}

/** The weights of a fixture's model, by upstream name; linear weights [out, in]. */
export function goldenWeights(golden: Golden): Map<string, GoldenTensor> {
  return new Map(
    Object.entries(golden.full.gradients).map(([name, { shape }]) => [
      name,
      { shape, data: hashedWeight(name, golden, shape) },
    ]),
  );
}

/** The values of a weight with this upstream name. */
export const hashedWeight = (name: string, { seed, normOffset }: Hashed, shape: readonly number[]) =>
  uniform(name, seed, elements(shape), ...span(name, normOffset));

/** The adapter matrices of a fixture, by the names in `golden.lora.gradients`. */
export function goldenAdapters(golden: Golden): Map<string, GoldenTensor> {
  return new Map(
    Object.entries(golden.lora.gradients).map(([name, { shape }]) => [
      name,
      { shape, data: uniform(name, golden.seed, elements(shape), ...MATRIX) },
    ]),
  );
}

/** The worst error of a gradient against its fixture (`checksumError`). */
export const gradientError = (golden: Golden, name: string, gradient: ArrayLike<number>) =>
  checksumError(golden, golden.full.gradients[name] ?? golden.lora.gradients[name], name, gradient);

/**
 * The worst error of a tensor against what a fixture has of it, relative to the fixture's norm: of the entries, of the projection
 * (divided by the length of its direction too) and of the norm. A wrong shape or a NaN gives Infinity.
 */
export function checksumError(
  { seed }: Golden,
  expected: GoldenGradient | undefined,
  name: string,
  values: ArrayLike<number>,
): number {
  if (!expected || values.length !== elements(expected.shape)) return Infinity;
  const direction = uniform(`projection of ${name}`, seed, values.length, 2, 0);
  let square = 0;
  let projection = 0;
  let directionSquare = 0;
  for (let i = 0; i < values.length; i++) {
    square += values[i]! ** 2;
    projection += values[i]! * direction[i]!;
    directionSquare += direction[i]! ** 2;
  }
  const errors = [
    Math.abs(Math.sqrt(square) - expected.norm),
    Math.abs(projection - expected.projection) / Math.sqrt(directionSquare),
    ...Object.entries(expected.entries).map(([i, value]) => Math.abs(values[Number(i)]! - value)),
  ];
  const worst = Math.max(...errors) / expected.norm;
  return Number.isNaN(worst) ? Infinity : worst;
}

/** hash32(seed, i) = fmix32(fmix32(seed) + i mod 2^32), an unsigned 32-bit integer. */
export function hash32(seed: number, i: number): number {
  return fmix32((fmix32(seed) + i) >>> 0);
}

/** FNV-1a of ASCII text, 32 bits. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

const MATRIX = [0.5, 0] as const; // scale, offset

/** Scale and offset of a weight. */
function span(name: string, normOffset: number): readonly [number, number] {
  if (name.endsWith("linear_attn.norm.weight")) return [0.5, 1];
  if (name.endsWith("norm.weight")) return [0.5, normOffset];
  return name.endsWith("embed_tokens.weight") || name.endsWith("lm_head.weight") ? [2, 0] : MATRIX;
}

/** A tensor's values, decided by its name alone. */
function uniform(name: string, seed: number, count: number, scale: number, offset: number): Float32Array {
  const tensorSeed = (fnv1a(name) ^ seed) >>> 0;
  return Float32Array.from(
    { length: count },
    (_, i) => offset + (hash32(tensorSeed, i) / 2 ** 32 - 0.5) * scale,
  );
}

/** The finaliser of MurmurHash3 (public domain). */
function fmix32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function isStored(value: unknown): value is { shape: number[]; float32: string } {
  return typeof value === "object" && value !== null && "float32" in value;
}

function decode(base64: string): Float32Array {
  const bytes = Buffer.from(base64, "base64");
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** A fixture whose context has room for several pieces of a prompt. */
export function longContext(name: string): Golden {
  const golden = readGolden(name);
  return { ...golden, config: { ...golden.config, max_position_embeddings: 1024 } };
}
