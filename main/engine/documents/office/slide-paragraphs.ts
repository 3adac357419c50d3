/** The paragraphs of slides, with the marks and numbers of their lists. */
import type { BlockList } from "../blocks/block-list.ts";
import { writtenNumber } from "../blocks/list-numbers.ts";
import type { NumberFormat } from "../blocks/list-numbers.ts";

export interface SlideParagraph {
  readonly text: string;
  /** From 1. */
  readonly level: number;
  /** "-", or the kind of its number in PPTX and the first one; null if the paragraph is not an item. */
  readonly mark: "-" | { readonly kind: string; readonly start: number } | null;
}

/** Adds the paragraphs of a shape. Numbered ones count on in their level as long as they have the same kind of number. */
export function addParagraphs(list: BlockList, paragraphs: readonly SlideParagraph[]): void {
  /** For each level, the kind of number of its last paragraph, and how many in a row have it. */
  const numbers: ({ readonly kind: string; readonly count: number } | undefined)[] = [];
  for (const { text, level, mark } of paragraphs) {
    if (text.trim() === "") continue;
    const before = numbers[level - 1];
    numbers.length = level - 1;
    if (mark === null) list.paragraph(text);
    else if (mark === "-") list.item(level, mark, text);
    else {
      const { kind, start } = mark;
      const count = before?.kind === kind ? before.count + 1 : 1;
      numbers[level - 1] = { kind, count };
      list.item(level, numberText(kind, start + count - 1), text);
    }
  }
}

const NUMBERS: Readonly<Record<string, NumberFormat>> = {
  alphaLc: "lowerLetter",
  alphaUc: "upperLetter",
  romanLc: "lowerRoman",
  romanUc: "upperRoman",
};

/** A number in a format of 20.1.10.61: "romanUcParenBoth" is (IV). Formats of other scripts get digits. */
function numberText(kind: string, number: number): string {
  const text = writtenNumber(number, NUMBERS[/^(?:alpha|roman)[UL]c/.exec(kind)?.[0] ?? ""] ?? "decimal");
  if (kind.endsWith("ParenBoth")) return `(${text})`;
  return kind.endsWith("ParenR") ? `${text})` : `${text}.`;
}
