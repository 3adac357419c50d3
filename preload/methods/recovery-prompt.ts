/** A recovery prompt (arXiv 2305.11186): trained vectors that precede every text, with the weights frozen and rounded as chat stores them. */
import { z } from "zod";
import { counted } from "../contract/words/figures.ts";
import type { ChangeSpec } from "./method.ts";

const Settings = z.strictObject({
  vectors: z.number().int().min(1).max(128).default(32),
  epochs: z.number().positive().default(2),
  learningRate: z.number().positive().default(5e-3),
});
export type RecoveryPrompt = z.infer<typeof Settings>;

const Result = z.object({ vectors: z.number() });
export type RecoveryPromptResult = z.infer<typeof Result>;

export const recoveryPrompt: ChangeSpec<RecoveryPrompt, RecoveryPromptResult> = {
  id: "recovery-prompt",
  kind: "chat",
  paper: "arXiv 2305.11186",
  settings: Settings,
  main: "vectors",
  result: Result,
  cost: ({ settings: { vectors, epochs }, tokens: { training, trainingRows }, blocks }) => ({
    kind: "training",
    tokens: epochs * (training + vectors * trainingRows),
    blocks,
  }),
  text: {
    en: {
      name: "Recovery prompt",
      hint: "Trains a few vectors before every text in chat, to win back some of what cutting and rounding cost; other programs run the model without them.",
      setting: "Vectors",
      lines: ({ vectors }, { number }) => [
        `In chat, every text begins with a recovery prompt of ${number(vectors)} vectors.`,
      ],
    },
    de: {
      name: "Gelernte Vorgabe (Recovery Prompt)",
      hint: "Trainiert einige Vektoren vor jedem Text im Chat, um etwas von dem zurückzuholen, was Schnitt und Rundung kosten; andere Programme verwenden das Modell ohne sie.",
      setting: "Vektoren",
      lines: ({ vectors }, { number }) => [
        `Im Chat beginnt jeder Text mit einer Vorgabe von ${number(vectors)} gelernten Vektoren.`,
      ],
    },
  },
  card: ({ vectors }) => `a recovery prompt of ${counted(vectors, "vector")} before each text`,
};
