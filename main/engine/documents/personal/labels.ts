/** Words before a number that say what it is: "Konto-Nr.: 12345". */

/** How far before a number its label may begin. */
const REACH = 72;

export type Label = RegExp;

/**
 * A label is one of the alternatives as a whole word. After it are at most 28 characters without a digit, such as " lautet: "; or, `closely`, nothing
 * but marks and a word like "in". It may stand on the line or in the cell before.
 */
export function labelOf(alternatives: string, closely = false): Label {
  const between = closely
    ? "[ \u00a0:|,.-]{0,6}(?:(?:in|an|at|is|ist|lautet|der|die|the|now|jetzt|of)[ :]{1,2}){0,2}"
    : "[^\\d\\n]{0,28}";
  const nextLine = "[^\\d\\n\\p{L}]{0,12}\\n[^\\S\\n]{0,12}";
  return new RegExp(`(?<!\\p{L})(?:${alternatives})(?!\\p{L})(?:${between}|${nextLine})$`, "iu");
}

/** Whether a label stands before `start`. */
export function isLabelled(text: string, start: number, label: Label): boolean {
  return label.test(text.slice(Math.max(0, start - REACH), start));
}
