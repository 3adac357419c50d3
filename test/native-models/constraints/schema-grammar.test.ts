import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import { schemaGrammar } from "../../../native-models/constraints/json-schema/schema-grammar.ts";
import { failureFrom } from "../tokenizer/failure-from.ts";
import { allows, follows, randomText } from "./followed.ts";

const ajv = new Ajv2020.default({ strict: false, allErrors: false });
addFormats.default(ajv);

const node = {
  type: "object",
  properties: { value: { type: "integer" }, next: { $ref: "#/$defs/node" } },
  required: ["value"],
};
const kind = (name: string, more: object) => ({
  type: "object",
  properties: { kind: { const: name }, ...more },
  required: ["kind"],
});

/** Schemas of all supported keywords, and values in the order of their properties. */
const supported: readonly (readonly [string, unknown, readonly unknown[]])[] = [
  ["types", { type: ["string", "null"] }, ["a", null, 1, {}, []]],
  ["integers", { type: "integer" }, [0, -5, 1.5, "1"]],
  [
    "enum and const",
    { enum: ["a", 1, null, { x: [1] }, "ä\n"] },
    ["a", 1, null, { x: [1] }, "ä\n", "b", 2, { x: [2] }],
  ],
  ["enum with other keywords", { enum: ["a", "abc", 7, 8], maxLength: 2, minimum: 8 }, ["a", "abc", 7, 8]],
  [
    "string lengths in characters",
    { type: "string", minLength: 2, maxLength: 3 },
    ["", "ä", "ää", "😀😀😀", "aaaa", 'a"', "\\\n"],
  ],
  [
    "patterns with lengths",
    { type: "string", pattern: "^a*b?", minLength: 1, maxLength: 4 },
    ["", "a", "aab", "aaaab", "c"],
  ],
  ["patterns for other types", { pattern: "^a" }, ["a", "b", 1, null]],
  [
    "formats",
    {
      anyOf: [
        { type: "string", format: "date" },
        { type: "string", format: "email" },
      ],
    },
    ["2024-02-29", "2023-02-29", "1900-02-29", "2000-02-29", "a@b.de", "a"],
  ],
  [
    "date-time and uuid",
    {
      anyOf: [
        { type: "string", format: "date-time" },
        { type: "string", format: "uuid" },
      ],
    },
    ["2024-01-01T00:00:00Z", "2024-01-01T25:00:00Z", "00000000-0000-4000-8000-000000000000"],
  ],
  ["ranges", { type: "number", minimum: -1.5, exclusiveMaximum: 2 }, [-1.5, -1.6, 0, 1.99, 2]],
  ["multiples", { type: "integer", multipleOf: 3, minimum: 4 }, [3, 4, 6, 9.5, 12]],
  [
    "arrays",
    { type: "array", items: { type: "integer" }, minItems: 1, maxItems: 3 },
    [[], [1], [1, 2, 3], [1, 2, 3, 4], ["a"]],
  ],
  [
    "tuples",
    { type: "array", prefixItems: [{ type: "integer" }, { type: "string" }], items: false },
    [[], [1], [1, "a"], [1, "a", 2], ["a"]],
  ],
  ["unique items where there is one", { type: "array", uniqueItems: true, maxItems: 1 }, [[], [1], [1, 2]]],
  [
    "properties",
    { type: "object", properties: { a: { type: "integer" }, b: {}, c: false }, required: ["b"] },
    [{ a: 1, b: 2 }, { b: [] }, { a: 1 }, { b: 1, d: 2 }, { b: 1, c: 2 }],
  ],
  [
    "closed objects",
    { type: "object", properties: { a: {} }, additionalProperties: false },
    [{}, { a: 1 }, { b: 1 }],
  ],
  [
    "additional properties",
    { type: "object", additionalProperties: { type: "string" } },
    [{}, { x: "y" }, { x: 1 }, { x: "", y: "", z: "" }],
  ],
  ["required without properties", { type: "object", required: ["x"] }, [{}, { x: 1 }, { x: 1, y: 2 }]],
  [
    "anyOf beside keywords",
    {
      type: "object",
      properties: { a: {} },
      required: ["a"],
      anyOf: [
        { properties: { b: { type: "null" } }, required: ["b"] },
        { properties: { c: {} }, required: ["c"] },
      ],
    },
    [{ a: 1 }, { a: 1, b: null }, { a: 1, b: 2 }, { a: 1, c: 2 }],
  ],
  ["allOf", { allOf: [{ type: "integer", minimum: 3 }, { maximum: 5 }, { multipleOf: 2 }] }, [2, 3, 4, 5, 6]],
  [
    "allOf of objects",
    {
      allOf: [
        { properties: { a: { minimum: 2 } } },
        { properties: { a: { type: "integer" }, b: {} }, required: ["b"] },
      ],
    },
    [{ a: 2, b: 1 }, { a: 1, b: 1 }, { a: 2.5, b: 1 }, { a: 2 }, 7],
  ],
  [
    "oneOf by type",
    { oneOf: [{ type: "string" }, { type: "array", items: { type: "string" } }] },
    ["a", ["a"], [1], 1],
  ],
  [
    "oneOf by a property",
    { oneOf: [kind("a", { x: {} }), kind("b", { y: {} })] },
    [{ kind: "a" }, { kind: "b", y: 1 }, { kind: "c" }],
  ],
  ["oneOf by ranges", { type: "integer", oneOf: [{ maximum: 3 }, { exclusiveMinimum: 3 }] }, [3, 4]],
  [
    "recursion",
    { $ref: "#/$defs/node", $defs: { node } },
    [{ value: 1 }, { value: 1, next: { value: 2, next: { value: 3 } } }, { value: 1, next: {} }],
  ],
  [
    "anchors and escaped references",
    {
      $defs: { "a/b": { $anchor: "here", type: "integer" } },
      items: { $ref: "#here" },
      type: "array",
      prefixItems: [{ $ref: "#/$defs/a~1b" }],
    },
    [[1, 2], ["a"], [1, "a"]],
  ],
  ["booleans", { properties: { a: true, b: false } }, [{}, { a: 1 }, { b: 1 }, 3]],
  [
    "formats of numbers",
    { type: ["number", "null"], format: "int32", exclusiveMinimum: 2147483645 },
    [2147483646, 2147483646.5, 2147483647, 2147483648, null],
  ],
  ["formats of listed numbers", { enum: [1, 1.5, 3e9], format: "int32" }, [1, 1.5, 3e9]],
  [
    "addresses",
    {
      anyOf: [
        { type: "string", format: "uri" },
        { type: "string", format: "email" },
        { type: "string", format: "hostname" },
      ],
    },
    [
      "https://de.wikipedia.org/wiki/M%C3%BCnchen?x=%20",
      "https://example.org/%2",
      "Anna.Meier@example.org",
      ["a", "b", "c"].map((letter) => letter.repeat(62)).join("."),
      ["a", "b", "c", "d"].map((letter) => letter.repeat(63)).join("."),
    ],
  ],
  [
    "elements that only their number requires",
    { type: "array", prefixItems: [{ type: "integer" }], minItems: 2 },
    [[1], [1, null], [1, 2, 3], ["a", 1]],
  ],
  ["a number beside nothing", { not: false, type: "null" }, [null, 1]],
];

