/** The contract between the window and main: the one place that names all calls. */
import type { Bridge } from "./call.ts";
import { application } from "./calls/application.ts";
import { compare } from "./calls/compare.ts";
import { conversations } from "./calls/conversations.ts";
import { corrections } from "./calls/corrections.ts";
import { data } from "./calls/data.ts";
import { dataSets } from "./calls/data-sets.ts";
import { devices } from "./calls/devices.ts";
import { diagnostics } from "./calls/diagnostics.ts";
import { downloads } from "./calls/downloads.ts";
import { library } from "./calls/library.ts";
import { models } from "./calls/models.ts";
import { passages } from "./calls/passages.ts";
import { questions } from "./calls/questions.ts";
import { runs } from "./calls/runs.ts";
import { server } from "./calls/server.ts";
import { settings } from "./calls/settings.ts";
import { updates } from "./calls/updates.ts";
import { wizard } from "./calls/wizard.ts";

export const contract = {
  application,
  compare,
  conversations,
  corrections,
  data,
  dataSets,
  devices,
  diagnostics,
  downloads,
  library,
  models,
  passages,
  questions,
  runs,
  server,
  settings,
  updates,
  wizard,
};

/** The API that the preload script exposes as `window.coppice`; `pathOf` gives the path of a dropped file. */
export interface WindowBridge extends Bridge<typeof contract> {
  pathOf(file: File): string;
}
