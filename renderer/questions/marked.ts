/** Marks the sentences of a passage that support an answer. */

/** A piece of a passage. */
export interface Piece {
  readonly text: string;
  readonly isMarked: boolean;
}

/**
 * Splits the passage into pieces, which joined give the passage again. Evidence has one sentence per line, whose white space may differ from
 * the passage's; sentences that the passage does not contain are ignored.
 */
export function markedPieces(passage: string, evidence: string): Piece[] {
  const places = evidence
    .split("\n")
    .map((sentence) => placeOf(passage, sentence))
    .filter((place) => place !== null)
    .sort((a, b) => a.from - b.from);
  const pieces: Piece[] = [];
  let at = 0;
  for (const { from, to } of places) {
    if (from < at) continue;
    pieces.push(
      { text: passage.slice(at, from), isMarked: false },
      { text: passage.slice(from, to), isMarked: true },
    );
    at = to;
  }
  return [...pieces, { text: passage.slice(at), isMarked: false }].filter(({ text }) => text !== "");
}

function placeOf(passage: string, sentence: string): { from: number; to: number } | null {
  const words = sentence.split(/\s+/).filter(Boolean);
  if (words.length === 0) return null;
  const found = new RegExp(words.map(escaped).join("\\s+"), "u").exec(passage);
  return found && { from: found.index, to: found.index + found[0].length };
}

function escaped(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
