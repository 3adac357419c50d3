/** German. */
import { chat } from "./de/chat.ts";
import { compare } from "./de/compare.ts";
import { corrections } from "./de/corrections.ts";
import { data } from "./de/data.ts";
import { dataSets } from "./de/data-sets.ts";
import { devices } from "./de/devices.ts";
import { diagnostics } from "./de/diagnostics.ts";
import { downloads } from "./de/downloads.ts";
import { elsewhere } from "./de/elsewhere.ts";
import { exporting } from "./de/exporting.ts";
import { failures } from "./de/failures.ts";
import { library } from "./de/library.ts";
import { licences } from "./de/licences.ts";
import { model } from "./de/model.ts";
import { parts } from "./de/parts.ts";
import { personal } from "./de/personal.ts";
import { questions } from "./de/questions.ts";
import { received } from "./de/received.ts";
import { recital } from "./de/recital.ts";
import { result } from "./de/result.ts";
import { server } from "./de/server.ts";
import { settings } from "./de/settings.ts";
import { shell } from "./de/shell.ts";
import { target } from "./de/target.ts";
import { trim } from "./de/trim.ts";
import { updates } from "./de/updates.ts";
import type { Messages } from "./en.ts";

export const de: Messages = {
  chat,
  compare,
  corrections,
  data,
  dataSets,
  devices,
  diagnostics,
  downloads,
  elsewhere,
  exporting,
  failures,
  library,
  licences,
  model,
  parts,
  personal,
  questions,
  received,
  recital,
  result,
  server,
  settings,
  shell,
  target,
  trim,
  updates,
};
