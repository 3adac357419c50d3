/** Answers of models that think first: `<think>…</think>`, followed by the text for the reader. */

/** An answer in its two parts; the thought is null where there is none. */
export interface AnswerParts {
  readonly thought: string | null;
  readonly answer: string;
}

const OPENING = "<think>";
const CLOSING = "</think>";

/** Splits an answer into thought and text, even while it is being written. Some templates write the opening tag, so the answer lacks it. */
export function partsOf(text: string): AnswerParts {
  const trimmed = text.trim();
  const isOpened = trimmed.startsWith(OPENING);
  const inside = isOpened ? trimmed.slice(OPENING.length) : trimmed;
  const end = inside.indexOf(CLOSING);
  if (end < 0) return isOpened ? { thought: inside.trim(), answer: "" } : { thought: null, answer: trimmed };
  return { thought: inside.slice(0, end).trim() || null, answer: inside.slice(end + CLOSING.length).trim() };
}
