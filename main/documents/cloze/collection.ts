/** The terms of all passages of a collection: where each occurs, next to which words, and how rare it is. */
import { sentencesOf } from "../passages/sentences.ts";
import { isGerman } from "../blocks/text-language.ts";
import { contentWords, countUsages, isNoun, termsOf } from "./terms.ts";
import type { Term, Usage } from "./terms.ts";

/** A passage and its document. */
export interface ClozePassage {
  readonly document: string;
  readonly text: string;
}

export type AskedTerm = Pick<Term, "text" | "kind" | "frame">;

/** A term in more than this share of the documents says little about any one; in a small collection, a term in more than three. */
const COMMON_SHARE = 0.08;
const COMMON_DOCUMENTS = 3;
/** A term that only one document has may be a typing error, or a number that it alone reports. */
const FEWEST_DOCUMENTS = 2;

export class Collection {
  /** By document, its text in lower case. */
  readonly #texts = new Map<string, string>();
  /** By document, whether it is German: a single sentence may not show it. */
  readonly #german = new Map<string, boolean>();
  /** By kind and frame, the terms seen there. */
  readonly #framed = new Map<string, Set<string>>();
  /** By content word or term in lower case, the indices of passages and the documents. */
  readonly #passages = new Map<string, Set<number>>();
  readonly #documentsOf = new Map<string, Set<string>>();

  readonly #documentAt: readonly string[];
  readonly #usages = new Map<string, Usage>();

  constructor(passages: readonly ClozePassage[]) {
    const inOrder = [...passages].sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
    this.#documentAt = inOrder.map(({ document }) => document);
    for (const { document, text } of inOrder)
      this.#texts.set(document, `${this.#texts.get(document) ?? ""}\n${text.toLowerCase()}`);
    for (const [document, text] of this.#texts) this.#german.set(document, isGerman(text));
    for (const [index, { document, text }] of inOrder.entries()) {
      const sentences = sentencesOf(text).map((sentence) => sentence.replace(/\s+/g, " ").trim());
      for (const sentence of sentences) countUsages(sentence, this.#usages);
      const terms = sentences.flatMap((sentence) => termsOf(sentence, this.isGerman(document)));
      for (const term of terms) add(this.#framed, frameKey(term), term.text);
      for (const key of new Set([...contentWords(text), ...terms.map((term) => term.text.toLowerCase())])) {
        add(this.#passages, key, index);
        add(this.#documentsOf, key, document);
      }
    }
  }

  /** How many documents have a term. */
  documentsWith(text: string): number {
    return this.#documentsOf.get(text.toLowerCase())?.size ?? 0;
  }

  /** How much a term says about a document: its frequency there, times its rarity; null if it cannot be asked for. */
  weight(term: AskedTerm, document: string): number | null {
    if (!this.#isTelling(term)) return null;
    const { text } = term;
    const count = this.#texts.get(document)!.split(text.toLowerCase()).length - 1;
    return (
      (1 + Math.log(Math.max(1, count))) * Math.log(this.#texts.size / Math.max(1, this.documentsWith(text)))
    );
  }

  /** Other terms of the kind that were seen in the same frame, in alphabetical order. */
  like({ kind, frame, text }: AskedTerm): string[] {
    const isCapital = (term: string) => /^\p{Lu}/u.test(term);
    return [...(this.#framed.get(frameKey({ kind, frame })) ?? [])]
      .filter((other) => other !== text && isCapital(other) === isCapital(text))
      .filter((other) => this.#isTelling({ text: other, kind }))
      .sort();
  }

  #isTelling({ text, kind }: Pick<AskedTerm, "text" | "kind">): boolean {
    const having = this.documentsWith(text);
    const most = Math.max(COMMON_DOCUMENTS, COMMON_SHARE * this.#texts.size);
    if (having > most || having < FEWEST_DOCUMENTS) return false;
    const usage = this.#usages.get(text.toLowerCase());
    return kind !== "word" || (usage !== undefined && isNoun(usage));
  }

  isGerman(document: string): boolean {
    return this.#german.get(document) ?? false;
  }

  isIn(text: string, document: string): boolean {
    return this.#texts.get(document)!.includes(text.toLowerCase());
  }

  /** The `count` of these words that the fewest passages contain. */
  rarest(words: readonly string[], count: number): string[] {
    const passages = (word: string) => this.#passages.get(word)?.size ?? 0;
    return [...words].sort((a, b) => passages(a) - passages(b) || (a < b ? -1 : 1)).slice(0, count);
  }

  /**
   * Whether a term is in the same passage as one of these words, in a document other than `except`: then it may fit where the words are.
   */
  meets(text: string, words: readonly string[], except?: string): boolean {
    const own = [...(this.#passages.get(text.toLowerCase()) ?? [])].filter(
      (passage) => this.#documentAt[passage] !== except,
    );
    return words.some((word) => {
      const others = this.#passages.get(word);
      return others !== undefined && own.some((passage) => others.has(passage));
    });
  }
}

const frameKey = ({ kind, frame }: Pick<Term, "kind" | "frame">) => `${kind}\n${frame}`;

function add<Key, Value>(sets: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const set = sets.get(key);
  if (set) set.add(value);
  else sets.set(key, new Set([value]));
}
