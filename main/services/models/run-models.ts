import type { RunState } from "../../../preload/contract/runs/run.ts";

/**
 * The part of runs that model lookup needs. The service of runs implements it; runs build on models, so models do not import it.
 */
export interface RunModels {
  find(id: string): { readonly output: string | null; readonly state: RunState } | null;
  outputs(): {
    readonly id: string;
    readonly name: string;
    readonly state: RunState;
    readonly output: string;
  }[];
  /** The folder of the data set with which the run that made the model at `output` was trained; null if no run did. */
  learntBy(output: string): string | null;
  meantBy(
    references: readonly string[],
  ): { readonly id: string; readonly name: string; readonly output: string | null }[];
}
