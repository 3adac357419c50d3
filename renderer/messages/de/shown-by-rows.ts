import type { Choice } from "../../../preload/contract/results/recommended.ts";
import { LARGEST_UNSEEN_LOSS } from "../../../preload/contract/results/versus.ts";
import { enteredPercentText, numberText } from "../figures.ts";

/** Was Zeilen zeigen müssen, damit eine Tiefe empfohlen wird. */
export function shownByRows(kind: Choice["kind"], floor: number | undefined): string {
  if (kind === "texts") return "auszuschließen, dass sie deutlich unwahrscheinlicher werden";
  return floor === undefined
    ? `einen Verlust von ${numberText(100 * LARGEST_UNSEEN_LOSS)} Punkten auszuschließen`
    : `${enteredPercentText(floor)} der Genauigkeit des feinabgestimmten Modells nachzuweisen`;
}
