import type { Choice } from "../../../preload/contract/results/recommended.ts";
import { LARGEST_UNSEEN_LOSS } from "../../../preload/contract/results/versus.ts";
import { enteredPercentText, numberText } from "../figures.ts";

/** What rows have to show for a depth to be recommended. */
export function shownByRows(kind: Choice["kind"], floor: number | undefined): string {
  if (kind === "texts") return "rule out that they become clearly less likely";
  return floor === undefined
    ? `rule out a loss of ${numberText(100 * LARGEST_UNSEEN_LOSS)} points`
    : `show ${enteredPercentText(floor)} of the fine-tuned accuracy`;
}
