const MOST_CHARACTERS = 60;

/**
 * The title of a conversation that starts with this question: its first 60 characters, without splitting a surrogate pair. Of a longer text that
 * ends with a question, such as a passage before it, those of its last paragraph.
 */
export function titleOf(question: string): string {
  const whole = onOneLine(question);
  const last = onOneLine(
    question
      .trim()
      .split(/\n\s*\n/)
      .at(-1)!,
  );
  const isAfterText = whole.length > MOST_CHARACTERS && /[?？]$/u.test(last);
  const [beginning] = /^.{0,60}/su.exec(isAfterText ? last : whole)!;
  return beginning.trimEnd();
}

const onOneLine = (text: string) => text.trim().replace(/\s+/g, " ");
