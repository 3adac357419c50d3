import Ajv2020 from "ajv/dist/2020.js";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { Constraint, Follower } from "../../../native-models/constraints/constraint.ts";
import { isAllowed } from "../../../native-models/constraints/mask.ts";
import type { AnswerConstraint } from "../../../native-models/constraints/constraint.ts";
import { Constraints } from "../../../native-models/constraints/constraints.ts";
import { Random } from "../../../native-models/random.ts";
import { streamDecoder } from "../../../native-models/tokenizer.ts";
import type { Tokenizer } from "../../../native-models/tokenizer.ts";
import { failureFrom } from "../tokenizer/failure-from.ts";
import { referenceTokenizers } from "../tokenizer/reference.ts";

const { references, tokenizerOf } = referenceTokenizers(
  new URL("../tokenizer/reference-ids.json", import.meta.url),
  (name) => fileURLToPath(new URL(`../tokenizer/fixtures/${name}`, import.meta.url)),
);
const kinds = references.filter(({ rows }) => rows !== null);

const END = 1_000_000;

const question = {
  type: "object",
  properties: {
    kind: { enum: ["fact", "définition"] },
    answer: { type: "string", maxLength: 12 },
    date: { type: "string", pattern: "^\\d{4}-[01]\\d$" },
    sure: { type: "number", minimum: 0, maximum: 1 },
    parts: { type: "array", items: { type: "integer" }, maxItems: 3 },
  },
  required: ["kind", "answer", "sure"],
};
const schema = (value: unknown): AnswerConstraint => ({ kind: "json-schema", schema: value });

/** The ids that a mask allows, the end as END. */
function allowedIds(follower: Follower, { vocabularySize }: Tokenizer): number[] {
  const mask = follower.mask();
  return [...Array(vocabularySize).keys(), END].filter((id) => id >>> 5 < mask.length && isAllowed(mask, id));
}

