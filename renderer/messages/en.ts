/** English, which defines the shape of every language. One file per screen. */
import { chat } from "./en/chat.ts";
import { compare } from "./en/compare.ts";
import { corrections } from "./en/corrections.ts";
import { data } from "./en/data.ts";
import { dataSets } from "./en/data-sets.ts";
import { devices } from "./en/devices.ts";
import { diagnostics } from "./en/diagnostics.ts";
import { downloads } from "./en/downloads.ts";
import { elsewhere } from "./en/elsewhere.ts";
import { exporting } from "./en/exporting.ts";
import { failures } from "./en/failures.ts";
import { library } from "./en/library.ts";
import { licences } from "./en/licences.ts";
import { model } from "./en/model.ts";
import { parts } from "./en/parts.ts";
import { personal } from "./en/personal.ts";
import { questions } from "./en/questions.ts";
import { received } from "./en/received.ts";
import { recital } from "./en/recital.ts";
import { result } from "./en/result.ts";
import { server } from "./en/server.ts";
import { settings } from "./en/settings.ts";
import { shell } from "./en/shell.ts";
import { target } from "./en/target.ts";
import { trim } from "./en/trim.ts";
import { updates } from "./en/updates.ts";

export const en = {
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

export type Messages = typeof en;
