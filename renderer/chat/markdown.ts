/** Renders a model's Markdown as safe markup, without the text's own HTML, links or pictures. */
import DOMPurify from "dompurify";
import MarkdownIt from "markdown-it";

const markdown = new MarkdownIt({ html: false, linkify: false, breaks: true });
const { escapeHtml } = markdown.utils;

/** A link's address is shown as text after its words, because there is no network to open it. */
const address = (text: string | null) => (text ? ` <span class="address">(${escapeHtml(text)})</span>` : "");

const addresses: string[] = [];
markdown.renderer.rules.link_open = (tokens, index) => {
  addresses.push(String(tokens[index]!.attrGet("href") ?? ""));
  return "";
};
markdown.renderer.rules.link_close = () => address(addresses.pop() ?? null);
markdown.renderer.rules.image = (tokens, index) => {
  const { content } = tokens[index]!;
  return `${escapeHtml(content)}${address(String(tokens[index]!.attrGet("src") ?? ""))}`;
};
/** LaTeX is shown as written: Markdown would take its backslashes, and its asterisks for emphasis. */
const MATHS: Readonly<Record<string, string>> = { "\\(": "\\)", "\\[": "\\]", $$: "$$" };
/** A text while it is parsed. */
interface Parsed {
  readonly src: string;
}

/** For each text, the positions from which on an end is missing. */
const missing = new WeakMap<Parsed, Map<string, number>>();

/** Where a formula's end is; -1 if it has none, which is not searched again for each formula that begins later. */
function endOf(state: Parsed, end: string | undefined, from: number): number {
  const known = missing.get(state) ?? new Map<string, number>();
  if (end === undefined || from >= (known.get(end) ?? Infinity)) return -1;
  const at = state.src.indexOf(end, from);
  if (at < 0) missing.set(state, known.set(end, from));
  return at;
}

markdown.inline.ruler.before("escape", "math", (state, isSilent) => {
  const at = endOf(state, MATHS[state.src.slice(state.pos, state.pos + 2)], state.pos + 2);
  if (at < 0) return false;
  if (!isSilent) state.push("math", "", 0).content = state.src.slice(state.pos, at + 2);
  state.pos = at + 2;
  return true;
});
/** A formula on lines of its own: Markdown would make lists of its lines with a sign in front, headings above "=", and paragraphs. */
markdown.block.ruler.before(
  "table",
  "math",
  (state, first, end, isSilent) => {
    const { src, bMarks, tShift, eMarks } = state;
    const begin = bMarks[first]! + tShift[first]!;
    const opening = src.slice(begin, begin + 2);
    const closing = opening === "\\(" ? undefined : MATHS[opening];
    const at = endOf(state, closing, begin + 2);
    if (at < 0 || /^[^\n]*\S/.test(src.slice(at + 2))) return false; // none, or more follows: it is part of a sentence
    let last = first;
    while (last < end && eMarks[last]! < at) last++;
    if (last === end) return false;
    if (isSilent) return true;
    state.push("math_block", "", 0).content = state.getLines(first, last + 1, state.blkIndent, false).trim();
    state.line = last + 1;
    return true;
  },
  { alt: ["paragraph", "blockquote", "list"] },
);
const mathText = (content: string) => escapeHtml(content).replaceAll("\n", "<br>\n");
markdown.renderer.rules.math = (tokens, index) => mathText(tokens[index]!.content);
markdown.renderer.rules.math_block = (tokens, index) =>
  `<p dir="ltr">${mathText(tokens[index]!.content)}</p>\n`;

/**
 * Outermost blocks and cells have a writing direction of their own: right to left if their first word is. What is inside a block follows
 * it, since a browser ignores parts with a direction of their own when it looks for the first word.
 */
const DIRECTED = new Set(
  ["paragraph", "heading", "bullet_list", "ordered_list", "blockquote"].map((block) => `${block}_open`),
);
markdown.core.ruler.push("blocks", ({ tokens }) => {
  for (const token of tokens) {
    // The page has its own headings; those of an answer are only bold lines.
    if (token.type.startsWith("heading_")) token.tag = "p";
    if (token.type === "heading_open") token.attrSet("class", "heading");
    const isCell = token.type === "th_open" || token.type === "td_open";
    if (isCell || (token.level === 0 && DIRECTED.has(token.type))) token.attrSet("dir", "auto");
  }
});

const allowed = {
  ALLOWED_TAGS: [
    ...["p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "span"],
    ...["table", "thead", "tbody", "tr", "th", "td"],
  ],
  ALLOWED_ATTR: ["class", "start", "dir"],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
} as const;

/** The markup of a Markdown text, by outermost block; `markdown-it` escapes everything it does not create. */
export function blocksOf(text: string): string[] {
  const tokens = markdown.parse(text, {});
  const blocks: string[] = [];
  let from = 0;
  tokens.forEach(({ level, nesting }, index) => {
    if (level > 0 || nesting > 0) return;
    addresses.length = 0;
    blocks.push(markdown.renderer.render(tokens.slice(from, index + 1), markdown.options, {}));
    from = index + 1;
  });
  return blocks;
}

/** The nodes of a block, whose markup DOMPurify checks. */
export function rendered(markup: string): DocumentFragment {
  return DOMPurify.sanitize(markup, {
    ...allowed,
    ALLOWED_TAGS: [...allowed.ALLOWED_TAGS],
    ALLOWED_ATTR: [...allowed.ALLOWED_ATTR],
  });
}
