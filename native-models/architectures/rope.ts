/** Rotary frequencies and their scalings, from a config.json. */
import { fail } from "../failure.ts";
import { shown } from "../shown.ts";
import type { JsonObject, Rope } from "./architecture.ts";
import { corruptConfig } from "./keys.ts";

/** θ where parameters have none. */
const THETA = 10_000;

/** Kinds of scaling that `ropeOf` reads. */
const SCALINGS = ["default", "linear", "llama3", "yarn", "longrope"];

/** What determines a rotation besides its parameters. */
interface RopeOptions {
  /** Dh */
  readonly headDim: number;
  /** The path of the configuration, for errors. */
  readonly path: string;
}

/**
 * The rotation of heads of `headDim` dimensions, or of the first `partial_rotary_factor` of them: θ^(−2i/rotated) per pair, scaled
 * according to `parameters`: none, `linear`, `llama3`, `yarn`, `longrope`, or `factors` (a divisor per pair, as GGUF stores
 * `llama3`). Source: transformers modeling_rope_utils.py. Throws `unsupported-architecture` for another kind of scaling, and
 * `corrupt-file` for impossible values.
 */
export function ropeOf(parameters: JsonObject, options: RopeOptions): Rope {
  const { path } = options;
  const part = number(parameters.partial_rotary_factor, 1);
  if (part <= 0 || part > 1) corruptConfig(path, `partial_rotary_factor: ${part} is not a part of a head`);
  const rope = scaled(parameters, options);
  const numbers = [rope.magnitude, ...rope.frequencies, ...(rope.beyond?.frequencies ?? [])];
  return numbers.every(Number.isFinite) ? rope : corruptConfig(path, "its rotation has no finite angles");
}

function scaled(parameters: JsonObject, { headDim, path }: RopeOptions): Rope {
  const plain = unscaled(parameters, headDim);
  const even = (frequencies: number[]): Rope => ({ frequencies, magnitude: 1 });
  const kind = ropeType(parameters);
  switch (kind) {
    case "default":
      return even(plain);
    case "linear":
      return even(plain.map((frequency) => frequency / number(parameters.factor, 1)));
    case "llama3":
      if (parameters.factors !== undefined) return even(divided(plain, parameters.factors, path)); // as a file had them
      return even(plain.map((frequency) => stretched(frequency, parameters)));
    case "factors":
      return even(divided(plain, parameters.factors, path));
    case "yarn":
      return yarn(plain, parameters);
    case "longrope":
    case "su": // its name in the first files
      return longRope(plain, parameters, path);
    default:
      return fail({
        code: "unsupported-architecture",
        modelType: `rope scaling "${shown(kind)}"`,
        supported: SCALINGS,
      });
  }
}

/** θ^(−2i/rotated) per pair. */
function unscaled(parameters: JsonObject, headDim: number): number[] {
  const theta = number(parameters.rope_theta, THETA);
  const rotated = 2 * Math.floor((headDim * number(parameters.partial_rotary_factor, 1)) / 2);
  return Array.from({ length: rotated / 2 }, (_, i) => theta ** ((-2 * i) / rotated));
}

/** The kind of scaling that parameters name, by either of its keys. */
export const ropeType = (parameters: JsonObject): unknown =>
  parameters.rope_type ?? parameters.type ?? "default";

/** What each frequency is divided by. [rotated / 2] */
export const divisorsOf = (rope: Rope, parameters: JsonObject, headDim: number): number[] =>
  unscaled(parameters, headDim).map((frequency, pair) => frequency / rope.frequencies[pair]!);

/** The keys of a configuration that determine its rotation. */
export interface RopeKeys {
  readonly rope_scaling?: JsonObject | null | undefined;
  readonly rope_parameters?: JsonObject | null | undefined;
  readonly rope_theta?: number | null | undefined;
  readonly max_position_embeddings: number;
  readonly original_max_position_embeddings?: number | null | undefined;
  readonly partial_rotary_factor?: number | null | undefined;
}

