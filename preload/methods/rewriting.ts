/** Rewriting (self-data distillation, arXiv 2410.09982): the tuned whole model rewrites free-text answers before anything is cut. */
import { z } from "zod";
import { counted } from "../contract/words/figures.ts";
import type { ChangeSpec } from "./method.ts";

/**
 * `share`: of the training rows with free text, those whose answers are rewritten. A rewritten answer is used if its ROUGE-L with the row's
 * own is at least `agreement` and it passes the other checks; other rows keep their own.
 */
const Settings = z.strictObject({
  share: z.number().min(0).max(1).default(1),
  agreement: z.number().min(0).max(1).default(0.5),
});
export type Rewriting = z.infer<typeof Settings>;

const Count = z.number().int().nonnegative();
/** Each rewritten answer (`asked` in all) counted once: used, the same as the row's own, or why it is not used. */
const Result = z.object({
  asked: Count,
  kept: Count,
  same: Count,
  empty: Count,
  unfinished: Count,
  repetitive: Count,
  different: Count,
});
export type RewritingResult = z.infer<typeof Result>;

export const rewriting: ChangeSpec<Rewriting, RewritingResult> = {
  id: "rewriting",
  kind: "rows",
  paper: "arXiv 2410.09982",
  settings: Settings,
  main: "share",
  result: Result,
  cost: ({ settings, taught, writing: { read, written } }) => {
    const share = Math.min(settings.share, taught);
    return { kind: "chat", tokens: share * written, read: share * read, together: true };
  },
  scaled: (settings, share) => ({ ...settings, share: settings.share * share }),
  writes: true,
  text: {
    en: {
      name: "Rewriting",
      hint: "Before anything is cut, the fine-tuned model rewrites free-text answers of your training rows; those that still say the same replace yours in later training.",
      setting: "Share of the rows",
      lines: ({ asked, kept, same }, { number, percent }) =>
        asked === 0
          ? ["No answers were rewritten: no training row has free text for an answer."]
          : [
              `The fine-tuned model rewrote ${number(asked)} answers of your training rows. ${percent(kept / asked)} took the place of the original, ${percent(same / asked)} were the original, and the rest failed the checks.`,
            ],
    },
    de: {
      name: "Umschreiben",
      hint: "Vor dem ersten Schnitt schreibt das feinabgestimmte Modell Antworten aus freiem Text in Ihren Trainingszeilen um; die sinngleichen ersetzen Ihre im weiteren Training.",
      setting: "Anteil der Zeilen",
      lines: ({ asked, kept, same }, { number, percent }) =>
        asked === 0
          ? ["Es wurden keine Antworten umgeschrieben: Keine Trainingszeile hat freien Text als Antwort."]
          : [
              `Das feinabgestimmte Modell hat ${number(asked)} Antworten Ihrer Trainingszeilen umgeschrieben. ${percent(kept / asked)} ersetzten das Original, ${percent(same / asked)} waren das Original, die übrigen bestanden die Prüfung nicht.`,
            ],
    },
  },
  card: ({ kept }) =>
    kept === 0
      ? null
      : `${counted(kept, "answer")} of its training data in the words of the fine-tuned model`,
};
