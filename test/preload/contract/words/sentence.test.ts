import { describe, expect, test } from "vitest";
import { Failure } from "../../../../preload/contract/failures/failure.ts";
import { sentence } from "../../../../preload/contract/words/sentence.ts";

/** One failure of each code, its fields filled from their types. */
const failures = Failure.options.map((option) => {
  const values = Object.entries(option.shape).map(([name, schema]) => [
    name,
    valueFor(name, schema as never),
  ]);
  return Failure.parse(Object.fromEntries(values));
});

function valueFor(
  name: string,
  schema: {
    def: { type: string; values?: unknown[]; entries?: object; innerType?: unknown; shape?: object };
  },
): unknown {
  const { type, values, entries, innerType, shape } = schema.def;
  if (name === "why") return "second-copy"; // a code of `BadChoice`
  if (type === "literal") return values![0];
  if (type === "enum") return Object.values(entries!)[0];
  if (type === "optional" || type === "nullable") return valueFor(name, innerType as never);
  if (type === "object")
    return Object.fromEntries(
      Object.entries(shape!).map(([key, inner]) => [key, valueFor(key, inner as never)]),
    );
  if (type === "array") return [`<${name} 1>`, `<${name} 2>`];
  return type === "number" ? 7 : `<${name}>`;
}

test("what Coppice wrote is not to be downloaded again, what somebody published is", () => {
  const damaged = (section: string) =>
    sentence({ code: "corrupt-file", path: "a", section, reason: "it is empty" });
  expect(damaged("header")).toMatch(/Download it again\.$/);
  for (const section of ["journal", "checkpoint", "teacher", "database"]) {
    expect(damaged(section)).toMatch(/restore it from a backup/);
    expect(damaged(section)).not.toMatch(/Download/);
  }
});

describe("The sentence of a failure", () => {
  test.each(failures.map((failure) => [failure.code, failure] as const))(
    "%s is one plain sentence",
    (_, failure) => {
      const text = sentence(failure);
      expect(text).toMatch(/^"?[A-Z</][^\n]*\.$/);
      expect(text).not.toMatch(/undefined|null|NaN|!/);
      expect(text.length).toBeGreaterThan(20);
    },
  );

  test("names the file, the line and the reason", () => {
    expect(sentence({ code: "bad-data", path: "train.jsonl", line: 12, reason: "no-prompt" })).toBe(
      'Line 12 of "train.jsonl" cannot be used: it is not JSON with an id and a prompt. Correct or remove the line.',
    );
  });

  test("gives memory and disk space in comparable figures", () => {
    const failure = {
      code: "not-enough-disk",
      path: "/models",
      neededBytes: 1.5e9,
      freeBytes: 272e6,
    } as const;
    expect(sentence(failure)).toMatch(/about 1\.5 GB of disk space at "\/models", but only 272 MB are free/);
  });

  test("lists the first of many missing weights and says how many there are", () => {
    const tensors = ["a", "b", "c", "d", "e"];
    expect(sentence({ code: "missing-tensors", path: "m", tensors })).toMatch(
      /lacks 5 weights .*\(a, b, c and 2 more\)/,
    );
  });
});

test("A message that is too large is explained without the program's own names", () => {
  const failure = {
    code: "message-too-large",
    what: "the input of render-chat",
    bytes: 1.5e6,
    limitBytes: 1e6,
  } as const;
  expect(sentence(failure)).toBe(
    "This is too much at once: 1.5 MB, where at most 1.0 MB can be handled. Use a shorter text, or name a folder instead of its files.",
  );
});
