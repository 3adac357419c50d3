/** The documents that questions are asked about, until others are chosen, and the passages in them that have words of the question being typed. */
import type { Failure } from "../../native-models/failure.ts";
import { LONGEST_QUESTION } from "../../preload/contract/calls/passages.ts";
import type { SearchedPlace } from "../../preload/contract/calls/passages.ts";
import type { FoundPassage, FoundPassages } from "../../preload/contract/chat/found-passage.ts";
import type { DataSet } from "../../preload/contract/data/data-set.ts";
import { main } from "../bridge.ts";
import { fileName } from "../file-name.ts";
import { failureOf } from "../messages/failures.ts";

/** Of the right questions of decision 0058, 99% are answered by one of the first three passages. */
const most = 3;
/** After this pause in typing, the passages are searched. */
const pauseMs = 250;

interface Documents {
  readonly from: SearchedPlace;
  readonly name: string;
}
interface Search {
  readonly documents: Documents | null;
  readonly question: string;
}
const nothing: Search = { documents: null, question: "" };

export class Passages {
  dataSets = $state.raw<readonly DataSet[]>([]);
  documents = $state.raw<Documents | null>(null);
  /** Undefined until they are searched. */
  found = $state.raw<FoundPassages | undefined>(undefined);
  failure = $state.raw<Failure | undefined>(undefined);
  /** What the person chose; null: the likeliest passage is chosen. */
  #own = $state.raw<readonly FoundPassage[] | null>(null);
  readonly chosen = $derived(this.#own ?? this.found?.passages.slice(0, 1) ?? []);
  /** Those found, after those that were chosen when the question had other words. */
  readonly shown = $derived.by(() => {
    const found = this.found?.passages ?? [];
    return [...this.chosen.filter((one) => !has(found, one)), ...found];
  });
  readonly isAbsent = $derived(this.found?.passages.length === 0 && this.chosen.length === 0);
  #wanted = nothing;
  #searched = nothing;
  #searching: Promise<void> | null = null;
  #pause: ReturnType<typeof setTimeout> | undefined;

  /** Learns which data sets there are. */
  async list(): Promise<void> {
    try {
      this.dataSets = (await main.dataSets.list()).filter(({ corrections }) => !corrections);
    } catch (error) {
      this.failure = failureOf(error);
    }
  }

  searchIn(documents: Documents | null): void {
    this.documents = documents;
    this.#own = null;
    [this.found, this.failure] = [undefined, undefined];
  }

  searchInFile(path: string): void {
    this.searchIn({ from: { kind: "file", path }, name: fileName(path) });
  }

  isChosen(passage: FoundPassage): boolean {
    return has(this.chosen, passage);
  }

  /** Takes a passage, or leaves it out. */
  toggle(passage: FoundPassage): void {
    const others = this.chosen.filter((one) => !isSame(one, passage));
    this.#own = others.length < this.chosen.length ? others : [...others, passage];
  }

  /** Called as the person types. */
  write(question: string): void {
    clearTimeout(this.#pause);
    if (question.trim() === "") void this.search("");
    else this.#pause = setTimeout(() => void this.search(question), pauseMs);
  }

  /** Searches for a question, one search at a time; `found` or `failure` belongs to the last one that was wanted when it returns. */
  async search(question: string): Promise<void> {
    clearTimeout(this.#pause);
    const asked = question.trim().slice(0, LONGEST_QUESTION);
    if (asked === "") this.#own = null;
    const { documents } = this;
    if (documents !== this.#wanted.documents || asked !== this.#wanted.question)
      this.#wanted = { documents, question: asked };
    await (this.#searching ??= this.#run().finally(() => (this.#searching = null)));
  }

  async #run(): Promise<void> {
    while (this.#searched !== this.#wanted) {
      const wanted = (this.#searched = this.#wanted);
      const { documents, question } = wanted;
      try {
        const isAsked = documents !== null && question !== "";
        const found = isAsked
          ? await main.passages.find({ from: documents.from, question, most })
          : undefined;
        if (documents === this.documents) [this.found, this.failure] = [found, undefined];
      } catch (error) {
        if (wanted !== this.#wanted) continue;
        [this.found, this.failure] = [undefined, failureOf(error)];
        this.#wanted = this.#searched = nothing; // the next search tries again
      }
    }
  }
}

export const passages = new Passages();

const isSame = (a: FoundPassage, b: FoundPassage) =>
  a.document === b.document && a.place === b.place && a.text === b.text;
const has = (passages: readonly FoundPassage[], passage: FoundPassage) =>
  passages.some((one) => isSame(one, passage));
