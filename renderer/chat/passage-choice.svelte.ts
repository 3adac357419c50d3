/** Which passages of documents a question is asked about. */
import type { Failure } from "../../native-models/failure.ts";
import { LONGEST_QUESTION } from "../../preload/contract/calls/passages.ts";
import type { SearchedPlace } from "../../preload/contract/calls/passages.ts";
import { afterPassages } from "../../preload/contract/chat/found-passage.ts";
import type { FoundPassage, FoundPassages } from "../../preload/contract/chat/found-passage.ts";
import type { DataSet } from "../../preload/contract/data/data-set.ts";
import { main } from "../bridge.ts";
import { failureOf } from "../messages/failures.ts";

/** Enough to choose from. */
const most = 20;
/** Of English or German, about. */
const charactersPerToken = 4;
/** After this pause in typing, the passages are searched. */
const pauseMs = 250;

export class PassageChoice {
  /** Those that the model was trained on come first. */
  dataSets = $state.raw<readonly DataSet[]>([]);
  file = $state.raw<string | null>(null);
  /** Where passages are searched: the number of a data set, "file", or "" if there is neither. */
  from = $state("");
  question = $state("");
  found = $state.raw<FoundPassages | undefined>(undefined);
  failure = $state.raw<Failure | undefined>(undefined);
  chosen = $state.raw<readonly FoundPassage[]>([]);
  busy = $state(false);
  /** Counts searches, so that an earlier one's result is ignored. */
  #searches = 0;
  #pause: ReturnType<typeof setTimeout> | undefined;

  /** `model`: its reference, as in chat. */
  async begin(question: string, model: string | undefined, file: string | null): Promise<void> {
    this.question = question.trim();
    if (file !== null) this.#take(file);
    try {
      const all = (await main.dataSets.list()).filter(({ corrections }) => !corrections);
      const isOfModel = ({ runs }: DataSet) => runs.some(({ id }) => id === model);
      this.dataSets = [...all.filter(isOfModel), ...all.filter((one) => !isOfModel(one))];
      const [first] = this.dataSets;
      if (this.from === "" && first) this.from = String(first.id);
    } catch (error) {
      this.failure = failureOf(error);
    }
    await this.search();
  }

  async chooseFile(): Promise<void> {
    const [path] = await main.application.choose({ what: "data-files" });
    if (path === undefined) return;
    this.#take(path);
    await this.search();
  }

  #take(path: string): void {
    this.file = path;
    this.from = "file";
  }

  searchSoon(): void {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => void this.search(), pauseMs);
  }

  /** Searches; what was chosen of other places or for other words stays chosen. */
  async search(): Promise<void> {
    clearTimeout(this.#pause);
    const place = this.#place();
    const search = ++this.#searches;
    if (!place) return;
    [this.busy, this.failure] = [true, undefined];
    try {
      const question = this.question.slice(0, LONGEST_QUESTION);
      const found = await main.passages.find({ from: place, question, most });
      if (search === this.#searches) this.found = found;
    } catch (error) {
      if (search === this.#searches) [this.found, this.failure] = [undefined, failureOf(error)];
    } finally {
      if (search === this.#searches) this.busy = false;
    }
  }

  #place(): SearchedPlace | null {
    if (this.from === "file") return this.file === null ? null : { kind: "file", path: this.file };
    return this.from === "" ? null : { kind: "data-set", id: Number(this.from) };
  }

  isChosen(passage: FoundPassage): boolean {
    return this.chosen.some((one) => isSame(one, passage));
  }

  choose(passage: FoundPassage, isWanted: boolean): void {
    const others = this.chosen.filter((one) => !isSame(one, passage));
    this.chosen = isWanted ? [...others, passage] : others;
  }

  /** About how many tokens the chosen passages have. */
  get tokens(): number {
    return Math.ceil(this.chosen.reduce((sum, { text }) => sum + text.length, 0) / charactersPerToken);
  }

  /** The chosen passages with the question after them. */
  before(question: string): string {
    return afterPassages(this.chosen, question);
  }
}

const isSame = (a: FoundPassage, b: FoundPassage) =>
  a.document === b.document && a.place === b.place && a.text === b.text;
