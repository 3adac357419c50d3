/** Markdown: its headings, paragraphs, lists and tables (CommonMark and tables, by markdown-it), without the marks within their lines. */
import MarkdownIt from "markdown-it";
import type { Token } from "markdown-it";
import { EXTENSIONS } from "../../../preload/contract/data/data-files.ts";
import { rowBlock } from "../blocks/blocks.ts";
import type { Block } from "../blocks/blocks.ts";
import { readDocumentBytes } from "../files/regular-file.ts";
import type { DocumentFormat } from "../row.ts";
import { decodeText } from "../encodings/text-encoding.ts";

/** A long text is parsed in pieces, so that its tokens need little memory. */
const PIECE_CHARACTERS = 2 ** 20;

/** Parses only blocks; the text within them is read by withoutMarks. */
const parser = new MarkdownIt({ html: true });
parser.core.ruler.enableOnly(["normalize", "block"]);
parser.block.ruler.disable("reference"); // link definitions stay text

/** The blocks of a Markdown file. Throws `not-found`, `unreadable`, `bad-data`. */
export const markdown: DocumentFormat = {
  extensions: EXTENSIONS.markdown,
  open(path) {
    const { text, encoding } = decodeText(path, readDocumentBytes(path));
    return { format: "markdown", kind: "text", details: { encoding }, blocks: blocksIn(text) };
  },
};

