import { describe, expect, test } from "vitest";
import { written } from "../../../../main/documents/blocks/blocks.ts";
import { boilerplateOnce } from "../../../../main/documents/passages/boilerplate.ts";
import { markdownBlocks } from "../../../../main/documents/markup/markdown.ts";
import type { TextRow } from "../../../../main/documents/row.ts";

const text = (markdown: string, i: number): TextRow => ({
  kind: "text",
  line: 1,
  document: `${i}.md`,
  blocks: [...markdownBlocks(markdown)],
  isRecord: false,
});
const letters = (count: number, letter: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => text(letter(i), i));
const found = (texts: readonly TextRow[]) => boilerplateOnce([texts]).found;
const cleanedText = (texts: readonly TextRow[]) => {
  const { cleaned } = boilerplateOnce([texts]);
  return texts.map((one) => cleaned.get(one)?.blocks.map(written));
};
/** Those that are mostly boilerplate that they keep. */
const standing = (lists: readonly TextRow[][]) =>
  [...boilerplateOnce(lists).cleaned.values()].flatMap(({ document, standsForOthers }) =>
    standsForOthers ? [document] : [],
  );
const letter = (i: number) => "abcdefghijklmnopqrst"[i]!;

describe("A line that more than half of the documents have", () => {
  const body = (i: number) => `You owe us ${i} things, says ${letter(i)}.`;
  const bills = letters(8, (i) =>
    [
      "ACME Ltd, 1 Street",
      "# Your bill",
      i < 5 ? "Dear customer," : `Dear ${letter(i)},`,
      body(i),
      "| Item | Price |\n| --- | --- |\n| Shipping | 5 |",
      "## Notice",
      "Page 1 of 1",
    ].join("\n\n"),
  );

  test("stands in one of them, and headings and columns are kept", () => {
    expect(found(bills)).toEqual({
      lines: 4,
      documents: 8,
      examples: [
        { text: "ACME Ltd, 1 Street", documents: 8 },
        { text: "Shipping | 5", documents: 8 },
        { text: "Page 1 of 1", documents: 8 },
      ],
      share: expect.closeTo(0.45, 2),
    });
    const cleaned = cleanedText(bills);
    expect(cleaned[0]).toEqual(bills[0]!.blocks.map(written));
    expect(cleaned[1]).toEqual(["# Your bill", body(1), "Item | Price"]);
    expect(cleaned[7]).toEqual(["# Your bill", "Dear h,", body(7), "Item | Price"]);
  });

  test("counts alone in its paragraph, and a heading stays if sections below it do", () => {
    const texts = letters(
      6,
      (i) => `# A\n\nCONFIDENTIAL\n\n## B\n\nACME Ltd\n\nThis is the letter ${letter(i)}`,
    );
    expect(cleanedText(texts)[2]).toEqual(["# A", "## B", "This is the letter c"]);
    const lines = letters(6, () => "x").map((one, i): TextRow => ({
      ...one,
      blocks: [{ kind: "paragraph", place: 1, text: `ACME Ltd\nDate ${letter(i)}\n12345` }],
    }));
    expect(cleanedText(lines)[2]).toEqual(["Date c\n12345"]);
  });

  test("leaves no document without another line", () => {
    const texts = letters(8, (i) => (i === 3 ? "ACME Ltd" : `ACME Ltd\n\nLetter ${letter(i)}`));
    expect(cleanedText(texts).map((blocks) => blocks?.length)).toEqual([2, 1, 1, undefined, 1, 1, 1, 1]);
  });

  test("stays in all of them if that is asked for, and with fewer than five, or in half", () => {
    const { cleaned, found: kept } = boilerplateOnce([bills], { keepsLines: true });
    expect([kept, cleaned.get(bills[3]!)]).toEqual([null, bills[3]]);
    expect(found(letters(10, (i) => (i < 5 ? `ACME Ltd\n\n${body(i)}` : `Letter ${letter(i)}`)))).toBeNull();
    expect(found(letters(4, () => "ACME Ltd"))).toBeNull();
    expect(found([])).toBeNull();
  });

  test("stands in a document of the first list that has it", () => {
    const [first, second] = [bills.slice(0, 6), bills.slice(6)];
    const { cleaned } = boilerplateOnce([second, first]);
    expect(cleaned.get(second[0]!)!.blocks.map(written)[0]).toBe("ACME Ltd, 1 Street");
    expect(cleaned.get(first[0]!)!.blocks.map(written)[0]).toBe("# Your bill");
  });
});