/** A walk through masks: any token, then, after `free` of them, one that closes if there is one. Null if it does not end. */
function walk(
  tokenizer: Tokenizer,
  shape: AnswerConstraint,
  seed: number,
  { free = 40, most = 600 } = {},
): string | null {
  const follower = new Follower(new Constraint(shape, tokenizer, [END]));
  const random = new Random(seed, "walk");
  const text = streamDecoder(tokenizer, { continues: true });
  let written = "";
  for (let count = 0; count < most; count++) {
    if (follower.isFinished) return written + text.flush();
    const allowed = allowedIds(follower, tokenizer);
    expect(allowed.length).toBeGreaterThan(0);
    const closing = allowed.filter(
      (id) => id !== END && /^["\]}]+$/.test(Buffer.from(tokenizer.tokenBytes(id)).toString()),
    );
    const from = count > free && closing.length > 0 ? closing : allowed;
    const id = from[random.integer(from.length)]!;
    if (id === END) return written + text.flush();
    follower.accept(id);
    written += text.push(id);
  }
  return null;
}

describe.each(kinds)("with the tokenizer $name", (reference) => {
  const tokenizer = tokenizerOf(reference);

  test("walks through masks write documents that ajv accepts", () => {
    const validate = new Ajv2020.default({ strict: false }).compile(question);
    const texts = [1, 2, 3]
      .map((seed) => walk(tokenizer, schema(question), seed))
      .filter((text) => text !== null);
    for (const text of texts) expect(validate(JSON.parse(text)), text).toBe(true);
    expect(texts.length).toBeGreaterThan(0);
  });

  test("masks have the tokens that the grammar goes on with, and no others", () => {
    const constraint = new Constraint(schema(question), tokenizer, [END]);
    const follower = new Follower(constraint);
    let state = constraint.start;
    const random = new Random(5, "states");
    for (let step = 0; step < 12 && !follower.isFinished; step++) {
      const expected = Array.from({ length: tokenizer.vocabularySize }, (_, id) => id).filter(
        (id) =>
          !tokenizer.isSpecial(id) &&
          tokenizer.tokenBytes(id).length > 0 &&
          constraint.after(state, id) !== null,
      );
      const allowed = allowedIds(follower, tokenizer);
      expect(allowed.filter((id) => !expected.includes(id))).toEqual([]);
      // Without all bytes, tokens with parts of characters are not used.
      const isWhole = (id: number) => !Buffer.from(tokenizer.tokenBytes(id)).toString().includes("\ufffd");
      expect(expected.filter((id) => isWhole(id) && !allowed.includes(id))).toEqual([]);
      const id = allowed[random.integer(allowed.length)]!;
      follower.accept(id);
      state = constraint.after(state, id)!;
    }
  });

  test("what can only follow is known without asking, but for a token that may join with what comes next", () => {
    const follower = new Follower(new Constraint(schema(question), tokenizer, [END]));
    const ids = follower.forced();
    const text = Buffer.concat(ids.map((id) => tokenizer.tokenBytes(id))).toString();
    // A vocabulary that cannot write é has only one kind.
    expect(['{"kind": "', '{"kind": "fact", "answer": "'].some((only) => only.startsWith(text))).toBe(true);
    expect(text.length).toBeGreaterThan(3);
    for (const id of ids) follower.accept(id);
    const only = new Follower(new Constraint({ kind: "choices", choices: ["only this"] }, tokenizer, [END]));
    for (const id of only.forced()) only.accept(id);
    expect(only.isFinished).toBe(true);
  });

  test("choices are written to their ends, one of which may begin another", () => {
    const choices = ["yes", "yes, but", "nein"];
    const found = new Set(
      Array.from({ length: 20 }, (_, seed) => walk(tokenizer, { kind: "choices", choices }, seed)),
    );
    expect([...found].sort()).toEqual([...choices].sort());
  });

  test("patterns match whole answers", () => {
    for (let seed = 0; seed < 10; seed++)
      expect(walk(tokenizer, { kind: "pattern", pattern: "[a-c]{2,4}( \\d+)?" }, seed)).toMatch(
        /^[a-c]{2,4}( \d+)?$/,
      );
  });
});

describe("a vocabulary that lacks some bytes", () => {
  const named = (name: string) => tokenizerOf(kinds.find((kind) => kind.name === name)!);
  /** Whether masks allow a text, token by token, as far as its end. */
  const allows = (tokenizer: Tokenizer, shape: AnswerConstraint, text: string) => {
    const follower = new Follower(new Constraint(shape, tokenizer, [END]));
    for (const id of tokenizer.encode(text)) {
      if (!isAllowed(follower.mask(), id)) return false;
      follower.accept(id);
    }
    return follower.isEnd;
  };

  test("can write all characters that do not begin with them", () => {
    const tokenizer = named("byte-level-chat"); // it lacks those of some control characters, and the first ones of no character
    const text = "„Ärger“ in Łódź, 漢字, 😀";
    for (const shape of [
      { kind: "choices", choices: [text] },
      { kind: "pattern", pattern: ".*" },
    ] as const)
      expect(allows(tokenizer, shape, text)).toBe(true);
    expect(allows(tokenizer, schema({ type: "string" }), `"${text}"`)).toBe(true);
    // In JSON, control characters are escaped.
    expect(allows(tokenizer, schema({ const: "a\u0001" }), '"a\\u0001"')).toBe(true);
    expect(allows(tokenizer, schema({ type: "string", maxLength: 1 }), '"\\u0001"')).toBe(true);
  });

  test("is not asked for numbers and strings that it cannot write", () => {
    const tokenizer = named("Metaspace, first"); // it lacks 7 and 8
    const refused = { code: "unsupported-schema", problem: "nothing" };
    const make = (value: unknown) => () => new Constraint(schema(value), tokenizer, [END]);
    expect(failureFrom(make({ type: "integer", minimum: 77, maximum: 88 }))).toMatchObject(refused);
    expect(failureFrom(make({ type: "string", pattern: "^[78]$" }))).toMatchObject(refused);
    for (let seed = 0; seed < 3; seed++)
      expect(walk(tokenizer, schema({ type: "integer", minimum: 70, maximum: 90 }), seed)).toBe("90");
  });
});

describe("a constraint", () => {
  const tokenizer = tokenizerOf(kinds[0]!);

  test("follows a text of any depth, and keeps only as much of it as fits into its memory", () => {
    const constraint = new Constraint(schema({}), tokenizer, [END]);
    const { start } = constraint;
    const [open, close] = ["[", "]"].map((text) => tokenizer.encode(text)[0]!) as [number, number];
    const depth = 20_000;
    let state = start;
    for (let level = 0; level < depth; level++) state = constraint.after(state, open)!;
    expect(constraint.start).not.toBe(start);
    expect(isAllowed(constraint.mask(state), close)).toBe(true);
    for (let level = 0; level < depth; level++) state = constraint.after(state, close)!;
    expect(state.isEnd).toBe(true);
  });

  test("keeps few masks of a list, whatever its least length", () => {
    const list = schema({ type: "array", items: { const: 1 }, minItems: 500, maxItems: 1000 });
    const follower = new Follower(new Constraint(list, tokenizer, [END]));
    const masks = new Set<object>();
    for (const id of tokenizer.encode(`[1${", 1".repeat(300)}`)) {
      masks.add(follower.mask());
      follower.accept(id);
    }
    expect(masks.size).toBeLessThan(20);
  });

  test("that takes too long to make is refused", () => {
    const classes = Array.from({ length: 200 }, (_, at) => [`p${at}`, { pattern: `^[\\x80${at}-\\xff]$` }]);
    const slow = schema({ properties: Object.fromEntries(classes) });
    const make = () => new Constraint(slow, tokenizer, [END], { longestMs: 10 });
    expect(failureFrom(make)).toMatchObject({ code: "unsupported-schema", place: "#", problem: "too-large" });
  });

  test("keeps few masks, however long a text may be", () => {
    const long = schema({ type: "array", items: { type: "string", maxLength: 100_000 }, maxItems: 100_000 });
    const constraint = new Constraint(long, tokenizer, [END]);
    const follower = new Follower(constraint);
    const [quote] = tokenizer.encode('"');
    const [letter] = tokenizer.encode("a");
    for (const id of tokenizer.encode("[")) follower.accept(id);
    follower.accept(quote!);
    const masks = new Set<object>();
    for (let count = 0; count < 500; count++) {
      masks.add(follower.mask());
      follower.accept(letter!);
    }
    expect(masks.size).toBe(1);
  });

  test("is made once for answers of the same shape, as long as not too many others come between", () => {
    const constraints = new Constraints(tokenizer, [END]);
    const of = (choice: string) => constraints.of({ kind: "choices", choices: [choice] });
    const first = of("a");
    expect(of("b")).not.toBe(first);
    expect(of("a")).toBe(first);
    for (const other of ["b", "c"]) of(other);
    expect(of("a")).not.toBe(first);
  });

  test("does not go on with what is not allowed", () => {
    const follower = new Follower(new Constraint({ kind: "choices", choices: ["b"] }, tokenizer, [END]));
    expect(() => follower.accept(tokenizer.encode("a")[0]!)).toThrow("not allowed");
  });

  test("ends only where a text may, even if the token that ends it is one of text", () => {
    const isPair = (id: number) => /^[a-z]{2}$/.test(Buffer.from(tokenizer.tokenBytes(id)).toString());
    const end = Array.from({ length: tokenizer.vocabularySize }, (_, id) => id).find(isPair)!;
    const follower = new Follower(
      new Constraint({ kind: "pattern", pattern: "[a-z]{2,9}" }, tokenizer, [end]),
    );
    const mayEnd = () => isAllowed(follower.mask(), end);
    expect(mayEnd()).toBe(false);
    for (const id of tokenizer.encode("qx")) follower.accept(id);
    expect(mayEnd()).toBe(true);
  });

  test("that may be meant in too many ways is refused, if only once a text begins", () => {
    const strings = {
      anyOf: Array.from({ length: 6 }, (_, index) => ({ type: "string", minLength: index })),
    };
    const lists = Array.from({ length: 400 }, (_, index) => ({
      type: "array",
      items: strings,
      minItems: index + 1,
    }));
    const follower = new Follower(new Constraint(schema({ anyOf: lists }), tokenizer, [END]));
    expect(failureFrom(() => follower.mask())).toMatchObject({
      code: "unsupported-schema",
      place: "#",
      problem: "too-large",
    });
  });

  test.each<[AnswerConstraint, string]>([
    [{ kind: "choices", choices: [] }, "nothing"],
    [{ kind: "pattern", pattern: "(?=a)b" }, "pattern"],
    [{ kind: "pattern", pattern: "a^" }, "nothing"],
    [{ kind: "pattern", pattern: "^.*a.{18}" }, "too-large"],
  ])("that cannot be met is refused: %o", (shape, problem) => {
    expect(failureFrom(() => new Constraint(shape, tokenizer, [END]))).toMatchObject({
      code: "unsupported-schema",
      problem,
    });
  });
});
