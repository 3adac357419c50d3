/** The library's content: read once, kept up to date by run events, searched and sorted here. */
/* eslint-disable svelte/prefer-svelte-reactivity -- sets and maps are replaced whole here, never changed while they are shown */
import type { LibraryModel, LibraryRun } from "../../preload/contract/calls/library.ts";
import type { RunSummary } from "../../preload/contract/calls/runs.ts";
import type { DataSet } from "../../preload/contract/data/data-set.ts";
import { searchable } from "../../preload/contract/searchable.ts";
import { main } from "../bridge.ts";

export const filters = ["all", "done", "open", "waiting"] as const;
export type Filter = (typeof filters)[number];
export const sorts = ["newest", "name", "accuracy", "speed", "size"] as const;
export type Sort = (typeof sorts)[number];

/** Progress events are frequent: they are shown at most this often. */
const LIVE_INTERVAL_MS = 500;
/** Changes that arrive within this time are read together. */
const READ_DELAY_MS = 150;
/** How many runs fit in a window, and how many can be sent in one message without blocking it. */
const [FIRST_PIECE, PIECE] = [100, 1000];

export class Library {
  runs = $state.raw<readonly LibraryRun[] | undefined>(undefined);
  states = $state.raw<Partial<Record<LibraryRun["state"], number>>>({});
  models = $state.raw<readonly LibraryModel[]>([]);
  dataSets = $state.raw<readonly DataSet[]>([]);
  problem = $state.raw<unknown>(undefined);
  search = $state("");
  filter = $state<Filter>("all");
  sort = $state<Sort>("newest");
  tag = $state("");
  /** The ids of the selected runs. */
  chosen = $state.raw<ReadonlySet<string>>(new Set());
  /** The current state of active runs, by id. */
  #live = $state.raw<ReadonlyMap<string, RunSummary>>(new Map());
  #changed = new Set<string>();
  #reading = 0;
  /** Runs that changed while the library is being read in pieces: these versions are newer than what it reads. */
  #newer = new Map<string, LibraryRun>();
  #latest = new Map<string, RunSummary>();
  #liveTimer: ReturnType<typeof setTimeout> | undefined;
  #readTimer: ReturnType<typeof setTimeout> | undefined;

