/**
 * Merges for a SentencePiece vocabulary, which has scores but no merges (Kudo & Richardson 2018, arXiv 1808.06226). Byte-pair
 * encoding joins the two neighbours whose joint piece has the highest score, so every way to split a piece in two is a merge,
 * ranked by the piece's score. The splits of one piece are ordered by their left part's id, as in the tokenizer.json files that
 * transformers' converter wrote for models with such a vocabulary.
 */
import { PairRanks } from "./byte-pairs.ts";
import type { Ranks } from "./definition.ts";
import type { Vocabulary } from "./vocabulary.ts";

/**
 * Ids of left part, right part and piece, three per merge, best first. `pieces` contains ids; control and byte tokens are not
 * among them, so that no text can produce one. `scores` has a score for each id.
 */
export function mergesFromScores(pieces: ReadonlyMap<string, number>, scores: ArrayLike<number>): Int32Array {
  const merges: number[] = [];
  const ranked = [...pieces].sort(([, a], [, b]) => scores[b]! - scores[a]! || a - b);
  for (const [piece, id] of ranked) {
    const cuts: [number, number][] = [];
    for (let at = 1; at < piece.length; at++) {
      if (isSecondHalf(piece.charCodeAt(at))) continue;
      const left = pieces.get(piece.slice(0, at));
      const right = left === undefined ? undefined : pieces.get(piece.slice(at));
      if (left !== undefined && right !== undefined) cuts.push([left, right]);
    }
    cuts.sort(([a], [b]) => a - b);
    for (const [left, right] of cuts) merges.push(left, right, id);
  }
  return Int32Array.from(merges);
}

/** More ways to split a piece in two than any has. */
const SPLITS = 32;

/**
 * The ranks of the same merges, found when they are asked for: a list of all those of 262,144 pieces takes seconds. `isPiece`: whether an id
 * may be part of a merge.
 */
export function ranksByScore(
  vocabulary: Vocabulary,
  scores: ArrayLike<number>,
  isPiece: (id: number) => boolean,
): Ranks {
  const idOf = (text: string) => {
    const id = vocabulary.get(text);
    return id !== undefined && isPiece(id) ? id : -1;
  };
  const ranked = Int32Array.from({ length: scores.length }, (_, id) => id);
  const isSorted = ranked.every((id) => id === 0 || scores[id - 1]! >= scores[id]!);
  if (!isSorted) ranked.sort((a, b) => scores[b]! - scores[a]! || a - b);
  const places = new Int32Array(ranked.length);
  ranked.forEach((id, place) => (places[id] = place));

  const find = (left: number, right: number): number => {
    if (!isPiece(left) || !isPiece(right)) return -1;
    const first = vocabulary.textOf(left)!;
    const piece = first + vocabulary.textOf(right)!;
    const id = idOf(piece);
    if (id < 0) return -1;
    let before = 0; // splits whose left part has a lower id
    for (let at = 1; at < piece.length; at++) {
      if (isSecondHalf(piece.charCodeAt(at)) || at === first.length) continue;
      const other = idOf(piece.slice(0, at));
      if (other >= 0 && other < left && idOf(piece.slice(at)) >= 0) before++;
    }
    return places[id]! * SPLITS + Math.min(before, SPLITS - 1);
  };
  const known = new PairRanks(2 ** 12);
  return {
    rankOf(left, right) {
      if (left < 0 || right < 0) return -1;
      const seen = known.get(left, right);
      if (seen !== undefined) return seen;
      const rank = find(left, right);
      known.set(left, right, rank);
      return rank;
    },
    pieceOf: (rank) => ranked[Math.floor(rank / SPLITS)]!,
  };
}

/** Whether a code unit is the second half of a surrogate pair. */
function isSecondHalf(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
