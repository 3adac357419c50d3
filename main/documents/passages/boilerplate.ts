/**
 * Text that many documents of a collection share: the clauses of a template, letterheads, disclaimers, navigation. It is learnt once, from
 * one of the documents, and the others keep only what is their own (docs/decisions/0052-repeated-text.md).
 */
import type { Boilerplate } from "../../../preload/contract/data/data.ts";
import type { Block } from "../blocks/blocks.ts";
import { addTo } from "../blocks/lists.ts";
import { cut } from "../preview.ts";
import type { TextRow } from "../row.ts";
import { sentencesOf } from "./sentences.ts";

const FEWEST_DOCUMENTS = 5;

/**
 * A document counts as made from a template, or as one of many versions, if at least this share of it consists of sentences that occur in
 * five or more documents. What other documents repeat is the language of their field, such as the usual findings in medical reports.
 */
const TEMPLATE_SHARE = 0.7;

/** Lines are boilerplate if more than this share of the documents that are not made from a template have them. */
const LINE_SHARE = 0.5;

const EXAMPLES = 3;
const EXAMPLE_CHARACTERS = 120;

/**
 * Removes each piece of boilerplate from all documents but one: sentences that documents made from templates share, and lines that more
 * than half of the other documents have. It is kept in a document of the earliest list, there in the one with the most boilerplate. Page
 * numbers ("Page 3 of 7") are removed everywhere. A heading is removed with the last line below it, and a text is left out if none of its
 * lines remains. Headings and column names are not boilerplate: documents of one kind share them. `keepsLines`: only the shared sentences
 * of templates are removed.
 */
export function boilerplateOnce(
  lists: readonly (readonly TextRow[])[],
  { keepsLines = false }: { readonly keepsLines?: boolean } = {},
): {
  /** From each original text to the cleaned one; texts that are left out have none. */
  readonly cleaned: ReadonlyMap<TextRow, TextRow>;
  /** Null if there is none. */
  readonly found: Boilerplate | null;
} {
  const documents = documentsIn(lists);
  const made = madeFromTemplates(documents);
  const others = documents.filter((document) => !made.has(document));
  if (!keepsLines) for (const document of others) parted(document, linesIn);
  const none = new Map<string, Repeated>();
  const sentences = repeatedIn([...made], 2);
  const lines = keepsLines ? none : repeatedIn(others, mostOf(others));
  const pages = keepsLines ? none : pageLines(documents);
  const repeated = [
    ...[...sentences, ...lines].map(([key, one]) => ({ key, ...one, partsOf: one.keeper.partsOf })),
    ...[...pages].map(([key, one]) => ({ key, ...one, partsOf: linesIn })),
  ];
  if (repeated.length === 0)
    return { cleaned: new Map(lists.flat().map((text) => [text, text])), found: null };

  const cleaned = new Map<TextRow, TextRow>();
  let [all, kept] = [0, 0];
  for (const document of documents) {
    const known = made.has(document) ? sentences : lines;
    let at = 0;
    const isOwn = () => (known.get(document.keys[at++]!)?.keeper ?? document) === document;
    const isNoPage = (line: string) => !pages.has(pageKeyOf(keyOf(line)));
    const texts = document.texts.map((text): TextRow => {
      const own = withParts(text.blocks, document.partsOf, isOwn);
      return { ...text, blocks: pages.size === 0 ? own : withParts(own, linesIn, isNoPage) };
    });
    const characters = charactersIn(texts);
    const standsForOthers = 2 * document.keptCharacters > characters;
    for (const [index, text] of texts.entries())
      if (text.blocks.length > 0)
        cleaned.set(document.texts[index]!, { ...text, ...(standsForOthers && { standsForOthers }) });
    all += charactersIn(document.texts);
    kept += characters;
  }
  const examples = repeated
    .sort((a, b) => b.documents - a.documents || b.key.length - a.key.length)
    .slice(0, EXAMPLES)
    .map(({ key, documents, keeper, partsOf }) => ({
      text: cut(partOf(keeper.texts, key, partsOf), EXAMPLE_CHARACTERS),
      documents,
    }));
  const share = 1 - kept / all;
  return { cleaned, found: { lines: repeated.length, documents: documents.length, examples, share } };
}

