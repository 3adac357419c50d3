/** Plain text and Markdown, and the division of any text into passages of whole paragraphs. */
import { EXTENSIONS, extensionOf } from "../../../preload/contract/data-files.ts";
import type { Line } from "./lines.ts";
import { readDocumentBytes } from "./regular-file.ts";
import type { DocumentFormat } from "./row.ts";
import { decodeText } from "./text-encoding.ts";

/** About 300 tokens of English: several paragraphs, and a typical training row. */
export const LONGEST_PASSAGE_CHARACTERS = 1200;

/** A text without blank lines is cut after this length, so that it need not fit in memory. */
const LONGEST_PARAGRAPH_CHARACTERS = 2 ** 20;

/** The lines of a text file. Throws `not-found`, `unreadable`, `bad-data`. */
export const plainText: DocumentFormat = {
  extensions: [...EXTENSIONS.text, ...EXTENSIONS.markdown],
  open(path) {
    const { text, encoding } = decodeText(path, readDocumentBytes(path));
    const format = extensionOf(path) === ".txt" ? "text" : "markdown";
    return { format, kind: "text", details: { encoding }, lines: linesOf(text) };
  },
};

/** The lines of a text that is in memory, ended by LF or CRLF. */
export function* linesOf(text: string): Generator<Line> {
  for (let number = 1, start = 0; start < text.length; number++) {
    const found = text.indexOf("\n", start);
    const end = found < 0 ? text.length : found;
    yield { number, text: text.slice(start, end).replace(/\r$/, "") };
    start = end + 1;
  }
}

/** Text and the line on which it begins. */
export interface Passage {
  readonly line: number;
  readonly text: string;
}

/**
 * Joins paragraphs (separated by blank lines) into passages as long as they fit. A longer paragraph is cut at the end of a
 * sentence, otherwise between words; a heading stays with the text after it.
 */
export function* passagesOf(lines: Iterable<Line>, longest = LONGEST_PASSAGE_CHARACTERS): Generator<Passage> {
  let parts: Passage[] = [];
  for (const part of partsOf(lines, longest)) {
    const length = parts.reduce((sum, { text }) => sum + text.length + 2, 0);
    if (parts.length > 0 && length + part.text.length > longest) {
      const heading = parts.length > 1 && isHeading(parts[parts.length - 1]!.text) ? [parts.pop()!] : [];
      yield joined(parts);
      parts = heading;
    }
    parts.push(part);
  }
  if (parts.length > 0) yield joined(parts);
}

function joined(parts: readonly Passage[]): Passage {
  return { line: parts[0]!.line, text: parts.map(({ text }) => text).join("\n\n") };
}

function isHeading(text: string): boolean {
  return /^#{1,6} [^\n]*$/.test(text);
}

/** The paragraphs, long ones in pieces. */
function* partsOf(lines: Iterable<Line>, longest: number): Generator<Passage> {
  for (const { line, text } of paragraphsOf(lines)) {
    let rest = text;
    while (rest.length > longest) {
      const end = cutBefore(rest, longest);
      yield { line, text: rest.slice(0, end).trimEnd() };
      rest = rest.slice(end).trimStart();
    }
    if (rest !== "") yield { line, text: rest };
  }
}

function* paragraphsOf(lines: Iterable<Line>): Generator<Passage> {
  let texts: string[] = [];
  let length = 0;
  let line = 0;
  for (const { number, text } of lines) {
    const blank = text.trim() === "";
    if (texts.length > 0 && (blank || length > LONGEST_PARAGRAPH_CHARACTERS)) {
      yield { line, text: texts.join("\n") };
      texts = [];
      length = 0;
    }
    if (blank) continue;
    if (texts.length === 0) line = number;
    texts.push(text.trimEnd());
    length += text.length;
  }
  if (texts.length > 0) yield { line, text: texts.join("\n") };
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
