/** A value out of a stranger's file as words of a sentence, cut; `String` would call what an object has as its `toString`. */
export function shown(value: unknown, longest = 60): string {
  const isObject = typeof value === "object" && value !== null;
  const text = isObject ? (Array.isArray(value) ? "a list" : "an object") : String(value);
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}
