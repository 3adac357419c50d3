import type { Messages } from "../en.ts";
import { numberText } from "../figures.ts";

export const recital: Messages["recital"] = {
  title: "Was es wörtlich wiedergibt",
  about:
    "Ein Modell kann seinen Trainingstext Wort für Wort wiederholen. Coppice lässt es die Anfänge von 50 Trainingszeilen fortsetzen und die von Zeilen, die es nie gesehen hat. Das dauert einige Minuten.",
  measure: "Messen",
  measuring: "Das Modell setzt Zeilen fort",
  tooShort:
    "Keine Trainingszeile ist lang genug, um das zu messen: Kurze Antworten gleichen sich immer und sagen nichts über wörtliche Wiedergabe.",
  stop: "Abbrechen",
  trained: (continued, rows, words) =>
    `Es hat ${numberText(continued)} von ${numberText(rows)} Trainingszeilen über mindestens ${numberText(words)} Wörter wörtlich fortgesetzt.`,
  heldOut: (continued, rows) =>
    `Von Zeilen, mit denen es nicht trainiert wurde, ${numberText(continued)} von ${numberText(rows)}.`,
  longest: (trained, heldOut) =>
    `Das längste Stück Trainingstext in seinen Antworten hat ${numberText(trained)} Wörter${heldOut === null ? "" : `, in den Antworten auf die anderen Zeilen ${numberText(heldOut)}`}.`,
};