/** A document in parts that may be boilerplate. */
interface Document {
  readonly texts: TextRow[];
  /** The index of its list. */
  readonly list: number;
  partsOf: PartsOf;
  /** The keys of all its parts, in order. */
  keys: readonly string[];
  /** The length of the boilerplate that it keeps. */
  keptCharacters: number;
}

/**
 * Splits a block into parts that may be boilerplate. Joined, they are its text, except that a sentence unwraps its lines. A row of a table
 * is one part.
 */
type PartsOf = (block: Block) => string[];

const isName = (block: Block) => block.kind === "heading" || (block.kind === "row" && block.isHeader);

const linesIn: PartsOf = (block) =>
  isName(block) ? [] : block.kind === "row" ? [block.text] : block.text.split(/(?<=\n)/);

const sentencesIn: PartsOf = (block) =>
  isName(block) ? [] : block.kind === "row" ? [block.text] : sentencesOf(block.text);

/** Documents in the order of their first texts, split into sentences. */
function documentsIn(lists: readonly (readonly TextRow[])[]): Document[] {
  const byName = new Map<string, Document>();
  for (const [list, texts] of lists.entries()) {
    for (const text of texts) {
      const one = { texts: [], list, partsOf: sentencesIn, keys: [], keptCharacters: 0 };
      if (!byName.has(text.document)) byName.set(text.document, one);
      byName.get(text.document)!.texts.push(text);
    }
  }
  const documents = [...byName.values()];
  for (const document of documents) parted(document, sentencesIn);
  return documents;
}

function parted(document: Document, partsOf: PartsOf): void {
  document.partsOf = partsOf;
  document.keys = partsIn(document.texts, partsOf).map(keyOf);
}

const partsIn = (texts: readonly TextRow[], partsOf: PartsOf) =>
  texts.flatMap(({ blocks }) => blocks.flatMap(partsOf));

const charactersIn = (texts: readonly TextRow[]) =>
  texts.reduce((sum, { blocks }) => blocks.reduce((sum, { text }) => sum + text.length, sum), 0);

/** The part as it is written in the texts; for page numbers, the first of them. */
function partOf(texts: readonly TextRow[], key: string, partsOf: PartsOf): string {
  const parts = partsIn(texts, partsOf);
  return (
    parts.find((part) => keyOf(part) === key) ?? parts.find((part) => pageKeyOf(keyOf(part)) === key)!
  ).trim();
}

/** How many documents have a part, and which of them keeps it. */
interface Repeated {
  documents: number;
  /** During counting the last document that was counted, then the one that keeps the part. */
  keeper: Document;
}

const mostOf = (documents: readonly Document[]) =>
  Math.max(FEWEST_DOCUMENTS, Math.floor(LINE_SHARE * documents.length) + 1);

function madeFromTemplates(documents: readonly Document[]): Set<Document> {
  const counts = countedIn(documents);
  const isMade = ({ keys }: Document) => {
    const length = (some: readonly string[]) => some.reduce((sum, key) => sum + key.length, 0);
    const repeated = length(
      keys.filter((key) => key !== "" && counts.get(key)!.documents >= FEWEST_DOCUMENTS),
    );
    return repeated > 0 && repeated >= TEMPLATE_SHARE * length(keys);
  };
  const made = documents.filter(isMade);
  return new Set(made.length >= FEWEST_DOCUMENTS ? made : []);
}

/** The parts that at least `least` of the documents have. */
function repeatedIn(documents: readonly Document[], least: number): Map<string, Repeated> {
  const repeated = new Map([...countedIn(documents)].filter(([, one]) => one.documents >= least));
  if (repeated.size === 0) return repeated;
  const having = documents.map((document) => {
    const keys = [...new Set(document.keys)].filter((key) => repeated.has(key));
    return { document, keys, characters: keys.reduce((sum, key) => sum + key.length, 0) };
  });
  having.sort((a, b) => a.document.list - b.document.list || b.characters - a.characters);
  const kept = new Set<string>();
  for (const { document, keys } of having) {
    for (const key of keys.filter((key) => !kept.has(key))) {
      kept.add(key);
      repeated.get(key)!.keeper = document;
      document.keptCharacters += key.length;
    }
  }
  return repeated;
}

