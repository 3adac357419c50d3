/** The effect of a cut on a config.json, and the sequences of block kinds that programs can express. */
import type { Config, Expressible, JsonObject, Program } from "./architecture.ts";

/** The config.json of the blocks `kept`, in order: their number, and their kinds if it lists them. */
export function cutBlocks(json: JsonObject, kept: readonly number[]): JsonObject {
  const { layer_types: kinds } = json;
  return {
    ...json,
    num_hidden_layers: kept.length,
    ...(Array.isArray(kinds) && { layer_types: kept.map((block) => kinds[block] as unknown) }),
  };
}

/** The same with the kinds of the kept blocks written out. */
export function cutKinds(json: JsonObject, kept: readonly number[], { blocks }: Config): JsonObject {
  return { ...cutBlocks(json, kept), layer_types: kept.map((block) => blocks[block]!.name) };
}

/**
 * The same, with their period as `key` for programs that read nothing else; without `key` if no period expresses them. The
 * `nth` kind ends each period.
 */
export function cutPeriod(
  json: JsonObject,
  kept: readonly number[],
  whole: Config,
  { key, nth, other }: { readonly key: string; readonly nth: string; readonly other: string },
): JsonObject {
  const kinds = kept.map((block) => whole.blocks[block]!.name);
  const cut: Record<string, unknown> = { ...cutKinds(json, kept, whole), [key]: periodOf(kinds, nth, other) };
  if (cut[key] === null) delete cut[key];
  return cut;
}

/** For an architecture whose blocks are all of one kind: any cut suits every program. */
export const anySequence = (): null => null;

/**
 * The sequences, `length` blocks long, in which every p-th block is `nth` and all others are `other`, for each p: the sequences
 * that a program with a single period can express.
 */
export function periodic(length: number, nth: string, other: string): string[][] {
  // the last period is longer than the model: no block is `nth`
  return Array.from({ length: length + 1 }, (_, index) => sequence(length, everyNth(index + 1, nth, other)));
}

/** The kind of a block where every `period`-th is `nth` and all others are `other`. */
export const everyNth =
  <Kind>(period: number, nth: Kind, other: Kind) =>
  (block: number): Kind =>
    (block + 1) % period === 0 ? nth : other;

/** The kinds of `length` blocks. */
export const sequence = <Kind>(length: number, kindOf: (block: number) => Kind): Kind[] =>
  Array.from({ length }, (_, block) => kindOf(block));

/** The period of a sequence from `periodic`, null for any other. */
export function periodOf(kinds: readonly string[], nth: string, other: string): number | null {
  const index = periodic(kinds.length, nth, other).findIndex((sequence) => sequence.join() === kinds.join());
  return index < 0 ? null : index + 1;
}

/**
 * Whether `length` of these blocks can be kept so that each program can express the result; `kinds` are those of the remaining
 * blocks, in order.
 */
export function isReachable(
  expressible: (program: Program, length: number) => Expressible,
  programs: readonly Program[],
  kinds: readonly string[],
  length: number,
): boolean {
  const all = programs.map((program) => expressible(program, length));
  const listed = all.flatMap((choice) =>
    isList(choice) ? [new Set(choice.map((kinds) => kinds.join()))] : [],
  );
  const required = new Set(all.flatMap((choice) => (choice && !isList(choice) ? choice.required : [])));
  const hasRequired = (sequence: readonly string[]) => [...required].every((kind) => sequence.includes(kind));
  const [first, ...others] = listed;
  if (!first) return length <= kinds.length && required.size <= length && hasRequired(kinds);
  return [...first].some((sequence) => {
    const wanted = sequence.split(",");
    const suits = others.every((other) => other.has(sequence)) && hasRequired(wanted);
    return suits && isSubsequence(wanted, kinds);
  });
}

const isList = (choice: Expressible): choice is readonly (readonly string[])[] => Array.isArray(choice);

/** Whether `part` is a subsequence of `list`. */
function isSubsequence(part: readonly string[], list: readonly string[]): boolean {
  let found = 0;
  for (const element of list) if (element === part[found]) found++;
  return found >= part.length;
}

/** The kinds of a model's blocks, by name. */
export const kindNames = ({ blocks }: Config): string[] => blocks.map(({ name }) => name);
