import type { LibraryRun } from "../../preload/contract/calls/library.ts";

/** What the rows of the library ask the page to do. */
export interface RunActions {
  edit(run: LibraryRun): void;
  erase(runs: readonly LibraryRun[]): void;
  pause(run: LibraryRun): void;
  resume(run: LibraryRun): void;
}
