/** The division of any text into passages of whole blocks. */
import { between, written } from "./blocks.ts";
import type { Block } from "./blocks.ts";

/** About 300 tokens of English: several paragraphs, and a typical training row. */
export const LONGEST_PASSAGE_CHARACTERS = 1200;

/** Text, and the place at which it begins (`Block`). */
export interface Passage {
  readonly place: number;
  readonly text: string;
}

/**
 * Joins blocks into passages as long as they fit. A longer block is cut at the end of a sentence, otherwise between words; a
 * heading stays with the text after it.
 */
export function* passagesOf(
  blocks: Iterable<Block>,
  longest = LONGEST_PASSAGE_CHARACTERS,
): Generator<Passage> {
  let parts: Part[] = [];
  let length = 0;
  for (const part of partsOf(blocks, longest)) {
    if (parts.length > 0 && length + part.gap.length + part.text.length > longest) {
      const heading = parts.length > 1 && parts[parts.length - 1]!.isHeading ? [parts.pop()!] : [];
      yield joined(parts);
      parts = heading;
      length = heading.reduce((sum, { text }) => sum + text.length, 0);
    }
    length += (parts.length > 0 ? part.gap.length : 0) + part.text.length;
    parts.push(part);
  }
  if (parts.length > 0) yield joined(parts);
}

/** A block or a piece of a long one, and what separates it from the part before. */
interface Part extends Passage {
  readonly gap: string;
  readonly isHeading: boolean;
}

function joined(parts: readonly Part[]): Passage {
  const text = parts.map(({ gap, text }, index) => (index === 0 ? text : gap + text)).join("");
  return { place: parts[0]!.place, text };
}

/** The blocks, long ones in pieces. */
function* partsOf(blocks: Iterable<Block>, longest: number): Generator<Part> {
  let before: Block | undefined;
  for (const block of blocks) {
    let gap: string = before ? between(before, block) : "";
    let rest = written(block);
    while (rest.length > longest) {
      const end = cutBefore(rest, longest);
      yield { place: block.place, text: rest.slice(0, end).trimEnd(), gap, isHeading: false };
      [rest, gap] = [rest.slice(end).trimStart(), "\n\n"];
    }
    if (rest !== "") yield { place: block.place, text: rest, gap, isHeading: block.kind === "heading" };
    before = block;
  }
}

/**
 * Where to cut a text that is too long: after the last sentence in its second half, otherwise after a word, otherwise anywhere.
 */
function cutBefore(text: string, longest: number): number {
  const half = longest >> 1;
  const secondHalf = text.slice(half, longest);
  for (const border of [/[.!?…]["'”’)\]]*\s|[。！？]/g, /\s/g]) {
    const last = [...secondHalf.matchAll(border)].pop();
    if (last) return half + last.index + last[0].length;
  }
  return /[\ud800-\udbff]/.test(text[longest - 1]!) ? longest - 1 : longest;
}
