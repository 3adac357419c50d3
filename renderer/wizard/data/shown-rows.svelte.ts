/** Rows of data that has been read, a page at a time. */
import type { FoundRows, RowsAsked } from "../../../preload/contract/calls/data-sets.ts";
import type { SplitName } from "../../../preload/contract/data.ts";
import type { PreviewRow } from "../../../preload/contract/inspection.ts";

/** Rows that are read at once. */
const PAGE = 100;
/** Pages of which rows are in view at the same time, at most. */
const MOST_NEEDED = 2;
/** A search begins when the person has stopped typing for so long. */
const SEARCH_DELAY_MS = 200;

/** The rows of a split that have what is searched for. */
export class ShownRows {
  readonly #read: (page: RowsAsked) => Promise<FoundRows>;
  split = $state<SplitName>("train");
  search = $state("");
  /** A place for each row that was found; undefined until its page has been read. */
  rows = $state.raw<readonly (PreviewRow | undefined)[]>([]);
  /** How many rows there are to show; undefined while they are looked for. */
  found = $state<number | undefined>(undefined);
  current = $state(0);
  problem = $state.raw<unknown>(undefined);
  #lookup = 0;
  /** The pages that came into view and are to be read, newest last. */
  #needed: readonly number[] = [];
  #isReading = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly now = $derived(this.rows[this.current]);

  constructor(read: (page: RowsAsked) => Promise<FoundRows>) {
    this.#read = read;
  }

  /** Looks the rows up again, from the first one on. An answer that a later lookup has overtaken is ignored. */
  async look(): Promise<void> {
    const lookup = ++this.#lookup;
    this.#needed = [];
    this.found = undefined;
    try {
      const { rows, found } = await this.#read(this.#asked(0, PAGE));
      if (lookup !== this.#lookup) return;
      this.rows = Array.from({ length: found }, (_, at) => rows[at]);
      this.found = found;
      this.current = 0;
      this.problem = undefined;
    } catch (error) {
      if (lookup === this.#lookup) this.problem = error;
    }
  }

  show(split: SplitName): void {
    this.split = split;
    void this.look();
  }

  find(words: string): void {
    this.search = words;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.look(), SEARCH_DELAY_MS);
  }

  go(at: number): void {
    this.current = at;
    this.need(at);
  }

  /** Has the page of a place read that comes into view; what left the view before it was read is asked for when it comes back. */
  need(at: number): void {
    if (this.found === undefined || this.rows[at]) return;
    const page = Math.floor(at / PAGE);
    this.#needed = [...this.#needed.filter((other) => other !== page), page].slice(-MOST_NEEDED);
    void this.#readNeeded();
  }

  /** One page after another: a page may take several answers, which are limited by their bytes too. */
  async #readNeeded(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    for (let page = this.#needed.at(-1); page !== undefined; page = this.#needed.at(-1)) {
      const lookup = this.#lookup;
      const [first, end] = [page * PAGE, Math.min(this.rows.length, (page + 1) * PAGE)];
      const missing = this.rows.slice(first, end).indexOf(undefined);
      if (missing < 0) {
        this.#needed = this.#needed.filter((other) => other !== page);
        continue;
      }
      const offset = first + missing;
      try {
        const { rows } = await this.#read(this.#asked(offset, end - offset));
        if (lookup !== this.#lookup) continue;
        if (rows.length === 0) this.#needed = this.#needed.filter((other) => other !== page);
        else this.rows = this.rows.map((row, at) => rows[at - offset] ?? row);
      } catch (error) {
        if (lookup !== this.#lookup) continue;
        this.#needed = [];
        this.problem = error;
      }
    }
    this.#isReading = false;
  }

  #asked(offset: number, limit: number): RowsAsked {
    const { split, search } = this;
    return { split, search, offset, limit };
  }
}
