/** The title of a conversation that starts with this question: its first 60 characters, without splitting a surrogate pair. */
export function titleOf(question: string): string {
  const [beginning] = /^.{0,60}/su.exec(question.trim().replace(/\s+/g, " "))!;
  return beginning.trimEnd();
}