/**
 * The rope parameters of a configuration, or of one of its kinds of blocks if they differ, in any of upstream's spellings; missing ones
 * are taken from the configuration's other keys.
 */
export function ropeParameters(c: RopeKeys, kind?: string): JsonObject {
  const given = c.rope_parameters ?? c.rope_scaling ?? {};
  const scaling = ((kind !== undefined && given[kind]) || given) as JsonObject;
  return {
    ...scaling,
    rope_theta: scaling.rope_theta ?? c.rope_theta,
    partial_rotary_factor: scaling.partial_rotary_factor ?? c.partial_rotary_factor,
    original_max_position_embeddings:
      c.original_max_position_embeddings ?? scaling.original_max_position_embeddings,
    max_position_embeddings: c.max_position_embeddings,
  };
}

/**
 * YaRN (arXiv 2309.00071): frequencies of pairs that turn often within the original context are kept, those of pairs that hardly turn
 * are divided by `factor`, those in between are interpolated; cosines and sines grow with the factor.
 */
function yarn(plain: readonly number[], parameters: JsonObject): Rope {
  const theta = number(parameters.rope_theta, THETA);
  const rotated = 2 * plain.length;
  const context = originalContext(parameters);
  const factor = number(parameters.factor, number(parameters.max_position_embeddings, 2048) / context);
  /** The pair that makes this many turns within the original context. */
  const pairOf = (turns: number) =>
    (rotated * Math.log(context / (turns * 2 * Math.PI))) / (2 * Math.log(theta));
  const rounds = parameters.truncate !== false;
  const [fast, slow] = [
    pairOf(number(parameters.beta_fast, 0) || 32),
    pairOf(number(parameters.beta_slow, 0) || 1),
  ];
  const low = Math.max(rounds ? Math.floor(fast) : fast, 0);
  const high = Math.min(rounds ? Math.ceil(slow) : slow, rotated - 1);
  const width = high === low ? 0.001 : high - low;
  const frequencies = plain.map((frequency, pair) => {
    const divides = Math.min(1, Math.max(0, (pair - low) / width));
    return (frequency / factor) * divides + frequency * (1 - divides);
  });
  const magnitudeOf = (weight: number) => (factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1);
  const [own, all] = [number(parameters.mscale, 0), number(parameters.mscale_all_dim, 0)];
  const usual = own && all ? magnitudeOf(own) / magnitudeOf(all) : magnitudeOf(1);
  return { frequencies, magnitude: number(parameters.attention_factor, usual) };
}

/**
 * LongRoPE (arXiv 2402.13753): a divisor per pair for texts within the original context, and another for longer ones; cosines and
 * sines grow with the ratio of the two contexts.
 */
function longRope(plain: readonly number[], parameters: JsonObject, path: string): Rope {
  const frequencies = divided(plain, parameters.short_factor, path);
  const rope = { frequencies, magnitude: longMagnitude(parameters) };
  if (!hasTwoLists(parameters)) return rope;
  const beyond = divided(plain, parameters.long_factor, path);
  return { ...rope, beyond: { tokens: originalContext(parameters), frequencies: beyond } };
}

/** Whether long texts are rotated by other frequencies. */
export const hasTwoLists = ({ short_factor: short, long_factor: long }: JsonObject): boolean =>
  JSON.stringify(short) !== JSON.stringify(long);

/**
 * Parameters that give these divisors: Llama 3's if its usual values do, together with the exact divisors, which take precedence;
 * otherwise LongRoPE's, the same for texts of any length.
 */
