/** Answers as in SQuAD: spans of a context, any of which is right. {"text": ["May 1868", "1868"], "answer_start": [204, 208]} */

/** The first of the spans, empty if there are none; any other value as it is. */
export function answerIn(value: unknown): unknown {
  return isSpans(value) ? (value.text[0] ?? "") : value;
}

/** Whether a value is a list of spans. */
export function isSpans(value: unknown): value is { readonly text: readonly unknown[] } {
  return (
    typeof value === "object" &&
    value !== null &&
    "answer_start" in value &&
    "text" in value &&
    Array.isArray(value.text)
  );
}
