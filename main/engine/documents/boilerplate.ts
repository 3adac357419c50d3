/** Lines that stand in most documents of a collection: letterheads, disclaimers, navigation, signatures. They teach nothing of its field. */
import type { Boilerplate } from "../../../preload/contract/data.ts";
import type { Block } from "./blocks.ts";
import { nearDuplicates } from "./near-duplicates.ts";
import { cut } from "./preview.ts";
import type { TextRow } from "./row.ts";

/** In more than this share of the documents, and in as many at least. */
const SHARE = 0.5;
const FEWEST_DOCUMENTS = 5;

/** Letterheads, disclaimers and terms are shorter: longer texts that are nearly the same are versions, and what they share is the text. */
const LONGEST_CHARACTERS = 12_000;

const EXAMPLES = 3;
const EXAMPLE_CHARACTERS = 120;

/**
 * Texts without the lines that stand in more than half of their documents, numbers of pages among them ("Page 3 of 7"); a heading
 * goes with the last line below it, and a text without another line is left out. Headings and names of columns are no boilerplate:
 * documents of one kind share them. Long documents that are nearly the same, such as versions or formats of one, count as one.
 */
export function withoutBoilerplate(texts: readonly TextRow[]): {
  /** By the text as it was; none for a text that is left out. */
  readonly cleaned: ReadonlyMap<TextRow, TextRow>;
  /** Null if there is none. */
  readonly found: Boilerplate | null;
} {
  const byDocument = new Map<string, TextRow[]>();
  for (const text of texts) listed(byDocument, text.document).push(text);
  const own = [...byDocument.values()].map((rows): Line[] => {
    const lines = rows
      .flatMap(({ blocks }) => blocks.flatMap(linesOf))
      .map((text) => ({ text, key: keyOf(text) }));
    return [...lines, ...pagesIn(lines)];
  });
  const { documents, common } = commonLines(own, versionsOf([...byDocument.values()]));
  if (common.length === 0) return { cleaned: new Map(texts.map((text) => [text, text])), found: null };

  const keys = new Set(common.map(({ key }) => key));
  const cleaned = new Map<TextRow, TextRow>();
  for (const text of texts) {
    const blocks = withoutLines(text.blocks, keys);
    if (blocks.length > 0) cleaned.set(text, { ...text, blocks });
  }
  const examples = common
    .map(({ text, documents }) => ({ text: cut(text, EXAMPLE_CHARACTERS), documents }))
    .sort((a, b) => b.documents - a.documents || b.text.length - a.text.length)
    .slice(0, EXAMPLES);
  return { cleaned, found: { lines: common.length, documents, examples } };
}

/** A line, and what it has in common with those that count as the same. */
interface Line {
  readonly text: string;
  readonly key: string;
}

/** The lines that most documents have, with how many; documents with the same number count as one. */
function commonLines(
  own: readonly (readonly Line[])[],
  numbers: Int32Array,
): { documents: number; common: (Line & { documents: number })[] } {
  const seen = new Map<string, { text: string; documents: Set<number> }>();
  for (const [index, lines] of own.entries()) {
    for (const { key, text } of lines) {
      if (!seen.has(key)) seen.set(key, { text: text.trim(), documents: new Set() });
      seen.get(key)!.documents.add(numbers[index]!);
    }
  }
  const documents = new Set(numbers).size;
  const least = Math.max(FEWEST_DOCUMENTS, Math.floor(SHARE * documents) + 1);
  const lines = [...seen].map(([key, { text, documents }]) => ({ key, text, documents: documents.size }));
  return { documents, common: lines.filter(({ key, documents }) => key !== "" && documents >= least) };
}

/** By document, the first of those that it is a version of. */
function versionsOf(documents: readonly (readonly TextRow[])[]): Int32Array {
  const texts = documents.map((rows) =>
    rows.flatMap(({ blocks }) => blocks.map(({ text }) => text)).join("\n"),
  );
  return nearDuplicates(texts.map((text) => (text.length > LONGEST_CHARACTERS ? text : "")));
}

function listed<Item>(lists: Map<string, Item[]>, key: string): Item[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

/** The lines of a block that may be boilerplate; a row of a table is one. */
function linesOf(block: Block): string[] {
  if (block.kind === "heading" || (block.kind === "row" && block.isHeader)) return [];
  return block.kind === "row" ? [block.text] : block.text.split("\n");
}

/** The same for lines that differ in case or white space; empty for one without a letter. */
function keyOf(line: string): string {
  if (!/\p{L}/u.test(line)) return "";
  return line.normalize("NFC").toLowerCase().replace(/\s+/g, " ").trim();
}

/** The number of a page stands in a short line. */
const LONGEST_PAGE_LINE = 40;
const NUMBER = "#";

/** Of a line's key the same for short ones that differ in numbers alone; empty for others. */
function pageKeyOf(key: string): string {
  return key.length > LONGEST_PAGE_LINE || !/\p{Nd}/u.test(key) ? "" : key.replace(/\p{Nd}+/gu, NUMBER);
}

/**
 * The first of the lines that number a document's pages, with a key for all of them: one of their numbers counts, the others stay.
 * "Rent: 850 a month" may have another number in each document and says something there.
 */
function pagesIn(lines: readonly Line[]): Line[] {
  const byKey = new Map<string, string[]>();
  for (const line of lines) {
    const key = pageKeyOf(line.key);
    if (key !== "") listed(byKey, key).push(line.text);
  }
  return [...byKey].filter(([, same]) => isCounting(same)).map(([key, [text]]) => ({ key, text: text! }));
}

/** Whether from each line to the next one number grows by 1, and the others stay. */
function isCounting(lines: readonly string[]): boolean {
  const numbers = lines.map((line) => (line.match(/\p{Nd}+/gu) ?? []).map(Number));
  const steps = numbers.slice(1).map((row, i) => row.map((number, at) => number - numbers[i]![at]!));
  const isNext = (row: readonly number[]) =>
    row.filter((step) => step === 1).length === 1 &&
    row.filter((step) => step === 0).length === row.length - 1;
  return steps.length > 0 && steps.every(isNext);
}

function withoutLines(blocks: readonly Block[], keys: ReadonlySet<string>): Block[] {
  const kept: Block[] = [];
  let isEmptied = false; // whether all that followed the last heading is gone
  const dropEmptied = (level: number) => {
    const last = kept.at(-1);
    if (isEmptied && last?.kind === "heading" && last.level >= level) kept.pop();
    isEmptied = false;
  };
  for (const block of blocks) {
    if (block.kind === "heading") dropEmptied(block.level);
    const cleaned = withoutLinesOf(block, keys);
    if (cleaned) kept.push(cleaned);
    isEmptied = kept.at(-1)?.kind === "heading" && (isEmptied || !cleaned);
  }
  dropEmptied(1);
  return kept;
}

function withoutLinesOf(block: Block, keys: ReadonlySet<string>): Block | undefined {
  const lines = linesOf(block);
  const kept = lines.filter((line) => {
    const key = keyOf(line);
    return !keys.has(key) && !keys.has(pageKeyOf(key));
  });
  if (kept.length === lines.length) return block;
  return kept.some((line) => line.trim() !== "") ? { ...block, text: kept.join("\n") } : undefined;
}