describe("a schema's grammar", () => {
  test.each(supported)("has the documents that ajv accepts: %s", (_, schema, values) => {
    const valid = values.filter((value) => ajv.validate(schema as object, value));
    expect(values.filter((value) => allows(schema, value, { writesUnmentioned: true }))).toEqual(valid);
    expect(valid.length).toBeGreaterThan(0);
  });

  test.each(supported)("gives documents that ajv accepts: %s", (_, schema) => {
    for (const writesUnmentioned of [false, true]) {
      const grammar = schemaGrammar(schema, { writesUnmentioned });
      const found = Array.from({ length: 30 }, (_, seed) => randomText(grammar, seed)).filter(
        (text) => text !== null,
      );
      for (const text of found) expect(ajv.validate(schema as object, JSON.parse(text)), text).toBe(true);
      expect(found.length).toBeGreaterThan(0);
    }
  });

  test("writes no properties and elements that are not mentioned", () => {
    const schema = {
      type: "object",
      properties: { a: { type: "array", prefixItems: [{ type: "integer" }] } },
    };
    expect(allows(schema, { a: [1] })).toBe(true);
    expect(allows(schema, { a: [1, 2] })).toBe(false);
    expect(allows(schema, { b: 1 })).toBe(false);
    expect(allows({ type: "object" }, { b: 1 })).toBe(true);
  });

  test("writes properties in the order of the schema, then those that it refers to, then those of allOf", () => {
    const of = (name: string) => ({ properties: { [name]: { type: "null" } }, required: [name] });
    const schema = { $defs: { b: of("b") }, allOf: [of("c"), of("d")], $ref: "#/$defs/b", ...of("a") };
    const grammar = schemaGrammar({ type: "object", ...schema });
    expect(follows(grammar, '{"a": null, "b": null, "c": null, "d": null}')).toBe(true);
  });

  test("writes no more elements than it must where they are not mentioned", () => {
    const schema = { type: "array", prefixItems: [{ type: "integer" }], minItems: 2 };
    expect([[1], [1, 2], [1, 2, 3]].map((value) => allows(schema, value))).toEqual([false, true, false]);
  });

  test("has one way to write a document", () => {
    const grammar = schemaGrammar({ type: "object", properties: { a: {}, b: { type: "string" } } });
    const texts = [
      '{"a": [1, 2], "b": "ä\\n\\u0001/"}',
      '{"a":1}',
      '{"b": "", "a": 1}',
      '{"b": "\\u00e4"}',
      '{"b": "\\/"}',
      '{"b": "\n"}',
    ];
    expect(texts.map((text) => follows(grammar, text))).toEqual([true, false, false, false, false, false]);
  });

  test("has none but whole characters", () => {
    const grammar = schemaGrammar({ type: "string" });
    expect(follows(grammar, '"😀é"')).toBe(true);
    const broken = schemaGrammar({ type: "string", maxLength: 1 });
    expect(follows(broken, '"😀"')).toBe(true);
    expect(follows(broken, '"éé"')).toBe(false);
  });
});

