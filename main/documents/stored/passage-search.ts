/** Finds the passages of documents in which a question is likely to be answered, by their words (BM25; docs/decisions/0058-passages-by-words.md). */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import MiniSearch from "minisearch";
import type { FoundPassage, PassagesAsked } from "../../../preload/contract/chat/found-passage.ts";
import type { StoredPassage } from "../../../preload/contract/questions/written-questions.ts";
import { rowsOf } from "../cut-texts.ts";
import { statusOf } from "../files/file-descriptor.ts";
import { KeptPassages } from "./kept-passages.ts";
import { readDocuments } from "../read-document.ts";
import { findSources } from "../files/split-sources.ts";
import { passageIn, storedPassages } from "./stored-passages.ts";
import { rowsFolder } from "./stored-rows.ts";
import { tellingWordsIn } from "./telling-words.ts";

/** How soon a repeated word counts no more, and how much passages with many words are held back (Robertson and Zaragoza 2009, section 3.4). */
const BM25 = { k: 2, b: 0.3, d: 0 };
/** At most 32 MB, for several thousand pages. */
const kept = new KeptPassages(16_000_000);
/** What is found is one message. */
const MOST_CHARACTERS = 250_000;

/**
 * At most `most` passages that have words of the question, the likeliest first, and how many there are in all. Throws as `readDocuments` does.
 */
export async function findPassages({
  source,
  question,
  most,
}: PassagesAsked): Promise<{ passages: FoundPassage[]; of: number }> {
  const all = await (source.kind === "file" ? passagesOfFile(source.path) : passagesOfDataSet(source.folder));
  return { passages: withinMessage(likeliest(all, question, most)), of: all.length };
}

/** The passages of a document, or of all documents in a folder or archive, in order. */
async function passagesOfFile(path: string): Promise<readonly FoundPassage[]> {
  const { train, valid, test, offDomain } = findSources({ data: [path] });
  const paths = [...train, ...valid, ...test, ...offDomain];
  return kept.of(paths, async () => {
    const documents = await readDocuments(paths);
    return documents.flatMap((document) =>
      rowsOf(document).flatMap((row) => {
        const passage = passageIn(row);
        return passage ? [found(passage)] : [];
      }),
    );
  });
}

async function passagesOfDataSet(folder: string): Promise<readonly FoundPassage[]> {
  const rows = rowsFolder(folder);
  const files = statusOf(rows) ? readdirSync(rows).map((name) => join(rows, name)) : [];
  return kept.of([rows, ...files], () => Promise.resolve([...storedPassages(folder)].flat().map(found)));
}

const found = ({ passage, document, place }: Omit<StoredPassage, "split">): FoundPassage => ({
  text: passage,
  document,
  place,
});

/** The indexes of passages that were searched, as long as these are kept. */
const indexes = new WeakMap<readonly object[], MiniSearch>();

/** The passages that have words of the question, the likeliest first. */
export function likeliest<P extends Pick<FoundPassage, "text">>(
  passages: readonly P[],
  question: string,
  most: number,
): P[] {
  const index = indexes.get(passages) ?? new MiniSearch({ fields: ["text"], tokenize: stemsIn });
  if (index.documentCount === 0) index.addAll(passages.map(({ text }, id) => ({ id, text })));
  indexes.set(passages, index);
  const found = index.search(question, { tokenize: (text) => [...new Set(stemsIn(text))], bm25: BM25 });
  return found.slice(0, most).map(({ id }) => passages[id as number]!);
}

/** Endings of short English and German words, "dog" and "dogs"; long words are cut before theirs (telling-words.ts). */
const ENDING = /(?<=^.{3,})(?:'s|’s|es|s|en|er|em|ed|e|n|d)$/u;

const stemsIn = (text: string): string[] => tellingWordsIn(text).map((word) => word.replace(ENDING, ""));

function withinMessage(passages: readonly FoundPassage[]): FoundPassage[] {
  let characters = 0;
  return passages.filter(({ text }) => (characters += text.length) <= MOST_CHARACTERS);
}
