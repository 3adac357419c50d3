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

const ASSERTIONS = [
  "$ref",
  "allOf",
  "anyOf",
  "oneOf",
  "not",
  "type",
  "enum",
  "const",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "pattern",
  "format",
  "items",
  "prefixItems",
  "additionalItems",
  "minItems",
  "maxItems",
  "uniqueItems",
  "properties",
  "patternProperties",
  "additionalProperties",
  "propertyNames",
  "required",
  "minProperties",
  "maxProperties",
];

const known = new Set([...NOTES, ...ASSERTIONS]);

/** Whether a keyword is understood, or is a note of some program's own. Others are refused, since a typing error would change a schema. */
export const isKnownKeyword = (keyword: string): boolean => known.has(keyword) || keyword.startsWith("x-");
