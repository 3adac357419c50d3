/** Rows of data that has been read, a page at a time. */
import type { FoundRows, RowsAsked } from "../../../preload/contract/calls/data-sets.ts";
import type { SplitName } from "../../../preload/contract/data.ts";
import type { PreviewRow } from "../../../preload/contract/inspection.ts";

/** Rows that are read at once. */
const PAGE_ROWS = 25;
/** A search begins when the person has stopped typing for so long. */
const SEARCH_DELAY_MS = 200;

/** The rows of a split that have what is searched for. */
export class ShownRows {
  readonly #rows: (page: RowsAsked) => Promise<FoundRows>;
  split = $state<SplitName>("train");
  search = $state("");
  rows = $state.raw<readonly PreviewRow[]>([]);
  /** How many rows there are to show; undefined while they are looked for. */
  found = $state<number | undefined>(undefined);
  problem = $state.raw<unknown>(undefined);
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(rows: (page: RowsAsked) => Promise<FoundRows>) {
    this.#rows = rows;
  }

  async read(): Promise<void> {
    await this.#look();
  }

  show(split: SplitName): void {
    this.split = split;
    void this.#look();
  }

  find(words: string): void {
    this.search = words;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), SEARCH_DELAY_MS);
  }

  /** Adds the next rows to those shown. */
  async more(): Promise<void> {
    await this.#look(this.rows);
  }

  /** An answer that a later question has overtaken is ignored. */
  async #look(before: readonly PreviewRow[] = []): Promise<void> {
    const asked = ++this.#asked;
    const { split, search } = this;
    if (before.length === 0) this.found = undefined;
    try {
      const page = { split, search, offset: before.length, limit: PAGE_ROWS };
      const { rows, found } = await this.#rows(page);
      if (asked !== this.#asked) return;
      this.rows = [...before, ...rows];
      this.found = found;
      this.problem = undefined;
    } catch (error) {
      if (asked === this.#asked) this.problem = error;
    }
  }
}
