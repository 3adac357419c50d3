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
// The page has its own headings; those of an answer are only bold lines.
markdown.renderer.rules.heading_open = () => '<p class="heading">';
markdown.renderer.rules.heading_close = () => "</p>";

const allowed = {
  ALLOWED_TAGS: [
    ...["p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "span"],
    ...["table", "thead", "tbody", "tr", "th", "td"],
  ],
  ALLOWED_ATTR: ["class", "start"],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
} as const;

/** The nodes of a Markdown text; `markdown-it` escapes everything it does not create, and DOMPurify checks the result. */
export function rendered(text: string): DocumentFragment {
  addresses.length = 0;
  return DOMPurify.sanitize(markdown.render(text), {
    ...allowed,
    ALLOWED_TAGS: [...allowed.ALLOWED_TAGS],
    ALLOWED_ATTR: [...allowed.ALLOWED_ATTR],
  });
}
