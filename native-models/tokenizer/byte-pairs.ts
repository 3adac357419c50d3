/**
 * Byte-pair encoding (Sennrich et al. 2016, arXiv 1508.07909): the two neighbours whose merge has the lowest rank are joined, the
 * leftmost of equals first, until no two neighbours have a merge. Pieces are ids throughout, so that a vocabulary of 262,144
 * entries and half a million merges takes a few megabytes.
 */
import { MOST_IDS } from "./definition.ts";
import type { Definition, Ranks } from "./definition.ts";
import type { Model } from "./huggingface.ts";
import { once } from "./prepared.ts";
import type { Prepared } from "./prepared.ts";

/** The id of a character that the vocabulary lacks. */
export const NO_ID = -1;

/** Words up to this length are cached; real text repeats them. */
const LONGEST_CACHED = 256;
const MOST_CACHED = 10_000;

/** Positions are below this: a rank and a position share one number in the queue. */
const POSITIONS = 2 ** 26;

/**
 * The model that the engine calls with pieces of text. It never returns an id of `special`, whatever the text; `unknownName` is
 * the name of the unknown token.
 */
export function bytePairModel(
  definition: Definition,
  special: ReadonlySet<number>,
  unknownName: string,
): Prepared<{ model: Model }> {
  const { vocabulary, byteFallback, fuseUnknown, ignoreMerges } = definition;
  const unknownId = definition.unknownToken === null ? undefined : vocabulary.get(definition.unknownToken);
  const idOf = (text: string) => {
    const id = vocabulary.get(text);
    return id === undefined || special.has(id) ? NO_ID : id;
  };
  const bytes = byteFallback ? byteTokens(idOf) : [];
  const isSpecial = (id: number) => special.has(id);
  const merge = once(() =>
    merger(definition.ranks?.(isSpecial) ?? rankedMerges(definition.merges(), isSpecial)),
  );
  const cache = new Map<string, string[]>();
  const toUtf8 = new TextEncoder();

  const encodePiece = (piece: string): string[] => {
    if (ignoreMerges && idOf(piece) !== NO_ID) return [piece];
    const characters = Array.from(piece);
    const tokens: string[] = [];
    merge()(characters.map(idOf), (id, position) => {
      if (id !== NO_ID) {
        tokens.push(vocabulary.textOf(id)!);
        return;
      }
      const spelt = Array.from(toUtf8.encode(characters[position]), (byte) => bytes[byte]);
      if (spelt.every((token) => token !== undefined)) tokens.push(...spelt);
      else if (unknownId !== undefined) tokens.push(unknownName);
    });
    return tokens;
  };

  const encodeCached = (piece: string): string[] => {
    if (piece.length > LONGEST_CACHED) return encodePiece(piece);
    const known = cache.get(piece);
    if (known) return known;
    if (cache.size === MOST_CACHED) cache.clear();
    const tokens = encodePiece(piece);
    cache.set(piece, tokens);
    return tokens;
  };

  const isUnknown = (token: string | undefined) => token === unknownName;
  const encode = (pieces: readonly string[]): string[] => {
    const tokens: string[] = [];
    for (const piece of pieces) {
      for (const token of encodeCached(piece)) {
        if (!(fuseUnknown && isUnknown(token) && isUnknown(tokens.at(-1)))) tokens.push(token);
      }
    }
    return tokens;
  };
  const get = (token: string) => (token === unknownName ? unknownId : vocabulary.get(token));
  return { model: Object.assign(encode, { tokens_to_ids: { get } }), prepare: () => void merge() };
}

/** The name of a byte's token in a vocabulary with byte fallback. */
export const byteToken = (byte: number): string => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;

/** The tokens of the 256 bytes, if the vocabulary has them. */
function byteTokens(idOf: (text: string) => number): (string | undefined)[] {
  return Array.from({ length: 256 }, (_, byte) => {
    const token = byteToken(byte);
    return idOf(token) === NO_ID ? undefined : token;
  });
}

/** `ids` are overwritten; `onJoined` receives each piece that a merge makes. */
export type Merger = (
  ids: number[],
  onPiece: (id: number, position: number) => void,
  onJoined?: (id: number) => void,
) => void;

