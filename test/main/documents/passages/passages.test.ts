import { describe, expect, test } from "vitest";
import { rowBlock } from "../../../../main/documents/blocks/blocks.ts";
import type { Block } from "../../../../main/documents/blocks/blocks.ts";
import { LONGEST_PASSAGE_CHARACTERS, passagesOf } from "../../../../main/documents/passages/passages.ts";
import type { Cut } from "../../../../main/documents/passages/passages.ts";
import { Random } from "../../../../native-models/random.ts";
import { markdownBlocks } from "../../../../main/documents/markup/markdown.ts";
import { paragraphsOf } from "../../../../main/documents/plain-text.ts";

const passages = (text: string, longest = LONGEST_PASSAGE_CHARACTERS) => [
  ...passagesOf(paragraphsOf(text), { longest }),
];
/** The texts of the passages of a Markdown text. */
const cut = (text: string, options: Partial<Cut>) =>
  [...passagesOf(markdownBlocks(text), options)].map(({ text }) => text);

describe("A text becomes passages:", () => {
  test("whole paragraphs as long as they fit, with the place they begin at", () => {
    expect(passages("one\n\n\ntwo\nlines\n \nthree", 15)).toEqual([
      { place: 1, text: "one\n\ntwo\nlines", beginsSection: false },
      { place: 7, text: "three", beginsSection: false },
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

  test("a paragraph with a very long row of spaces takes time linear in its length", () => {
    const text = `First sentence here. Second${" ".repeat(1_000_000)}one is. Third goes on.`;
    // In quadratic time, this takes ten minutes, longer than a test may.
    const texts = [...passagesOf([{ kind: "paragraph", place: 1, text }])].map(({ text }) => text);
    expect(texts).toEqual(["First sentence here. Second one is. Third goes on."]);
  });

  test("Chinese and Japanese sentences end without a space", () => {
    expect(passages("一二三四。五六七八九十", 8).map(({ text }) => text)).toEqual([
      "一二三四。",
      "五六七八九十",
    ]);
  });

  test("a heading stays with what follows it", () => {
    const text = "some text before\n\n## Heading\n\nand the text after";
    expect(cut(text, { longest: 32 })).toEqual(["some text before", "## Heading\n\nand the text after"]);
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

  test("at headings, where that leaves none too short, with the headings above as a line", () => {
    const text = [
      "# Handbook",
      "Introduction.",
      "## Leave",
      "You have 30 days a year.",
      "## Notice",
      "It is three months.",
    ];
    expect(cut(text.join("\n\n"), { longest: 58 })).toEqual([
      "# Handbook\n\nIntroduction.",
      "## Leave\n\nYou have 30 days a year.",
      "## Notice\n\nIt is three months.",
    ]);
    const told = cut(text.join("\n\n").replace("You", "As one of our people, you"), { longest: 90 });
    expect(told).toEqual([
      "# Handbook\n\nIntroduction.\n\n## Leave\n\nAs one of our people, you have 30 days a year.",
      "Handbook\n\n## Notice\n\nIt is three months.",
    ]);
  });

  test("each piece of a long section has its headings, but only the nearest ones if they are long", () => {
    const sentences = ["We pay on the first.", "You pay on the last.", "Nobody pays twice."];
    const section = `# Contract\n\n## Fees\n\n${sentences.join(" ")}`;
    const fees = [
      "# Contract\n\n## Fees\n\nWe pay on the first. You pay on the last.",
      "Contract › Fees\n\nYou pay on the last. Nobody pays twice.",
    ];
    expect(cut(section, { longest: 105 })).toEqual([`# Contract\n\n## Fees\n\n${sentences.join(" ")}`]);
    expect(cut(section, { longest: 80 })).toEqual([fees[0], "Fees\n\nNobody pays twice."]);
    expect(
      cut(section.replace("first", "first of each month, and of no other day"), { longest: 108 })[1],
    ).toBe(fees[1]);
  });

  test("the next piece begins with the last sentences of the one before, if they are asked for and short", () => {
    const text = "First one here. Second is here. Third is. Fourth sentence here.";
    expect(cut(text, { longest: 42, overlap: 1 })).toEqual([
      "First one here. Second is here. Third is.",
      "Third is. Fourth sentence here.",
    ]);
    expect(cut(text, { longest: 42, overlap: 3 })[1]).toBe("Fourth sentence here.");
  });

  test("a list stays whole with the line that introduces it, and is cut between items if it is too long", () => {
    const list = "Before.\n\nYou bring:\n\n- a hat\n- a coat\n- good shoes";
    expect(cut(list, { longest: 42 })).toEqual(["Before.", "You bring:\n\n- a hat\n- a coat\n- good shoes"]);
    expect(cut(list, { longest: 30 })).toEqual([
      "Before.\n\nYou bring:\n\n- a hat",
      "- a coat\n- good shoes",
    ]);
  });

  test("a row of a table names its columns, in every passage", () => {
    const rows = Array.from({ length: 4 }, (_, i) => `| 202${i} | ${i}5 |  |`).join("\n");
    const table = `| Year | Sales | |\n| --- | --- | --- |\n${rows}`;
    expect(cut(table, { longest: 50 })).toEqual([
      "Year: 2020; Sales: 05\nYear: 2021; Sales: 15",
      "Year: 2022; Sales: 25\nYear: 2023; Sales: 35",
    ]);
    expect(cut("| Year | Sales |\n| --- | --- |\n", { longest: 50 })).toEqual(["Year | Sales"]);
  });

  test("a table may have more rows than a call may have arguments", () => {
    const row = (cells: string[], isHeader = false) => rowBlock(1, { cells, table: 1, isHeader })!;
    const parts = Array.from({ length: 150_000 }, (_, i) => row([`Part ${i}`]));
    const texts = [...passagesOf([row(["Name"], true), ...parts])].map(({ text }) => text);
    expect(texts.at(-1)).toMatch(/Name: Part 149999$/);
  });

  test("no passage is too long and no word is lost, whatever the blocks, the length and the overlap", () => {
    const random = new Random(11, "passages.test");
    const words = (most: number) =>
      Array.from(
        { length: 1 + random.integer(most) },
        () => `w${random.integer(1e6)}${random.uniform() < 0.2 ? "." : ""}`,
      ).join(" ");
    for (let round = 0; round < 300; round++) {
      const blocks = Array.from({ length: random.integer(12) }, (_, place): Block => {
        const text = words(random.uniform() < 0.2 ? 80 : 8);
        const level = 1 + random.integer(4);
        switch (random.integer(4)) {
          case 0:
            return { kind: "heading", place, level, text };
          case 1:
            return { kind: "item", place, level, mark: "-", text };
          case 2:
            return rowBlock(place, {
              cells: text.split("."),
              table: random.integer(2),
              isHeader: random.uniform() < 0.3,
            })!;
          default:
            return { kind: "paragraph", place, text: `${text}${random.uniform() < 0.3 ? ":" : ""}` };
        }
      }).filter((block) => block !== undefined);
      const longest = 20 + random.integer(300);
      const made = [...passagesOf(blocks, { longest, overlap: random.integer(4) })].map(({ text }) => text);
      expect(Math.max(0, ...made.map(({ length }) => length))).toBeLessThanOrEqual(longest);
      expect(made.every((text) => text.trim() !== "")).toBe(true);
      const isNamed = (text: string, among: string) =>
        text.match(/w\d+/g)?.every((word) => among.includes(word));
      const lines = blocks.filter((block) => block.kind !== "row" || !block.isHeader).map(({ text }) => text);
      if (longest > 60) expect(isNamed(lines.join(" "), made.join(" ")) ?? true).toBe(true);
    }
  });
});