  readonly #texts = $derived(
    new Map(
      this.runs?.map((run) => [
        run.id,
        searchable([run.name, run.note, ...run.tags, run.model ?? "", run.data ?? ""].join("\n")),
      ]),
    ),
  );
  readonly tags = $derived(
    [...new Set(this.runs?.flatMap(({ tags }) => tags))].sort((a, b) => a.localeCompare(b)),
  );
  readonly #found = $derived.by(() => {
    const words = searchable(this.search).split(/\s+/).filter(Boolean);
    const found = (this.runs ?? []).filter(
      ({ id, tags }) =>
        (this.tag === "" || tags.includes(this.tag)) &&
        words.every((word) => this.#texts.get(id)!.includes(word)),
    );
    return sorted(found, this.sort);
  });
  readonly #shown = (filter: Filter, states: readonly LibraryRun["state"][]) =>
    this.filter === "all" || this.filter === filter
      ? this.#found.filter(({ state }) => states.includes(state))
      : [];
  readonly running = $derived(this.#shown("open", ["running"]));
  readonly queued = $derived(this.#shown("open", ["queued"]));
  readonly finished = $derived(this.#shown("done", ["done"]));
  readonly waiting = $derived(this.#shown("waiting", ["paused", "failed", "cancelled"]));
  readonly isNarrowed = $derived(this.search.trim() !== "" || this.filter !== "all" || this.tag !== "");

  /** Reads the library and follows changes until the returned function is called. */
  open(): () => void {
    void this.read();
    const ends = [
      main.runs.changed(({ run, event }) => {
        this.#latest.set(run.id, run);
        this.#liveTimer ??= setTimeout(() => this.#showLive(), LIVE_INTERVAL_MS);
        if (event === null || event.event === "dropped" || event.event === "evaluation")
          this.#readSoon(run.id);
      }),
      main.library.erased(({ ids }) => {
        this.runs = this.runs?.filter(({ id }) => !ids.includes(id));
        void this.read();
      }),
    ];
    return () => {
      for (const end of ends) end();
      clearTimeout(this.#liveTimer);
      clearTimeout(this.#readTimer);
    };
  }

  /** Reads everything: the visible part first, the rest in pieces. */
  async read(): Promise<void> {
    const reading = ++this.#reading;
    const runs: LibraryRun[] = [];
    const newer = (this.#newer = new Map());
    try {
      for (;;) {
        const limit = runs.length === 0 ? FIRST_PIECE : PIECE;
        const piece = await main.library.list({ offset: runs.length, limit });
        if (reading !== this.#reading) return;
        runs.push(...piece.runs);
        this.#take(piece);
        this.runs ??= [...runs];
        if (piece.runs.length < limit) break;
      }
      this.runs = withChanges(runs, newer);
      this.problem = undefined;
      const ids = new Set(this.runs.map(({ id }) => id));
      this.chosen = new Set([...this.chosen].filter((id) => ids.has(id)));
    } catch (error) {
      if (reading === this.#reading) this.problem = error;
    }
  }

  /** Reads the changed runs and updates them in place; new ones come first. */
  async #readChanged(): Promise<void> {
    const ids = [...this.#changed];
    this.#changed.clear();
    try {
      const piece = await main.library.list({ ids });
      this.#take(piece);
      for (const run of piece.runs) this.#newer.set(run.id, run);
      this.runs = withChanges(this.runs ?? [], new Map(piece.runs.map((run) => [run.id, run])));
      this.problem = undefined;
    } catch (error) {
      for (const id of ids) this.#changed.add(id); // they are read with the next change
      this.problem = error;
    }
  }

  #take({ states, models, dataSets }: Omit<Awaited<ReturnType<typeof main.library.list>>, "runs">): void {
    this.states = states;
    this.models = models;
    this.dataSets = dataSets;
  }

  /** A run in its current state. */
  now(run: LibraryRun): LibraryRun {
    const live = this.#live.get(run.id);
    if (!live) return run;
    const { phase, round, fraction, secondsLeft } = live;
    return { ...run, phase, round, fraction, secondsLeft };
  }

  choose(id: string, chosen: boolean): void {
    const ids = new Set(this.chosen);
    if (chosen) ids.add(id);
    else ids.delete(id);
    this.chosen = ids;
  }

  showAll(): void {
    this.search = "";
    this.filter = "all";
    this.tag = "";
  }

  #showLive(): void {
    this.#liveTimer = undefined;
    this.#live = new Map(this.#latest);
  }

  #readSoon(id: string): void {
    this.#changed.add(id);
    clearTimeout(this.#readTimer);
    this.#readTimer = setTimeout(() => void this.#readChanged(), READ_DELAY_MS);
  }
}

/** Each run once, in its newest version; new ones come first. A run added while the list was read in pieces may appear in two of them. */
function withChanges(
  runs: readonly LibraryRun[],
  changed: ReadonlyMap<string, LibraryRun>,
): readonly LibraryRun[] {
  const known = new Map(runs.map((run) => [run.id, changed.get(run.id) ?? run]));
  return [...[...changed.values()].filter(({ id }) => !known.has(id)), ...known.values()];
}

function sorted(runs: readonly LibraryRun[], by: Sort): readonly LibraryRun[] {
  const largest = (figure: (run: LibraryRun) => number | null | undefined) =>
    [...runs].sort((a, b) => (figure(b) ?? -Infinity) - (figure(a) ?? -Infinity));
  switch (by) {
    case "newest":
      return runs;
    case "name": {
      const collator = new Intl.Collator(undefined, { numeric: true });
      return [...runs].sort((a, b) => collator.compare(a.name, b.name));
    }
    case "accuracy":
      return largest(({ trimmed }) => trimmed?.accuracy?.value);
    case "speed":
      return largest(({ trimmed }) => trimmed?.tokensPerSecond);
    case "size":
      return [...runs].sort(
        (a, b) => (a.trimmed?.sizeBytes ?? Infinity) - (b.trimmed?.sizeBytes ?? Infinity),
      );
  }
}