/** The ranks of a list of merges without special tokens: their places in it. */
export function rankedMerges(merges: Int32Array, isSpecial: (id: number) => boolean): Ranks {
  const ranks = new PairRanks(merges.length / 3);
  for (let rank = 0, at = 0; at < merges.length; rank++, at += 3) {
    const [left, right, whole] = [merges[at]!, merges[at + 1]!, merges[at + 2]!];
    if (!isSpecial(left) && !isSpecial(right) && !isSpecial(whole)) ranks.set(left, right, rank);
  }
  return {
    rankOf: (left, right) => (left < 0 || right < 0 ? NO_ID : (ranks.get(left, right) ?? NO_ID)),
    pieceOf: (rank) => merges[3 * rank + 2]!,
  };
}

/** Joins the neighbours among `ids` and returns the result, each with its start position. */
export function merger(ranks: Ranks): Merger {
  return (ids, onPiece, onJoined) => {
    const next = ids.map((_, position) => position + 1);
    const previous = ids.map((_, position) => position - 1);
    const queue = new LowestFirst();
    const rankAt = (position: number) =>
      position < 0 || next[position]! >= ids.length
        ? NO_ID
        : ranks.rankOf(ids[position]!, ids[next[position]!]!);
    const offer = (position: number) => {
      const rank = rankAt(position);
      if (rank >= 0) queue.push(rank * POSITIONS + position);
    };
    for (let position = 0; position + 1 < ids.length; position++) offer(position);
    for (let lowest = queue.pop(); lowest !== undefined; lowest = queue.pop()) {
      const position = lowest % POSITIONS;
      const rank = (lowest - position) / POSITIONS;
      // An earlier candidate may have been joined with another neighbour since.
      if (rankAt(position) !== rank) continue;
      const taken = next[position]!;
      ids[position] = ranks.pieceOf(rank);
      onJoined?.(ids[position]);
      ids[taken] = NO_ID;
      next[position] = next[taken]!;
      if (next[position] < ids.length) previous[next[position]] = position;
      next[taken] = ids.length;
      offer(previous[position]!);
      offer(position);
    }
    for (let position = 0; position < ids.length; position = next[position]!)
      onPiece(ids[position]!, position);
  };
}

/** A number for pairs of ids: a hash table with open addressing in two typed arrays, which grow. */
export class PairRanks {
  #keys: Float64Array;
  #ranks: Int32Array;
  #mask: number;
  #pairs = 0;

  constructor(pairs: number) {
    const slots = 2 ** Math.ceil(Math.log2(2 * pairs + 2));
    this.#keys = new Float64Array(slots).fill(NO_ID);
    this.#ranks = new Int32Array(slots);
    this.#mask = slots - 1;
  }

  /** If a pair gets several, the last one wins. */
  set(left: number, right: number, rank: number): void {
    const slot = this.#slot(left, right);
    if (this.#keys[slot]! < 0 && ++this.#pairs > this.#keys.length / 2) {
      this.#grow();
      return this.set(left, right, rank);
    }
    this.#keys[slot] = left * MOST_IDS + right;
    this.#ranks[slot] = rank;
  }

  get(left: number, right: number): number | undefined {
    const slot = this.#slot(left, right);
    return this.#keys[slot]! < 0 ? undefined : this.#ranks[slot]!;
  }

  #grow(): void {
    const [keys, ranks] = [this.#keys, this.#ranks];
    this.#keys = new Float64Array(2 * keys.length).fill(NO_ID);
    this.#ranks = new Int32Array(2 * keys.length);
    this.#mask = 2 * keys.length - 1;
    this.#pairs = 0;
    for (const [slot, key] of keys.entries())
      if (key >= 0) this.set(Math.floor(key / MOST_IDS), key % MOST_IDS, ranks[slot]!);
  }

  /** The slot of the pair, or the free slot for it. */
  #slot(left: number, right: number): number {
    const key = left * MOST_IDS + right;
    const mixed = Math.imul(Math.imul(left, 0x9e3779b1) ^ right, 0x85ebca6b);
    let slot = (mixed ^ (mixed >>> 15)) & this.#mask;
    while (this.#keys[slot] !== key && this.#keys[slot]! >= 0) slot = (slot + 1) & this.#mask;
    return slot;
  }
}

/** A binary heap of numbers. */
class LowestFirst {
  readonly #heap: number[] = [];

  push(value: number): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(value);
    for (let parent = (at - 1) >> 1; at > 0 && heap[parent]! > value; parent = (at - 1) >> 1) {
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = value;
  }

  pop(): number | undefined {
    const heap = this.#heap;
    const lowest = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return lowest;
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child++;
      if (heap[child]! >= last) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return lowest;
  }
}
