/** Finds the passages of documents in which a question is likely to be answered, by their words (BM25; docs/decisions/0058-passages-by-words.md). */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { FoundPassage, PassagesAsked } from "../../../../preload/contract/chat/found-passage.ts";
import type { StoredPassage } from "../../../../preload/contract/questions/written-questions.ts";
import { rowsOf } from "../cut-texts.ts";
import { statusOf } from "../files/file-descriptor.ts";
import { KeptPassages } from "./kept-passages.ts";
import { readDocuments } from "../read-document.ts";
import { findSources } from "../files/split-sources.ts";
import { passageIn, storedPassages } from "./stored-passages.ts";
import { rowsFolder } from "./stored-rows.ts";
import { tellingWordsIn } from "./telling-words.ts";

/** How soon a repeated word counts no more, and how much long passages are held back (Robertson and Zaragoza 2009, section 3.4). */
const SATURATION = 1.2;
const LENGTH_SHARE = 0.75;
/** At most 32 MB, for several thousand pages. */
const kept = new KeptPassages(16_000_000);
/** What is found is one message. */
const MOST_CHARACTERS = 250_000;

/**
 * At most `most` passages that have words of the question, the likeliest first, and how many there are in all. If none has, with `orFirst` the
 * first ones. Throws as `readDocuments` does.
 */
export async function findPassages({
  source,
  question,
  most,
  orFirst,
}: PassagesAsked): Promise<{ passages: FoundPassage[]; of: number }> {
  const all = await (source.kind === "file" ? passagesOfFile(source.path) : passagesOfDataSet(source.folder));
  const likely = likeliest(all, question, most);
  const found = likely.length === 0 && orFirst ? all.slice(0, most) : likely;
  return { passages: withinMessage(found), of: all.length };
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

/** The passages that have words of the question, the likeliest first. */
export function likeliest<P extends Pick<FoundPassage, "text">>(
  passages: readonly P[],
  question: string,
  most: number,
): P[] {
  const wanted = new Set(tellingWordsIn(question));
  const forms = new Forms(wanted);
  const counted = passages.map(({ text }) => counts(text, forms));
  const average = counted.reduce((sum, { length }) => sum + length, 0) / Math.max(1, passages.length);
  const weights = new Map(
    [...wanted].map((word) => {
      const having = counted.filter(({ times }) => times.has(word)).length;
      return [word, Math.log(1 + (passages.length - having + 0.5) / (having + 0.5))];
    }),
  );
  const scored = counted.map(({ times, length }, index) => {
    const held = SATURATION * (1 - LENGTH_SHARE + (LENGTH_SHARE * length) / average);
    const parts = [...times].map(
      ([word, count]) => (weights.get(word)! * count * (SATURATION + 1)) / (count + held),
    );
    return { passage: passages[index]!, score: parts.reduce((sum, part) => sum + part, 0) };
  });
  return scored
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ passage }) => passage);
}

/** How often a text has each of the wanted words, in any form, and how many words it has. */
function counts(text: string, forms: Forms): { times: Map<string, number>; length: number } {
  const words = tellingWordsIn(text);
  const times = new Map<string, number>();
  for (const word of words) {
    const wanted = forms.of(word);
    if (wanted !== null) times.set(wanted, (times.get(wanted) ?? 0) + 1);
  }
  return { times, length: words.length };
}

/** Endings of short English and German words, "dog" and "dogs"; long words are cut before theirs (telling-words.ts). */
const ENDINGS: ReadonlySet<string> = new Set("s es 's ’s e en n er em d ed".split(" "));

/** The wanted words, each found in its forms. */
class Forms {
  readonly #wanted: ReadonlySet<string>;
  readonly #known = new Map<string, string | null>();

  constructor(wanted: ReadonlySet<string>) {
    this.#wanted = wanted;
  }

  /** The wanted word of which this is a form; null if there is none. */
  of(word: string): string | null {
    const known = this.#known.get(word);
    if (known !== undefined) return known;
    const found = this.#wanted.has(word)
      ? word
      : ([...this.#wanted].find((one) => areForms(one, word)) ?? null);
    this.#known.set(word, found);
    return found;
  }
}

function areForms(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.length >= 3 && long.startsWith(short) && ENDINGS.has(long.slice(short.length));
}

function withinMessage(passages: readonly FoundPassage[]): FoundPassage[] {
  let characters = 0;
  return passages.filter(({ text }) => (characters += text.length) <= MOST_CHARACTERS);
}
