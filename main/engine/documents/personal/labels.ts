/** Words before a number that say what it is: "Konto-Nr.: 12345". */

/** How far before a number its label may begin. */
const REACH = 72;

export type Label = RegExp;

/**
 * A label is one of the alternatives and at most 28 characters without a digit, such as " lautet: ". It may stand on the line or in the
 * cell before.
 */
export function labelOf(alternatives: string): Label {
  return new RegExp(`(?<!\\p{L})(?:${alternatives})(?:[^\\d\\n]{0,28}|[^\\d\\n]{0,12}\\n[^\\S\\n]{0,12})$`, "iu");
}

/** Whether a label stands before `start`. */
export function isLabelled(text: string, start: number, label: Label): boolean {
  return label.test(text.slice(Math.max(0, start - REACH), start));
}
