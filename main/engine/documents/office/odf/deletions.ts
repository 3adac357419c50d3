/** Text that was deleted while changes were tracked. It is usually kept apart, but LibreOffice leaves it in its place in flat documents. */
import { elementsOf, elementsWithin } from "../../markup/markup.ts";
import type { Element } from "../../markup/markup.ts";

/** Elements within a paragraph that stand for text, or have text of their own. */
const PARTS = /^(text:(s|tab|line-break|note|page-number)|draw:frame)$/;

/** A document without the text between marks of changes that are deletions. */
export function withoutDeletions(document: Element): Element {
  const regions = [...elementsWithin(document, "text:changed-region")];
  const deletions = regions.filter((region) => elementsOf(region, "text:deletion").length > 0);
  if (deletions.length === 0) return document;
  const ids = new Set(deletions.map(({ attributes }) => attributes["text:id"] ?? attributes["xml:id"]));
  const open = new Set<string>();
  const cleaned = (element: Element): Element => {
    const children = element.children.flatMap((child): (Element | string)[] => {
      if (typeof child === "string") return open.size > 0 ? [] : [child];
      const id = child.attributes["text:change-id"] ?? "";
      if (child.name === "text:change-start" && ids.has(id)) open.add(id);
      if (child.name === "text:change-end") open.delete(id);
      return open.size > 0 && PARTS.test(child.name) ? [] : [cleaned(child)];
    });
    return { ...element, children };
  };
  return cleaned(document);
}
