/** What the in-Electron tests tell: one JSON line a result, on the standard output of Electron's main process. */
import { z } from "zod";

export const TestResult = z.object({
  suite: z.string(),
  title: z.string(),
  state: z.enum(["passed", "failed", "skipped"]),
  error: z.string().optional(),
  /** How long it took. */
  ms: z.number(),
});
export type TestResult = z.infer<typeof TestResult>;
