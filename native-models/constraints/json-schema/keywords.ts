/** The keywords of JSON schemas (drafts 4 to 2020-12), by what is done with them. */

/** They assert nothing, or are read where they are referred to. */
const NOTES = [
  "$schema",
  "$id",
  "id",
  "$anchor",
  "$comment",
  "$defs",
  "$vocabulary",
  "definitions",
  "title",
  "description",
  "default",
  "example",
  "examples",
  "readOnly",
  "writeOnly",
  "deprecated",
  "contentEncoding",
  "contentMediaType",
  "contentSchema",
];

/** About values of any type, or followed elsewhere (alternatives.ts, facts.ts). */
const OTHERS = [
  "$ref",
  "allOf",
  "anyOf",
  "oneOf",
  "not",
  "type",
  "enum",
  "const",
  "additionalItems",
  "uniqueItems",
];

export const TYPES = ["null", "boolean", "number", "string", "array", "object"] as const;
export type Type = (typeof TYPES)[number];

/** About values of one type. */
const LIMITS: ReadonlyMap<string, Type> = new Map([
  ["minimum", "number"],
  ["maximum", "number"],
  ["exclusiveMinimum", "number"],
  ["exclusiveMaximum", "number"],
  ["multipleOf", "number"],
  ["minLength", "string"],
  ["maxLength", "string"],
  ["pattern", "string"],
  ["format", "string"],
  ["items", "array"],
  ["prefixItems", "array"],
  ["minItems", "array"],
  ["maxItems", "array"],
  ["properties", "object"],
  ["additionalProperties", "object"],
  ["required", "object"],
]);

/** The type of the values that a keyword limits, if it is about one type. */
export const limitedBy = (keyword: string): Type | undefined => LIMITS.get(keyword);

const known = new Set([...NOTES, ...OTHERS, ...LIMITS.keys()]);

/** Whether a keyword is supported, or is a program's own annotation. Others are refused, because a typo would change a schema. */
export const isKnownKeyword = (keyword: string): boolean => known.has(keyword) || keyword.startsWith("x-");
