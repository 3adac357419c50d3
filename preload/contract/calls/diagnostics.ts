/** Diagnostics: a report that a person sees before it is saved, and uncaught errors. */
import { z } from "zod";
import { call, notification } from "../call.ts";
import { Trouble } from "../trouble.ts";

export const ReportSectionName = z.enum([
  "versions",
  "computer",
  "settings",
  "run",
  "runs",
  "troubles",
  "log",
]);
export type ReportSectionName = z.infer<typeof ReportSectionName>;

/** A section of a report; `text` is the exact content of the file. */
export const ReportSection = z.object({ name: ReportSectionName, text: z.string() });
export type ReportSection = z.infer<typeof ReportSection>;

/**
 * A one-time message to the person: the previous program ended unexpectedly, the window was reloaded, or an error was not caught.
 */
export const PastTrouble = z.enum(["ended-without-word", "window-gone", "error"]);
export type PastTrouble = z.infer<typeof PastTrouble>;

export const diagnostics = {
  /** Creates a report, with all figures of `run` if given; main keeps the newest one, so that it is saved exactly as shown. */
  prepareReport: call(
    z.object({ run: z.string().nullable() }),
    z.object({ id: z.number(), sections: z.array(ReportSection) }),
  ),
  /** Asks for a file and writes these sections of the shown report; returns the file, or null if the person cancelled. */
  saveReport: call(
    z.object({ id: z.number(), sections: z.array(ReportSectionName).min(1) }),
    z.string().nullable(),
  ),
  /** An uncaught error in the window; if there are many, main logs the first ones of each minute. */
  reportTrouble: call(Trouble, z.void()),
  /** Each is reported once. */
  pastTroubles: call(z.void(), z.array(PastTrouble)),
  /** An uncaught error in main. */
  troubled: notification(PastTrouble),
};
