import { describe, expect, test } from "vitest";
import { accepts, TooLarge } from "../../../native-models/constraints/regular/dfa.ts";
import { patternDfa, UnsupportedPattern } from "../../../native-models/constraints/regular/pattern.ts";
import { Random } from "../../../native-models/random.ts";

/** Texts over few characters, so that many match. */
function texts(alphabet: string, count: number): string[] {
  const random = new Random(7, alphabet);
  const characters = Array.from(alphabet);
  return Array.from({ length: count }, () =>
    Array.from({ length: random.integer(9) }, () => characters[random.integer(characters.length)]).join(""),
  );
}

describe("patterns", () => {
  test.each([
    ["a", "ab\n"],
    ["^a*b$", "ab"],
    ["^(?:ab|a)(?:c|bcd)?$", "abcd"],
    ["a{2}", "ab"],
    ["^a{2,3}$", "ab"],
    ["^(a{1,2}){2,}$", "ab"],
    ["^[^a-c]+?$", "abcdä"],
    ["^\\d{2}-\\d$", "12-"],
    ["\\w\\W", "a_- "],
    ["^.$", "a\n\u2028😀"],
    ["^[\\u{1F600}-\\u{1F64F}ä]+$", "😀😐ä"],
    ["^\\ud83d\\ude00$", "😀x"],
    ["^\\p{Lu}\\p{Ll}*$", "AäÖ1"],
    ["(^a|b$)", "abc"],
    ["a$|^$", "ab"],
    ["^(a+)+$", "ab"],
    ["^(?<year>\\d)\\.x?$", "1.x"],
    ["[\\]\\-x]", "]-xa"],
    ["\\x41\\cJ|\\t", "A\n\tB"],
    ["^$", "a"],
    ["", "a"],
    ["^(?:^a$|^b)$", "ab"],
    ["a||b", "ab"],
    ["^\\/\\.\\*$", "/.*"],
  ])("%s is found where the engine's own finds it", (source, alphabet) => {
    const [dfa, own] = [patternDfa(source), new RegExp(source, "u")];
    const all = ["", ...texts(alphabet, 400)];
    expect(all.filter((text) => accepts(dfa, text))).toEqual(all.filter((text) => own.test(text)));
    expect(all.some((text) => own.test(text))).toBe(true);
  });

  test.each([["(?=a)"], ["(?<!a)b"], ["(a)\\1"], ["\\bword"], ["["], ["(?<n>a)\\k<n>"], ["a**"]])(
    "%s is refused",
    (source) => expect(() => patternDfa(source)).toThrow(UnsupportedPattern),
  );

  test.each([
    ["(a{1000}){1000}"],
    ["a{100000}"],
    ["(".repeat(1000) + ")".repeat(1000)],
    ["^.*a.{18}$"],
    ["x".repeat(20_000)],
    ["^\\p{L}*a\\p{L}{11}$"], // few states, but each of thousands of ranges
  ])("a pattern that takes too many states is refused soon", (source) =>
    expect(() => patternDfa(source)).toThrow(TooLarge),
  );
});
