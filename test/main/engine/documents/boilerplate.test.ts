import { expect, test } from "vitest";
import { written } from "../../../../main/engine/documents/blocks.ts";
import { withoutBoilerplate } from "../../../../main/engine/documents/boilerplate.ts";
import { markdownBlocks } from "../../../../main/engine/documents/markdown.ts";
import type { TextRow } from "../../../../main/engine/documents/row.ts";

const text = (markdown: string, i: number): TextRow => ({
  kind: "text",
  line: 1,
  document: `${i}.md`,
  blocks: [...markdownBlocks(markdown)],
  isRecord: false,
});
const letters = (count: number, letter: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => text(letter(i), i));
const cleanedText = (texts: readonly TextRow[]) => {
  const { cleaned } = withoutBoilerplate(texts);
  return texts.map((one) => cleaned.get(one)?.blocks.map(written));
};

test("What stands in more than half of the documents is left out, and headings and columns are kept", () => {
  const body = (i: number) => `You owe us ${i} things, says ${"abcdefgh"[i]}.`;
  const texts = letters(8, (i) =>
    [
      "ACME Ltd, 1 Street",
      "# Your bill",
      i < 5 ? "Dear customer," : `Dear ${"abcdefgh"[i]},`,
      body(i),
      "| Item | Price |\n| --- | --- |\n| Shipping | 5 |",
      "## Notice",
      "Page 1 of 1",
    ].join("\n\n"),
  );
  expect(withoutBoilerplate(texts).found).toEqual({
    lines: 4,
    documents: 8,
    examples: [
      { text: "ACME Ltd, 1 Street", documents: 8 },
      { text: "Shipping | 5", documents: 8 },
      { text: "Page 1 of 1", documents: 8 },
    ],
  });
  const cleaned = cleanedText(texts);
  expect(cleaned[0]).toEqual(["# Your bill", body(0), "Item | Price"]);
  expect(cleaned[7]).toEqual(["# Your bill", "Dear h,", body(7), "Item | Price"]);
});

test("Lines of a paragraph count alone, and a heading stays if sections below it do", () => {
  const texts = letters(6, (i) => `# A\n\nCONFIDENTIAL\n\n## B\n\nACME Ltd\n\nLetter ${"abcdef"[i]}`);
  expect(cleanedText(texts)[2]).toEqual(["# A", "## B", "Letter c"]);
  const lines = letters(6, () => "x").map((one, i): TextRow => ({
    ...one,
    blocks: [{ kind: "paragraph", place: 1, text: `ACME Ltd\nDate ${"abcdef"[i]}\n12345` }],
  }));
  expect(cleanedText(lines)[2]).toEqual(["Date c\n12345"]);
});

test("A document of boilerplate alone is left out", () => {
  const texts = letters(8, (i) => (i === 3 ? "ACME Ltd" : `ACME Ltd\n\nLetter ${"abcdefgh"[i]}`));
  expect(cleanedText(texts).map((blocks) => blocks?.length)).toEqual([1, 1, 1, undefined, 1, 1, 1, 1]);
});

test("In half of the documents, or in fewer than five, it is kept", () => {
  expect(
    withoutBoilerplate(letters(10, (i) => (i < 5 ? "ACME Ltd" : `Letter ${"abcdefghij"[i]}`))).found,
  ).toBeNull();
  expect(withoutBoilerplate(letters(4, () => "ACME Ltd")).found).toBeNull();
  expect(withoutBoilerplate([]).found).toBeNull();
});

test("Numbers of pages are left out with their lines, and figures that differ are kept", () => {
  const pages = (i: number) => (i === 4 ? 1 : 2 + (i % 3));
  const texts = letters(8, (i) =>
    Array.from(
      { length: pages(i) },
      (_, page) =>
        `Rent: ${700 + 10 * (i + page)} euros\n\nAfter ${8 + i} years\n\nPage ${page + 1} of ${pages(i)}`,
    ).join("\n\n"),
  );
  expect(withoutBoilerplate(texts).found).toEqual({
    lines: 1,
    documents: 8,
    examples: [{ text: "Page 1 of 2", documents: 7 }],
  });
  expect(cleanedText(texts)[1]).toEqual([
    ...["Rent: 710 euros", "After 9 years", "Rent: 720 euros", "After 9 years"],
    ...["Rent: 730 euros", "After 9 years"],
  ]);
  expect(cleanedText(texts)[4]).toEqual(["Rent: 740 euros", "After 12 years"]);
});

/** A rule of about 30 words, the same for the same number. */
const rule = (i: number) => `Rule ${Array.from({ length: 30 }, (_, at) => `w${i}x${at}`).join(" ")}.`;
const rules = (from: number, count: number) => Array.from({ length: count }, (_, i) => rule(from + i));
const version = (year: number) => ["ACME Ltd", ...rules(0, 100), ...rules(1000 * year, 5)].join("\n\n");

test("Versions of a long document count as one: what they share is kept", () => {
  expect(withoutBoilerplate(letters(6, version)).found).toBeNull();
  const others = (i: number) => ["ACME Ltd", ...rules(1_000_000 + 100 * i, 8)].join("\n\n");
  const texts = letters(12, (i) => (i < 6 ? version(i) : others(i)));
  expect(withoutBoilerplate(texts).found).toEqual({
    lines: 1,
    documents: 7,
    examples: [{ text: "ACME Ltd", documents: 7 }],
  });
  expect(cleanedText(texts)[2]).toEqual([...rules(0, 100), ...rules(2000, 5)]);
});

test("Short letters below long terms are no versions of one", () => {
  const texts = letters(20, (i) => [rule(1000 + i), ...rules(0, 20)].join("\n\n"));
  expect(withoutBoilerplate(texts).found).toMatchObject({ lines: 20, documents: 20 });
  expect(cleanedText(texts)[7]).toEqual([rule(1007)]);
});