/** In how many of the documents each part occurs. */
function countedIn(documents: readonly Document[]): Map<string, Repeated> {
  const counts = new Map<string, Repeated>();
  for (const document of documents)
    for (const key of document.keys) if (key !== "") count(counts, key, document);
  return counts;
}

function count(counts: Map<string, Repeated>, key: string, document: Document): void {
  const one = counts.get(key);
  if (!one) counts.set(key, { documents: 1, keeper: document });
  else if (one.keeper !== document) {
    one.documents++;
    one.keeper = document;
  }
}

/** A key that ignores case, white space and quote marks (">"); empty for a part without a letter. */
export function keyOf(part: string): string {
  if (!/\p{L}/u.test(part)) return "";
  const unquoted = part.includes(">") ? part.replace(/^[>\s]+/gm, " ") : part;
  return unquoted
    .normalize("NFC")
    .toLowerCase()
    .replace(/\s{2,}|[^\S ]/g, " ")
    .trim();
}

/** Longer lines are not page numbers. */
const LONGEST_PAGE_LINE = 40;
const NUMBER = "#";

/**
 * A key that short lines share if they differ only in numbers; empty for longer lines and lines without a number. `key`: the line's
 * `keyOf`.
 */
function pageKeyOf(key: string): string {
  return key.length > LONGEST_PAGE_LINE || !/\p{Nd}/u.test(key) ? "" : key.replace(/\p{Nd}+/gu, NUMBER);
}

/** The lines that number the pages of most documents, by key. */
function pageLines(documents: readonly Document[]): Map<string, Repeated> {
  const counts = new Map<string, Repeated>();
  for (const document of documents)
    for (const key of pageKeysIn(partsIn(document.texts, linesIn))) count(counts, key, document);
  return new Map([...counts].filter(([, one]) => one.documents >= mostOf(documents)));
}

/**
 * The keys of the lines that number a document's pages: one of their numbers counts up, the others stay the same. "Rent: 850 a month" may
 * have a different number in each document too, but there the number means something.
 */
function pageKeysIn(lines: readonly string[]): string[] {
  const byKey = new Map<string, string[]>();
  for (const line of lines) {
    const key = line.length > 2 * LONGEST_PAGE_LINE ? "" : pageKeyOf(keyOf(line));
    if (key !== "") addTo(byKey, key, line);
  }
  return [...byKey].filter(([, same]) => isCounting(same)).map(([key]) => key);
}

/** Whether from each line to the next exactly one number grows by 1, and the others stay the same. */
function isCounting(lines: readonly string[]): boolean {
  const numbers = lines.map((line) => (line.match(/\p{Nd}+/gu) ?? []).map(Number));
  const steps = numbers.slice(1).map((row, i) => row.map((number, at) => number - numbers[i]![at]!));
  const isNext = (row: readonly number[]) =>
    row.filter((step) => step === 1).length === 1 &&
    row.filter((step) => step === 0).length === row.length - 1;
  return steps.length > 0 && steps.every(isNext);
}

/** Reduces blocks to the parts that are kept, and removes headings that have nothing left below them. */
function withParts(blocks: readonly Block[], partsOf: PartsOf, isKept: (part: string) => boolean): Block[] {
  const kept: Block[] = [];
  let isEmptied = false; // whether all that followed the last heading is gone
  const dropEmptied = (level: number) => {
    const last = kept.at(-1);
    if (isEmptied && last?.kind === "heading" && last.level >= level) kept.pop();
    isEmptied = false;
  };
  for (const block of blocks) {
    if (block.kind === "heading") dropEmptied(block.level);
    const cleaned = withPartsOf(block, partsOf(block), isKept);
    if (cleaned) kept.push(cleaned);
    isEmptied = kept.at(-1)?.kind === "heading" && (isEmptied || !cleaned);
  }
  dropEmptied(1);
  return kept;
}

function withPartsOf(
  block: Block,
  parts: readonly string[],
  isKept: (part: string) => boolean,
): Block | undefined {
  const kept = parts.filter(isKept);
  if (kept.length === parts.length) return block;
  const text = kept.join("").trimEnd();
  return text.trim() === "" ? undefined : { ...block, text };
}
