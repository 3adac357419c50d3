/** What a split contains, for a report. */
import type { Split, SplitReport } from "../../../preload/contract/data/data.ts";
import { toldFiles } from "../files/shown-files.ts";

/** `madeLeftOut`: how many made questions were left out beside others (main-origin.ts). */
export function splitReport(split: Split, files: readonly string[], madeLeftOut = 0): SplitReport {
  const { examples, questions, conversations = [] } = split;
  const made = questions[0]?.made;
  return {
    ...(made && { made }),
    ...(made === "written" && { checked: questions.filter(({ checked }) => checked).length }),
    ...(madeLeftOut > 0 && { madeLeftOut }),
    examples: examples.length,
    questions: questions.length,
    conversations: conversations.length,
    ...toldFiles(files),
  };
}
