import { describe, expect, test } from "vitest";
import { readDocument } from "../../../../main/engine/documents/read-document.ts";
import { LONGEST_PASSAGE_CHARACTERS, passagesOf } from "../../../../main/engine/documents/plain-text.ts";
import { failureOf, scratch } from "./scratch.ts";

const passages = (text: string, longest?: number) => [
  ...passagesOf(
    text.split("\n").map((text, i) => ({ number: i + 1, text })),
    longest,
  ),
];

describe("A text becomes passages:", () => {
  test("whole paragraphs as long as they fit, with the line they begin on", () => {
    expect(passages("one\n\n\ntwo\nlines\n \nthree", 15)).toEqual([
      { line: 1, text: "one\n\ntwo\nlines" },
      { line: 7, text: "three" },
    ]);
  });

  test("a long paragraph is cut after a sentence", () => {
    const texts = passages("First sentence here. Second one is. Third goes on", 40).map(({ text }) => text);
    expect(texts).toEqual(["First sentence here. Second one is.", "Third goes on"]);
  });

  test("a long sentence is cut between words, and a long word anywhere except within a character", () => {
    expect(passages("aaaa bbbb cccc dddd", 10).map(({ text }) => text)).toEqual(["aaaa bbbb", "cccc dddd"]);
    const trees = passages("🌳".repeat(8), 5).map(({ text }) => text);
    expect(trees).toEqual(["🌳🌳", "🌳🌳", "🌳🌳", "🌳🌳"]);
  });

  test("Chinese and Japanese sentences end without a space", () => {
    expect(passages("一二三四。五六七八九十", 8).map(({ text }) => text)).toEqual([
      "一二三四。",
      "五六七八九十",
    ]);
  });

  test("a heading stays with what follows it", () => {
    const texts = passages("some text before\n\n## Heading\n\nand the text after", 32).map(
      ({ text }) => text,
    );
    expect(texts).toEqual(["some text before", "## Heading\n\nand the text after"]);
  });

  test("nothing is lost and no passage is too long, whatever the text", () => {
    const words = Array.from(
      { length: 5000 },
      (_, i) => `w${i}${i % 7 === 0 ? "." : ""}${i % 31 === 0 ? "\n\n" : " "}`,
    );
    const text = words.join("") + "x".repeat(5000);
    const made = passages(text);
    expect(Math.max(...made.map(({ text }) => text.length))).toBeLessThanOrEqual(LONGEST_PASSAGE_CHARACTERS);
    const bare = (text: string) => text.replace(/\s/g, "");
    expect(bare(made.map(({ text }) => text).join(""))).toBe(bare(text));
  });

  test("megabytes without a blank line are cut while being read", () => {
    const made = passages(`${"A line of text.\n".repeat(200_000)}`);
    expect(made.length).toBeGreaterThan(2000);
    expect(made[made.length - 1]!.line).toBeGreaterThan(100_000);
  });
});

test("Markdown and plain text become examples without a prompt, and Markdown's syntax is kept", async () => {
  const at = scratch({ "a.md": "# Title\r\n\r\nSome *text*.\r\n", "b.TXT": "plain" });
  expect((await readDocument(at("a.md"))).rows).toEqual([
    { line: 1, kind: "example", example: { prompt: "", completion: "# Title\n\nSome *text*." } },
  ]);
  expect((await readDocument(at("b.TXT"))).rows).toMatchObject([{ example: { completion: "plain" } }]);
});

test("A text of blank lines is refused as empty", async () => {
  const path = scratch({ "a.txt": "\n  \n\n" })("a.txt");
  expect(await failureOf(() => readDocument(path))).toMatchObject({
    code: "bad-data",
    reason: "the file is empty",
  });
});

test("A file of another format is refused with the supported formats", async () => {
  const path = scratch({ "a.xyz": "x" })("a.xyz");
  const failure = await failureOf(() => readDocument(path));
  expect(failure).toMatchObject({ code: "unsupported-format", path });
  expect((failure as { supported: string[] }).supported).toEqual(
    expect.arrayContaining([".jsonl", ".json", ".csv", ".txt", ".md", ".pdf", ".docx"]),
  );
});
