/** The data sets of this computer, and the one that is shown. */
import type { DataSetDetail, ErasingDataSet } from "../../preload/contract/calls/data-sets.ts";
import type { DataSet } from "../../preload/contract/data/data-set.ts";
import { main } from "../bridge.ts";
import { ShownRows } from "../wizard/data/shown-rows.svelte.ts";

export class DataSets {
  list = $state.raw<readonly DataSet[] | undefined>(undefined);
  problem = $state.raw<unknown>(undefined);
  /** The requested id, once it is known not to be in the list: that set was deleted. */
  missing = $state.raw<string | undefined>(undefined);
  #wanted: string | undefined;
  #asked = 0;

  /** The set with this id; the first one if no id is given. */
  find(id: string | undefined): DataSet | undefined {
    return id === undefined ? this.list?.[0] : this.list?.find((set) => String(set.id) === id);
  }

  /** Reads the list again if it lacks the requested set, which may have been made since. */
  async lookFor(id: string | undefined): Promise<void> {
    this.#wanted = id;
    if (!this.find(id)) await this.read();
  }

  /** Reads the list; the result is ignored if a later read has started. */
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

/** What a person should know before a data set is deleted. */
export class BeforeErasing {
  /** Undefined until it is known. */
  known = $state.raw<ErasingDataSet | undefined>(undefined);
  problem = $state.raw<unknown>(undefined);

  async look(id: number): Promise<void> {
    try {
      this.known = await main.dataSets.erasing({ id });
    } catch (error) {
      this.problem = error;
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
      await this.rows.look();
    } catch (error) {
      this.problem = error;
    }
  }

  async rename(name: string): Promise<void> {
    await main.dataSets.rename({ id: this.id, name });
  }
}
