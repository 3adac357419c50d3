/** A value from an untrusted file as text for a sentence, truncated; `String` would call an object's own `toString`. */
export function shown(value: unknown, longest = 60): string {
  const isObject = typeof value === "object" && value !== null;
  const text = isObject ? (Array.isArray(value) ? "a list" : "an object") : String(value);
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}
