/** The contract between the window and main: the one place that names what can be asked. */
import type { Bridge } from "./call.ts";
import { application } from "./calls/application.ts";
import { compare } from "./calls/compare.ts";
import { conversations } from "./calls/conversations.ts";
import { data } from "./calls/data.ts";
import { devices } from "./calls/devices.ts";
import { diagnostics } from "./calls/diagnostics.ts";
import { library } from "./calls/library.ts";
import { models } from "./calls/models.ts";
import { runs } from "./calls/runs.ts";
import { settings } from "./calls/settings.ts";
import { updates } from "./calls/updates.ts";
import { wizard } from "./calls/wizard.ts";

export const contract = {
  application,
  compare,
  conversations,
  data,
  devices,
  diagnostics,
  library,
  models,
  runs,
  settings,
  updates,
  wizard,
};

/** What the preload script gives the window as `window.coppice`; `pathOf` is where a dropped file lies. */
export interface WindowBridge extends Bridge<typeof contract> {
  pathOf(file: File): string;
}
