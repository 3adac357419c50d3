/** The data sets of this computer, the one that is shown, and a page of its rows. */
import type { DataSetDetail, FoundRows, RowsAsked } from "../../preload/contract/calls/data-sets.ts";
import type { DataSet } from "../../preload/contract/data-set.ts";
import type { SplitName } from "../../preload/contract/data.ts";
import type { PreviewRow } from "../../preload/contract/inspection.ts";
import { main } from "../bridge.ts";

/** Rows that are read at once. */
const PAGE_ROWS = 25;
/** A search begins when the person has stopped typing for so long. */
const SEARCH_DELAY_MS = 200;

export class DataSets {
  list = $state.raw<readonly DataSet[] | undefined>(undefined);
  problem = $state.raw<unknown>(undefined);
  /** The id that was asked for, once the list is known not to have it: that set was deleted. */
  missing = $state.raw<string | undefined>(undefined);
  #wanted: string | undefined;
  #asked = 0;

  /** The set with that id; if none is asked for, the first. */
  find(id: string | undefined): DataSet | undefined {
    return id === undefined ? this.list?.[0] : this.list?.find((set) => String(set.id) === id);
  }

  /** Reads the list unless it has the set that is asked for: it may have been made since. */
  async lookFor(id: string | undefined): Promise<void> {
    this.#wanted = id;
    if (!this.find(id)) await this.read();
  }

  /** An answer that a later question has overtaken is ignored. */
  async read(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const list = await main.dataSets.list();
      if (asked !== this.#asked) return;
      this.list = list;
      this.missing = this.find(this.#wanted) ? undefined : this.#wanted;
      this.problem = undefined;
    } catch (error) {
      if (asked === this.#asked) this.problem = error;
    }
  }
}

/** What is deleted with a data set, besides its rows. */
export class GoingWith {
  /** Undefined until it is known. */
  corrections = $state<number | undefined>(undefined);
  problem = $state.raw<unknown>(undefined);

  async look(id: number): Promise<void> {
    try {
      this.corrections = (await main.dataSets.goesWith({ id })).corrections;
    } catch (error) {
      this.problem = error;
    }
  }
}

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

/** One data set. */
export class ShownDataSet {
  readonly id: number;
  readonly rows: ShownRows;
  detail = $state.raw<DataSetDetail | undefined>(undefined);
  problem = $state.raw<unknown>(undefined);

  constructor(id: number) {
    this.id = id;
    this.rows = new ShownRows((page) => main.dataSets.rows({ id, ...page }));
  }

  async read(): Promise<void> {
    try {
      this.detail = await main.dataSets.get({ id: this.id });
      this.problem = undefined;
      await this.rows.read();
    } catch (error) {
      this.problem = error;
    }
  }

  async rename(name: string): Promise<void> {
    await main.dataSets.rename({ id: this.id, name });
  }
}
