/** Plain text: its paragraphs, with their lines as they are. */
import { EXTENSIONS } from "../../preload/contract/data/data-files.ts";
import type { Block } from "./blocks/blocks.ts";
import type { Line } from "./files/lines.ts";
import { readDocumentBytes } from "./files/regular-file.ts";
import type { DocumentFormat } from "./row.ts";
import { decodeText } from "./encodings/text-encoding.ts";

/** A paragraph is cut after this length, as in a text without blank lines. */
const LONGEST_PARAGRAPH_CHARACTERS = 2 ** 20;

/** The paragraphs of a text file. Throws `not-found`, `unreadable`, `bad-data`. */
export const plainText: DocumentFormat = {
  extensions: EXTENSIONS.text,
  open(path) {
    const { text, encoding } = decodeText(path, readDocumentBytes(path));
    return { format: "text", kind: "text", details: { encoding }, blocks: paragraphsOf(text) };
  },
};

/** The paragraphs of a text that is in memory, separated by blank lines. */
export function* paragraphsOf(text: string): Generator<Block> {
  let texts: string[] = [];
  let length = 0;
  let place = 0;
  for (const { number, text: line } of linesOf(text)) {
    const blank = line.trim() === "";
    if (texts.length > 0 && (blank || length > LONGEST_PARAGRAPH_CHARACTERS)) {
      yield { kind: "paragraph", place, text: texts.join("\n") };
      texts = [];
      length = 0;
    }
    if (blank) continue;
    if (texts.length === 0) place = number;
    texts.push(line.trimEnd());
    length += line.length;
  }
  if (texts.length > 0) yield { kind: "paragraph", place, text: texts.join("\n") };
}

/** The lines of a text that is in memory, ended by LF or CRLF. */
function* linesOf(text: string): Generator<Line> {
  for (let number = 1, start = 0; start < text.length; number++) {
    const found = text.indexOf("\n", start);
    const end = found < 0 ? text.length : found;
    yield { number, text: text.slice(start, end).replace(/\r$/, "") };
    start = end + 1;
  }
}
