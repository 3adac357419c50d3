/** The application: its metadata, system dialogs, power. */
import { z } from "zod";
import { call, notification } from "../call.ts";

export const ApplicationState = z.object({
  version: z.string(),
  /** COPPICE_HOME. */
  home: z.string(),
  platform: z.string(),
  electronVersion: z.string(),
  /** The system's languages, best first, such as "de-AT". */
  languages: z.array(z.string()),
  physicalCores: z.number(),
  memoryBytes: z.number(),
  freeMemoryBytes: z.number(),
  /** Null if the system does not report it. */
  freeDiskBytes: z.number().nullable(),
  onBattery: z.boolean(),
});
export type ApplicationState = z.infer<typeof ApplicationState>;

/** The options of an open dialog. */
export const Choosing = z.enum(["model-file", "model-folder", "data-files", "data-folder", "folder"]);
export type Choosing = z.infer<typeof Choosing>;

export const application = {
  state: call(z.void(), ApplicationState),
  /** The system's open dialog; empty if the person cancelled. */
  choose: call(z.object({ what: Choosing }), z.array(z.string())),
  /** Shows a file or folder in the system's file manager. */
  show: call(z.object({ path: z.string() }), z.void()),
  /** Shows Chromium's own list of licences in the file manager. */
  showChromiumLicences: call(z.void(), z.void()),
  copyText: call(z.object({ text: z.string() }), z.void()),
  /** A place in the window to open ("#/runs/…"): the person clicked a system notification. */
  goTo: notification(z.object({ link: z.string() })),
  /** A model file opened from outside: a double-click, or a second start of the application. */
  opened: notification(z.object({ path: z.string() })),
};
