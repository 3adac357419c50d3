/** The words of a Markdown text without the marks within its lines, as a reader sees them: "**14 days**" is "14 days". */
import MarkdownIt from "markdown-it";
import type { Token } from "markdown-it";

/** Longer texts stay as they are written: no paragraph is that long, and marks without partners take time to look for. */
const MOST_CHARACTERS = 2 ** 16;

/** Formulas, in which "*" and "_" are no marks. */
const FORMULA = /\$[^$\n]+\$|\\\(|\\\[/;

/** HTML within a line that only says how text looks; "<name>" may be a blank to fill in. */
const LOOK =
  /^<\/?(?:a|b|big|center|em|font|i|ins|kbd|mark|s|small|span|strong|sub|sup|u)(?:\s[^>]*)?>$|^<!--/i;
const LINE_BREAK = /^<br\s*\/?>$/i;

const parser = new MarkdownIt({ html: true });

/** A text of one block without emphasis, escapes and the addresses of links. Code keeps its marks; formulas keep the whole text as it is. */
export function withoutMarks(text: string): string {
  if (text.length > MOST_CHARACTERS || FORMULA.test(text)) return text;
  const tokens: Token[] = [];
  parser.inline.parse(text, parser, {}, tokens);
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
