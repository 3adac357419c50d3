import type { LibraryRun } from "../../preload/contract/calls/library.ts";

/** The actions of the library's rows, handled by the page. */
export interface RunActions {
  edit(run: LibraryRun): void;
  erase(runs: readonly LibraryRun[]): void;
  pause(run: LibraryRun): void;
  resume(run: LibraryRun): void;
}
