import { describe, expect, test } from "vitest";
import { rowBlock } from "../../../../main/engine/documents/blocks.ts";
import type { Block } from "../../../../main/engine/documents/blocks.ts";
import { LONGEST_PASSAGE_CHARACTERS, passagesOf } from "../../../../main/engine/documents/passages.ts";
import { markdownBlocks } from "../../../../main/engine/documents/markdown.ts";
import { paragraphsOf } from "../../../../main/engine/documents/plain-text.ts";

const passages = (text: string, longest?: number) => [...passagesOf(paragraphsOf(text), longest)];

describe("A text becomes passages:", () => {
  test("whole paragraphs as long as they fit, with the place they begin at", () => {
    expect(passages("one\n\n\ntwo\nlines\n \nthree", 15)).toEqual([
      { place: 1, text: "one\n\ntwo\nlines" },
      { place: 7, text: "three" },
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
    const blocks = markdownBlocks("some text before\n\n## Heading\n\nand the text after");
    const texts = [...passagesOf(blocks, 32)].map(({ text }) => text);
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
    expect(made[made.length - 1]!.place).toBeGreaterThan(100_000);
  });

  test("items and rows of one table stand on lines of their own, without blank lines between them", () => {
    const row = (table: number, ...cells: string[]) => rowBlock(1, { cells, table, isHeader: false })!;
    const blocks: Block[] = [
      { kind: "paragraph", place: 1, text: "Bring:" },
      { kind: "item", place: 1, level: 1, mark: "-", text: "a hat" },
      { kind: "item", place: 1, level: 2, mark: "1.", text: "a warm one" },
      row(1, "Day", "Fee"),
      row(1, "1", "10"),
      row(2, "Night", "12"),
    ];
    expect([...passagesOf(blocks)].map(({ text }) => text)).toEqual([
      "Bring:\n\n- a hat\n  1. a warm one\n\nDay | Fee\n1 | 10\n\nNight | 12",
    ]);
  });
});
