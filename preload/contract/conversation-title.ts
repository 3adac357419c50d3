/** The name of a conversation that starts with a question: its first characters, none of them cut in half. */
export function titleOf(question: string): string {
  const [beginning] = /^.{0,60}/su.exec(question.trim().replace(/\s+/g, " "))!;
  return beginning.trimEnd();
}
