/**
 * The cases of json-schema.org, draft 4, from npm's json-schema-test-suite: COPPICE_JSON_SCHEMA_SUITE is its folder tests/draft4.
 * A case agrees if a document is allowed in some order of its properties just when it is valid.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { schemaGrammar } from "../../native-models/constraints/json-schema/schema-grammar.ts";
import { written } from "../../native-models/constraints/json-schema/written.ts";
import { AppError } from "../../native-models/failure.ts";
import { follows } from "../native-models/constraints/followed.ts";

const folder = process.env["COPPICE_JSON_SCHEMA_SUITE"];

interface Group {
  description: string;
  schema: unknown;
  tests: { description: string; data: unknown; valid: boolean }[];
}

/** What is known to differ: integers of more than 15 digits, `1.0` as an integer, a URI without a scheme. */
const STATED = [
  "a bignum is an integer",
  "a negative bignum is an integer",
  "comparison works for high numbers",
  "comparison works for very negative numbers",
  "a valid protocol-relative URI",
  "a float is not an integer even without fractional part",
];

test.runIf(folder !== undefined)("json-schema.org's cases agree, or their schema is refused by name", () => {
  const files = readdirSync(folder!, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".json"));
  const groups = files.flatMap((name) => JSON.parse(readFileSync(join(folder!, name), "utf8")) as Group[]);
  const refused: string[] = [];
  const differing: string[] = [];
  let cases = 0;
  for (const { schema, tests } of groups) {
    const grammar = grammarOf(schema);
    if (typeof grammar === "string") {
      refused.push(grammar);
      continue;
    }
    for (const { description, data, valid } of tests) {
      cases++;
      const isAllowed = [...orders(data)].some((document) => follows(grammar, written(document)));
      if (isAllowed !== valid) differing.push(description);
    }
  }
  console.log(
    `${groups.length} schemas, ${refused.length} refused (${[...new Set(refused)].sort().join(", ")}); ${cases} cases, ${differing.length} differ`,
  );
  expect(differing.sort()).toEqual([...STATED].sort());
  expect(refused.length).toBeLessThan(groups.length / 3);
});

/** Its grammar, or the keyword that is refused. */
function grammarOf(schema: unknown) {
  try {
    return schemaGrammar(schema, { writesUnmentioned: true });
  } catch (error) {
    if (error instanceof AppError && error.failure.code === "unsupported-schema")
      return error.failure.keyword;
    throw error;
  }
}

/** A document with its properties in every order. */
function* orders(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) yield* products(value.map((element) => [...orders(element)]));
  else if (typeof value !== "object" || value === null) yield value;
  else
    for (const names of permutations(Object.keys(value)))
      for (const values of products(
        names.map((name) => [...orders((value as Record<string, unknown>)[name])]),
      ))
        yield Object.fromEntries(names.map((name, index) => [name, values[index]]));
}

function* products(lists: readonly (readonly unknown[])[]): Generator<unknown[]> {
  const [first, ...rest] = lists;
  if (!first) return yield [];
  for (const value of first) for (const others of products(rest)) yield [value, ...others];
}

function permutations(names: readonly string[]): string[][] {
  if (names.length <= 1) return [[...names]];
  return names.flatMap((name, index) =>
    permutations([...names.slice(0, index), ...names.slice(index + 1)]).map((others) => [name, ...others]),
  );
}
