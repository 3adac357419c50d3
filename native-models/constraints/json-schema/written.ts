/** JSON as answers write it: on one line, with a space after each comma and colon, and nothing escaped that need not be. */
import { isObject } from "./document.ts";

export const COMMA = ", ";
export const COLON = ": ";

export function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join(COMMA)}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const properties = Object.entries(value).map(
    ([name, inner]) => JSON.stringify(name) + COLON + written(inner),
  );
  return `{${properties.join(COMMA)}}`;
}
