import type { Home } from "../../home/home.ts";
import type { Datasets } from "../data/datasets.ts";
import type { Models } from "../models/models.ts";
import type { Evaluations } from "./evaluations.ts";
import type { Runs } from "./runs.ts";

/** The services that a run is prepared from and reports to. */
export interface TrimServices {
  readonly home: Home;
  readonly models: Models;
  readonly datasets: Datasets;
  readonly runs: Runs;
  readonly evaluations: Evaluations;
}
