/** What closing the window would end, and whether a person wants that. No electron. */
import type { Entry } from "../preload/contract/call.ts";
import { contract } from "../preload/contract/contract.ts";

/** Work that a person started in the window, that may go on for minutes, and that ends with the window. */
export type WindowWork = "download" | "update" | "export" | "copy" | "reading";

const works = new Map<Entry, WindowWork>([
  [contract.downloads.get, "download"],
  [contract.updates.download, "update"],
  [contract.runs.export, "export"],
  [contract.dataSets.export, "export"],
  [contract.library.backUp, "copy"],
  [contract.library.move, "copy"],
  [contract.data.read, "reading"],
]);

export class WindowWorks {
  readonly #running = new Map<symbol, WindowWork>();
  readonly #onChange: () => void;

  constructor(onChange: () => void = () => {}) {
    this.#onChange = onChange;
  }

  /** Counts a stream, if it is such work, until the returned function is called. */
  begin(entry: Entry): () => void {
    const [id, work] = [Symbol(), works.get(entry)];
    if (!work) return () => {};
    this.#running.set(id, work);
    this.#onChange();
    return () => {
      this.#running.delete(id);
      this.#onChange();
    };
  }

  /** The kinds of work in progress, each once. */
  get inProgress(): readonly WindowWork[] {
    return [...new Set(this.#running.values())];
  }
}

export interface ClosingOptions {
  readonly works: () => readonly WindowWork[];
  /** Asks a person whether to close the window and end these. */
  readonly ask: (works: readonly WindowWork[]) => Promise<boolean>;
  readonly close: () => void;
}

/** A window that is to be closed. */
export class Closing {
  readonly #options: ClosingOptions;
  #state: "open" | "asking" | "agreed" = "open";

  constructor(options: ClosingOptions) {
    this.#options = options;
  }

  /** Whether the window may close at once; if not, a person is asked, and it closes if they agree. */
  mayClose(): boolean {
    const works = this.#options.works();
    if (this.#state === "agreed" || works.length === 0) return true;
    if (this.#state === "open") void this.#ask(works);
    return false;
  }

  async #ask(works: readonly WindowWork[]): Promise<void> {
    this.#state = "asking";
    const agreed = await this.#options.ask(works);
    this.#state = agreed ? "agreed" : "open";
    if (agreed) this.#options.close();
  }
}