export function parametersOf(
  divisors: readonly number[],
  { rope_theta, max_position_embeddings: context }: JsonObject,
  headDim: number,
): JsonObject {
  const factor = divisors.reduce((most, divisor) => Math.max(most, divisor), -Infinity);
  const usual = { low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 8192 };
  const parameters = { rope_type: "llama3", factor, ...usual };
  const plain = 2 * divisors.length === headDim ? unscaled({ rope_theta }, headDim) : null;
  const isUsual = plain?.every((frequency, pair) => {
    const given = frequency / divisors[pair]!;
    return Math.abs(stretched(frequency, parameters) - given) < 1e-4 * given;
  });
  if (isUsual) return { ...parameters, factors: divisors };
  const lists = { short_factor: divisors, long_factor: divisors };
  return { rope_type: "longrope", ...lists, original_max_position_embeddings: context };
}

/** The context that a model was trained on before it was extended. */
const originalContext = (parameters: JsonObject): number =>
  number(parameters.original_max_position_embeddings, number(parameters.max_position_embeddings, 2048));

/** Factor of cosines and sines in LongRoPE. */
export function longMagnitude(parameters: JsonObject): number {
  const context = originalContext(parameters);
  const factor = number(parameters.factor, number(parameters.max_position_embeddings, 2048) / context);
  const usual = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(context));
  return number(parameters.attention_factor, usual);
}

/** Frequencies by a list of divisors. Throws `corrupt-file` if it does not have one for each. */
function divided(plain: readonly number[], divisors: unknown, path: string): number[] {
  const list: readonly unknown[] = Array.isArray(divisors) ? divisors : [];
  if (list.length !== plain.length || !list.every((divisor) => number(divisor, 0) > 0))
    corruptConfig(path, `its rotation of ${plain.length} pairs needs as many positive divisors`);
  return plain.map((frequency, pair) => frequency / (list[pair] as number));
}

/** Low frequencies are divided by `factor`, high ones kept, those in between interpolated (Llama 3.1). */
function stretched(frequency: number, parameters: JsonObject): number {
  const factor = number(parameters.factor, 8);
  const low = number(parameters.low_freq_factor, 1);
  const high = number(parameters.high_freq_factor, 4);
  const context = number(parameters.original_max_position_embeddings, 8192);
  const turns = (context * frequency) / (2 * Math.PI); // within the original context
  if (turns < low) return frequency / factor;
  if (turns > high) return frequency;
  const blend = (turns - low) / (high - low);
  return ((1 - blend) * frequency) / factor + blend * frequency;
}

function number(value: unknown, otherwise: number): number {
  return typeof value === "number" && Number.isFinite(value) ? value : otherwise;
}

/**
 * Cosines and sines of `positions` positions from `first` on, in a text of `length` tokens. Each [positions, rotated / 2].
 */
export function ropeTables(
  rope: Rope,
  positions: number,
  first = 0,
  length = first + positions,
): { cos: Float32Array; sin: Float32Array } {
  const frequencies = isBeyond(rope, length) ? rope.beyond!.frequencies : rope.frequencies;
  const half = frequencies.length;
  const cos = new Float32Array(positions * half);
  const sin = new Float32Array(positions * half);
  for (let position = 0; position < positions; position++) {
    for (let i = 0; i < half; i++) {
      cos[position * half + i] = rope.magnitude * Math.cos((first + position) * frequencies[i]!);
      sin[position * half + i] = rope.magnitude * Math.sin((first + position) * frequencies[i]!);
    }
  }
  return { cos, sin };
}

/** The factors of rotated queries at `positions` positions from `first` on. [positions] */
export function growthOf(
  { by, every }: NonNullable<Rope["growth"]>,
  positions: number,
  first = 0,
): Float32Array {
  const factor = (position: number) => 1 + by * Math.log(1 + Math.floor(position / every));
  return Float32Array.from({ length: positions }, (_, index) => factor(first + index));
}

/** Whether a text of `length` tokens is rotated by the other frequencies. */
export const isBeyond = ({ beyond }: Pick<Rope, "beyond">, length: number): boolean =>
  beyond !== undefined && length > beyond.tokens;
