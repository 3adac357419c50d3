import { initial } from "./0001_initial.ts";
import { desktop } from "./0002_desktop.ts";
import { chat } from "./0003_chat.ts";
import { library } from "./0004_library.ts";
import { dataSets } from "./0005_data_sets.ts";
import { questions } from "./0006_questions.ts";
import { corrections } from "./0007_corrections.ts";
import { dataSetVersions } from "./0008_data_set_versions.ts";
import { timesOfDay } from "./0009_times_of_day.ts";
import { requests } from "./0010_requests.ts";
import { results } from "./0011_results.ts";
import { search } from "./0012_search.ts";

/** One step of the schema: SQL that turns version n into n + 1. */
export type Migration = string;

/** All steps in order; a database's `user_version` is how many of them it has had. */
export const migrations: readonly Migration[] = [
  initial,
  desktop,
  chat,
  library,
  dataSets,
  questions,
  corrections,
  dataSetVersions,
  timesOfDay,
  requests,
  results,
  search,
];