test("Numbers of pages in the paragraphs of documents made from templates are left out and shown", () => {
  const clauses = (kind: string) =>
    ["rent", "heating", "keys"].map((what) => `The ${kind} pays for the ${what} in full.`);
  const texts = letters(12, (i) =>
    clauses(i % 2 ? "tenant" : "lodger")
      .map((clause, page) => `page ${page + 1} of 3\n${clause}`)
      .concat(`Signed by ${letter(i)}.`)
      .join("\n\n"),
  );
  const { examples } = found(texts)!;
  expect(examples[0]).toEqual({ text: "page 1 of 3", documents: 12 });
  expect(cleanedText(texts)[5]).toEqual(["Signed by f."]);
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
  expect(found(texts)).toMatchObject({
    lines: 1,
    documents: 8,
    examples: [{ text: "Page 1 of 3", documents: 7 }],
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

describe("Of documents from one template", () => {
  /** Some have an optional clause. */
  const lease = (i: number) =>
    [
      "# Lease",
      `The tenant is ${letter(i)}.`,
      "## Rent",
      `The rent is ${700 + i} euros. ${rule(0)} It is due in May.`,
      ...(i === 4 || i === 6 ? ["## Pets", rule(50)] : []),
      "## Rules",
      ...rules(1, 20),
    ].join("\n\n");
  const leases = letters(12, lease);
  const own = (i: number) => [
    "# Lease",
    `The tenant is ${letter(i)}.`,
    "## Rent",
    `The rent is ${700 + i} euros.`,
  ];

  test("one keeps what they share, sentence by sentence, and the others what is their own", () => {
    const cleaned = cleanedText(leases);
    expect(cleaned[4]).toEqual(leases[4]!.blocks.map(written));
    for (const i of [0, 3, 5, 6, 11]) expect(cleaned[i]).toEqual(own(i));
    expect(found(leases)).toMatchObject({ lines: 23, documents: 12, share: expect.closeTo(0.91, 1) });
    expect(standing([leases])).toEqual(["4.md"]);
  });

  test("that is so beside as many of another template, and beside documents that have nothing in common", () => {
    const other = (i: number) =>
      ["# Licence", `The licensee is ${letter(i)}.`, ...rules(100, 20)].join("\n\n");
    const letter20 = (i: number) => `${rule(1000 + i)}\n\n${rule(2000 + i)}`;
    const texts = letters(36, (i) => (i < 12 ? lease(i) : i < 24 ? other(i - 12) : letter20(i)));
    const cleaned = cleanedText(texts);
    expect(cleaned[0]).toEqual(own(0));
    expect(cleaned[20]).toEqual(["# Licence", "The licensee is i."]);
    expect(cleaned[30]).toEqual([rule(1030), rule(2030)]);
    expect(standing([texts]).sort()).toEqual(["12.md", "4.md"]);
  });

  test("the same holds for versions of a long one, and for short letters above long terms", () => {
    const version = (year: number) => [...rules(0, 100), ...rules(1000 * year, 5)].join("\n\n");
    expect(cleanedText(letters(6, (i) => version(i + 1)))[2]).toEqual(rules(3000, 5));
    const terms = letters(20, (i) => [rule(1000 + i), ...rules(0, 20)].join("\n\n"));
    expect(cleanedText(terms)[0]).toEqual([rule(1000), ...rules(0, 20)]);
    expect(cleanedText(terms)[7]).toEqual([rule(1007)]);
  });

  test("a sentence that is quoted is the same one", () => {
    const quoting = letters(6, (i) => [rule(100 + i), ...rules(0, 12)].join("\n\n")).map(
      (one, i): TextRow => {
        const blocks = one.blocks.map((block) => (i > 0 ? { ...block, text: `> ${block.text}` } : block));
        return { ...one, blocks };
      },
    );
    expect(cleanedText(quoting)[1]).toEqual([`> ${rule(101)}`]);
  });

  test("none is meant by a few versions, or by sentences of documents that are mostly their own", () => {
    expect(found(letters(4, lease))).toBeNull();
    const report = (i: number) => [...rules(100 * i, 5), ...(i < 6 ? rules(9000, 5) : [])].join("\n\n");
    expect(found(letters(14, report))).toBeNull();
  });
});
