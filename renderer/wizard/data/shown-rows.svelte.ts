/** Rows of data that has been read, a page at a time. */
import type { FoundRows, RowsAsked } from "../../../preload/contract/calls/data-sets.ts";
import type { SplitName } from "../../../preload/contract/data/data.ts";
import type { PreviewRow } from "../../../preload/contract/data/inspection.ts";

/** How many rows are read together. */
const PAGE = 100;
/** The most pages that can be in view at the same time. */
const MOST_NEEDED = 2;
/** A search starts when the person has stopped typing for this long. */
const SEARCH_DELAY_MS = 200;

/** The rows of a split that match the search. */
export class ShownRows {
  readonly #read: (page: RowsAsked) => Promise<FoundRows>;
  split = $state<SplitName>("train");
  search = $state("");
  /** One entry per row that was found; undefined until its page has been read. */
  rows = $state.raw<readonly (PreviewRow | undefined)[]>([]);
  /** How many rows were found; undefined during the search. */
  found = $state<number | undefined>(undefined);
  current = $state(0);
  problem = $state.raw<unknown>(undefined);
  #lookup = 0;
  /** The pages that came into view and have not been read, newest last. */
  #needed: readonly number[] = [];
  #isReading = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly now = $derived(this.rows[this.current]);

  constructor(read: (page: RowsAsked) => Promise<FoundRows>) {
    this.#read = read;
  }

  /** Looks up the rows again, starting at the first. The result is ignored if a later lookup has started. */
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

  /** Requests the page of a row that comes into view. A page that leaves the view before it was read is requested again when it returns. */
  need(at: number): void {
    if (this.found === undefined || this.rows[at]) return;
    const page = Math.floor(at / PAGE);
    this.#needed = [...this.#needed.filter((other) => other !== page), page].slice(-MOST_NEEDED);
    void this.#readNeeded();
  }

  /** Reads one page after another. A page may take several calls, since an answer is also limited by its bytes. */
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