const deep = (depth: number): object =>
  depth === 0 ? { type: "null" } : { type: "array", items: deep(depth - 1) };
const wide = (options: number, least = 0) => ({
  anyOf: Array.from({ length: options }, (_, index) => ({ const: least + index })),
});

const nested = (depth: number): unknown =>
  Array.from({ length: depth }).reduce<unknown>((inner) => [inner], 1);

describe("what is refused", () => {
  test.each<[string, unknown, object]>([
    ["if", { if: {}, then: false }, { keyword: "if", problem: "keyword", place: "#" }],
    ["not", { properties: { a: { not: { type: "null" } } } }, { keyword: "not", place: "#/properties/a" }],
    [
      "unique items",
      { items: { type: "array", uniqueItems: true } },
      { keyword: "uniqueItems", place: "#/items" },
    ],
    ["contains", { contains: {} }, { keyword: "contains" }],
    ["names by patterns", { patternProperties: {} }, { keyword: "patternProperties", problem: "keyword" }],
    ["names by a schema", { propertyNames: {} }, { keyword: "propertyNames", problem: "keyword" }],
    ["counts of properties", { minProperties: 1 }, { keyword: "minProperties", problem: "keyword" }],
    ["a typing error", { requried: ["a"] }, { keyword: "requried", problem: "keyword" }],
    ["unknown formats", { format: "iri" }, { keyword: "format iri", problem: "keyword" }],
    ["unknown formats of other types", { type: "integer", format: "money" }, { keyword: "format money" }],
    ["formats of numbers that are strings", { type: "string", format: "int64" }, { keyword: "format int64" }],
    ["formats named as every object's properties", { format: "__proto__" }, { keyword: "format __proto__" }],
    ["numbers beyond those of JavaScript", { enum: [[Infinity]] }, { keyword: "enum", problem: "value" }],
    ["halves of characters", { const: { a: "\ud800" } }, { keyword: "const", problem: "value" }],
    ["names with them", { required: ["\udfff"] }, { keyword: "required", problem: "value" }],
    ["unique items that are neither", { uniqueItems: "no" }, { keyword: "uniqueItems", problem: "value" }],
    [
      "references in a document inside",
      {
        $defs: { a: { type: "null" } },
        items: { $id: "https://example.org/a.json", $ref: "#/$defs/a", $defs: { a: { type: "string" } } },
      },
      { place: "#/items", keyword: "$ref", problem: "reference" },
    ],
    ["a value that is too deep", { const: nested(5000) }, { place: "#", problem: "too-large" }],
    [
      "comparisons of comparisons",
      {
        oneOf: [0, 450].map((least) => ({
          required: ["x"],
          properties: { x: wide(450, least) },
          type: "object",
        })),
      },
      { keyword: "oneOf", problem: "too-large" },
    ],
    ["fractions of multiples", { multipleOf: 0.01 }, { keyword: "multipleOf", problem: "keyword" }],
    ["other documents", { $ref: "https://example.org/a.json" }, { keyword: "$ref", problem: "reference" }],
    ["missing places", { $ref: "#/$defs/a" }, { keyword: "$ref", problem: "reference" }],
    ["a reference to itself", { $ref: "#" }, { problem: "recursion" }],
    ["alternatives of itself", { anyOf: [{ $ref: "#" }, { type: "null" }] }, { problem: "recursion" }],
    ["oneOf of itself", { oneOf: [{ $ref: "#" }, { type: "null" }] }, { problem: "recursion" }],
    [
      "recursion without an end",
      { type: "object", properties: { a: { $ref: "#" } }, required: ["a"] },
      { problem: "nothing" },
    ],
    ["contradictions", { type: "string", enum: [1] }, { problem: "nothing" }],
    ["an empty range", { type: "integer", minimum: 2, maximum: 1 }, { problem: "nothing" }],
    [
      "alternatives that overlap",
      { oneOf: [{ type: "integer" }, { type: "number" }] },
      { keyword: "oneOf", problem: "overlap" },
    ],
    ["patterns that look around", { pattern: "^(?!a)" }, { keyword: "pattern", problem: "pattern" }],
    ["patterns that explode", { pattern: "^.*a.{18}$" }, { keyword: "pattern", problem: "too-large" }],
    [
      "patterns whose comparison explodes",
      { oneOf: ["^(?:a{197})*$", "^(?:a{199})*b$"].map((pattern) => ({ type: "string", pattern })) },
      { keyword: "oneOf", problem: "too-large" },
    ],
    ["wrong values", { type: "array", minItems: -1 }, { keyword: "minItems", problem: "value" }],
    ["no schema", { properties: { a: 3 } }, { place: "#/properties/a", problem: "value" }],
    ["a list", [], { problem: "value" }],
    [
      "too many properties",
      { properties: Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`p${i}`, {}])) },
      { problem: "too-large" },
    ],
    ["products of alternatives", { allOf: [wide(40), wide(40)] }, { keyword: "anyOf", problem: "too-large" }],
  ])("%s", (_, schema, refused) => {
    expect(failureFrom(() => schemaGrammar(schema))).toMatchObject({
      code: "unsupported-schema",
      ...refused,
    });
  });

  test("depth and length are no reason", () => {
    expect(allows({ const: nested(2000) }, nested(2000))).toBe(true);
    expect(follows(schemaGrammar(deep(2000)), "[".repeat(2000) + "null" + "]".repeat(2000))).toBe(true);
    const many = Array.from({ length: 100_000 }, (_, index) => `value ${index}`);
    expect(allows({ enum: many }, "value 99999")).toBe(true);
    expect(allows({ enum: many }, "value 100000")).toBe(false);
    expect(allows({ type: "string", maxLength: 1e6 }, "a".repeat(50_000))).toBe(true);
    expect(
      allows(
        { type: "array", maxItems: 1e6, minItems: 1e3 },
        Array.from({ length: 1000 }, () => 0),
      ),
    ).toBe(true);
  });
});
