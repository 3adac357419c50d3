/** What helps when something went wrong: a report that a person sees before it is saved, and troubles that nobody caught. */
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

/** A part of a report; `text` is what the file will have, word for word. */
export const ReportSection = z.object({ name: ReportSectionName, text: z.string() });
export type ReportSection = z.infer<typeof ReportSection>;

/**
 * What a person should hear of once: the program before ended without a word, the window had to be loaded anew, or nobody
 * caught an error.
 */
export const PastTrouble = z.enum(["ended-without-word", "window-gone", "error"]);
export type PastTrouble = z.infer<typeof PastTrouble>;

export const diagnostics = {
  /** Makes a report, with all figures of `run` if that is given; main keeps the newest one, to be saved as it was shown. */
  prepareReport: call(
    z.object({ run: z.string().nullable() }),
    z.object({ id: z.number(), sections: z.array(ReportSection) }),
  ),
  /** Asks where to and writes these sections of the report that was shown; the file, or null if the person cancelled. */
  saveReport: call(
    z.object({ id: z.number(), sections: z.array(ReportSectionName).min(1) }),
    z.string().nullable(),
  ),
  /** An error in the window that nobody caught; of many, main writes down the first ones of each minute. */
  reportTrouble: call(Trouble, z.void()),
  /** Each is told once. */
  pastTroubles: call(z.void(), z.array(PastTrouble)),
  /** Something in main that nobody caught. */
  troubled: notification(PastTrouble),
};
