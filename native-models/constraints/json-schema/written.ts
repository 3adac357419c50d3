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

/** Whether a value is JSON that is the same once it has been read again: not halves of surrogate pairs, nor numbers beyond those of JavaScript. */
export function isWritten(value: unknown): boolean {
  if (typeof value === "string") return !/\p{Surrogate}/u.test(value);
  if (typeof value === "number") return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isWritten);
  if (isObject(value)) return Object.entries(value).flat().every(isWritten);
  return value === null || typeof value === "boolean";
}