/** Metadata (YAML) that programs for notes and websites write above a text. */
const FRONT_MATTER =
  /^---[^\S\n]*\n(?=\s*[\w-]+:)((?:(?:[\w -]+:|[^\S\n]|- |#).*\n|\n){1,200})(?:---|\.\.\.)[^\S\n]*(?:\n|$)/;
const TITLE = /^title:[^\S\n]*(["']?)(.*\S)\1[^\S\n]*$/im;

/** The blocks of a text without its metadata, of which the title stays as a heading if the text has none of its own. */
function* blocksIn(content: string): Generator<Block> {
  const text = content.replace(/\r\n?/g, "\n");
  const [metadata = "", entries = ""] = FRONT_MATTER.exec(text) ?? [];
  const blocks = markdownBlocks(metadata.replace(/[^\n]/g, "") + text.slice(metadata.length));
  const { value: first } = blocks.next();
  const title = TITLE.exec(entries);
  if (title && !(first?.kind === "heading" && first.level === 1)) {
    const place = 2 + entries.slice(0, title.index).split("\n").length - 1;
    yield { kind: "heading", place, level: 1, text: title[2]! };
  }
  if (first) yield first;
  yield* blocks;
}

/** The blocks of a Markdown text. */
export function* markdownBlocks(text: string): Generator<Block> {
  const reading = new Reading();
  let firstLine = 1;
  for (const piece of piecesOf(text)) {
    for (const token of parser.parse(piece, {})) {
      const block = reading.blockOf(token, firstLine);
      if (block) yield block;
    }
    firstLine += piece.split("\n").length - 1;
  }
}

/** Pieces of whole sections; a text without headings is cut at any blank line. */
function* piecesOf(text: string): Generator<string> {
  let start = 0;
  while (text.length - start > PIECE_CHARACTERS) {
    const border = /\n(?=#{1,6} )|\n\s*\n(?=\S)/g;
    border.lastIndex = start + PIECE_CHARACTERS;
    if (!border.test(text)) break;
    yield text.slice(start, border.lastIndex);
    start = border.lastIndex;
  }
  yield text.slice(start);
}

/** The state while tokens are read: the open lists and table, and the current line. */
class Reading {
  /** For each open list, its next number, or null if it is not numbered. */
  readonly #lists: (number | null)[] = [];
  /** The mark of an item whose text has not come yet. */
  #mark: string | null = null;
  #headingLevel = 0;
  #tables = 0;
  #isHeader = false;
  #cells: string[] | null = null;
  #line = 1;

  /** The block that ends with a token, if one does. */
  blockOf({ type, tag, map, content, info, markup, attrs }: Token, firstLine: number): Block | undefined {
    if (map) this.#line = firstLine + map[0];
    switch (type) {
      case "bullet_list_open":
      case "ordered_list_open":
        this.#lists.push(type === "bullet_list_open" ? null : Number(attrs?.[0]?.[1] ?? 1));
        return undefined;
      case "bullet_list_close":
      case "ordered_list_close":
        this.#lists.pop();
        return undefined;
      case "list_item_open":
        this.#mark = this.#nextMark(markup);
        return undefined;
      case "list_item_close":
        this.#mark = null; // of an empty item
        return undefined;
      case "heading_open":
        this.#headingLevel = Number(tag.slice(1));
        return undefined;
      case "heading_close":
        this.#headingLevel = 0;
        return undefined;
      case "table_open":
        this.#tables++;
        return undefined;
      case "thead_open":
      case "tbody_open":
        this.#isHeader = type === "thead_open";
        return undefined;
      case "tr_open":
        this.#cells = [];
        return undefined;
      case "tr_close": {
        const [cells, table, isHeader] = [this.#cells ?? [], this.#tables, this.#isHeader];
        this.#cells = null;
        return rowBlock(this.#line, { cells, table, isHeader });
      }
      case "inline":
        if (!this.#cells) return this.#textBlock(withoutMarks(content));
        this.#cells.push(withoutMarks(content));
        return undefined;
      case "fence":
        return this.#textBlock(`${markup}${info}\n${content}${markup}`);
      case "code_block":
      case "html_block":
        return this.#textBlock(content.replace(/^<!--[^]*?-->\s*$/, ""));
      default:
        return undefined;
    }
  }

  #nextMark(markup: string): string {
    const list = this.#lists.length - 1;
    const number = this.#lists[list] ?? null;
    if (number === null) return "-";
    this.#lists[list] = number + 1;
    return `${number}${markup}`;
  }

  #textBlock(content: string): Block | undefined {
    const [place, text, mark] = [this.#line, content.trimEnd(), this.#mark];
    if (text.trim() === "") return undefined;
    if (this.#headingLevel > 0) return { kind: "heading", place, level: this.#headingLevel, text };
    this.#mark = null;
    if (mark !== null) return { kind: "item", place, level: this.#lists.length, mark, text };
    return { kind: "paragraph", place, text };
  }
}

/** Longer texts stay as they are written: no paragraph is that long, and marks without partners take time to look for. */
const MOST_MARKED_CHARACTERS = 2 ** 16;

/** Formulas, in which "*" and "_" are no marks. */
const FORMULA = /\$[^$\n]+\$|\\\(|\\\[/;

/** HTML within a line that only says how text looks; "<name>" may be a blank to fill in. */
const LOOK =
  /^<\/?(?:a|b|big|center|em|font|i|ins|kbd|mark|s|small|span|strong|sub|sup|u)(?:\s[^>]*)?>$|^<!--/i;
const LINE_BREAK = /^<br\s*\/?>$/i;

const inline = new MarkdownIt({ html: true });

/** A text of one block without emphasis, escapes and the addresses of links. Code keeps its marks; formulas keep the whole text as it is. */
function withoutMarks(text: string): string {
  if (text.length > MOST_MARKED_CHARACTERS || FORMULA.test(text)) return text;
  const tokens: Token[] = [];
  inline.inline.parse(text, inline, {}, tokens);
  return shown(tokens);
}

function shown(tokens: readonly Token[]): string {
  return tokens.map(shownOf).join("");
}

function shownOf({ type, content, markup, children }: Token): string {
  switch (type) {
    case "text":
    case "text_special":
      return content;
    case "code_inline":
      return `${markup}${content}${markup}`;
    case "image":
      return shown(children ?? []);
    case "softbreak":
    case "hardbreak":
      return "\n";
    case "html_inline":
      return LINE_BREAK.test(content) ? "\n" : LOOK.test(content) ? "" : content;
    default:
      return ""; // the ends of emphasis and links
  }
}
