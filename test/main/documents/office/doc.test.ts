import { describe, expect, test } from "vitest";
import { compoundBytes, unicode } from "../compound-bytes.ts";
import { changes, docBytes, docStreams, p, rowDefinition, u16, u32 } from "./doc-bytes.ts";
import type { DocParagraph, DocParts, DocRun } from "./doc-bytes.ts";
import { msgBytes } from "../mail/msg-bytes.ts";
import { blocksOf, read, refusal, writtenBlocks } from "../read.ts";
import { scratch } from "../scratch.ts";
import { docxBytes } from "../files/zip-bytes.ts";

const written = (parts: DocParts | readonly DocParagraph[]) =>
  writtenBlocks("a.doc", docBytes("paragraphs" in parts ? parts : { paragraphs: parts }));

const HIDDEN = changes([0x083c, 1]);
const DELETED = changes([0x0800, 1]);
const BOLD = changes([0x0835, 1]);
const run = (text: string, changes: Buffer): DocRun => ({ text, changes });
const field = (instruction: string, result: string) => `\x13 ${instruction} \x14${result}\x15`;

describe("The text of an old Word document", () => {
  test("is put together from pieces of both kinds, in the order of the text", async () => {
    const paragraphs: DocParagraph[] = [
      { ...p("Gr\xfc\xdfe \x84an alle\x93 \x80"), isCompressed: true },
      p("Привет – 文字 😀"),
      { ...p("end"), isCompressed: true },
    ];
    const expected = ["1 Grüße „an alle“ €", "2 Привет – 文字 😀", "3 end"];
    expect(await written(paragraphs)).toEqual(expected);
    expect(await written({ paragraphs, isReversed: true })).toEqual(expected);
  });

  test("goes on over many pages of properties", async () => {
    const paragraphs = Array.from({ length: 300 }, (_, i) => p(`a${i} `, run("x", HIDDEN), run("b", BOLD)));
    expect(await written(paragraphs)).toEqual(paragraphs.map((_, i) => `${i + 1} a${i} b`));
  });

  test("has tabs, line and page breaks, hyphens and symbols, and no pictures", async () => {
    const symbol = changes([0x6a09, 1, 0, 0xfe, 0xf0]);
    const paragraphs = [
      p("a\tb\x0bc\x1ed\x1fe\x01\x0cf", run("(", symbol), run("\uf061", changes([0x4a4f, 0, 0]))),
    ];
    expect(await written({ paragraphs, fonts: ["Symbol", "Wingdings"] })).toEqual(["1 a\tb\nc-de\nf☑α"]);
  });

  test("ends a paragraph where a section ends, but not where a page does", async () => {
    expect(await written([{ ...p("a"), mark: "\x0c" }, p("b\x0cc")])).toEqual(["1 a", "2 b\nc"]);
  });

  test("lacks what is hidden, by itself, by a style or by both, and deletions that are recorded", async () => {
    const style = changes([0x4a30, 2, 0]);
    const shown = Buffer.concat([style, changes([0x083c, 0x81])]);
    const paragraphs: DocParagraph[] = [
      p("a", run("b", HIDDEN), run("c", style), run("d", shown), run("e", DELETED), "f"),
      { ...p("g", run("h", changes([0x083c, 0]))), style: 1 },
      { ...p("one "), markChanges: DELETED },
      p("two"),
    ];
    const styles = [{ name: "Note", characters: HIDDEN }, { name: "Secret", isOfCharacters: true, characters: HIDDEN }]; // prettier-ignore
    expect(await written({ paragraphs, styles })).toEqual(["1 adf", "2 h", "3 one two"]);
  });

  test("lacks what a fast save has hidden by a change of a piece", async () => {
    const hidden = (0x5c << 1) | (1 << 8);
    const paragraphs = [p("a"), { ...p("b"), modifier: hidden }, { ...p("c"), modifier: 1 }];
    expect(await written({ paragraphs, pieceChanges: [HIDDEN] })).toEqual(["1 a"]);
  });

  test("has the results of fields, also of one in another, and what forms show", async () => {
    const box = Buffer.concat([u32(0xffffffff), u16(1 | (1 << 2)), Buffer.alloc(4), u16(0), u16(0), u16(0)]);
    const state = Buffer.concat([u32(68 + box.length), u16(68), Buffer.alloc(62), box]);
    const check = run("\x01", changes([0x0806, 1], [0x6a03, 0, 0, 0, 0]));
    const paragraphs = [
      p(`a ${field('HYPERLINK "x"', "link")}, ${field(`IF ${field("PAGE", "7")}`, field("REF", "d"))}`),
      p("\x13 FORMCHECKBOX ", check, "\x14\x15 yes"),
    ];
    expect(await written({ paragraphs, data: state })).toEqual(["1 a link, d", "2 ☒ yes"]);
  });

  test("has notes at its end and marks of them, without those of headers", async () => {
    const note = (kind: DocRun["note"], text = "\x02"): DocRun => ({ text, note: kind! });
    const paragraphs = [p("a", note("footnotes"), " b", note("endnotes"), " c", note("footnotes", "*"))];
    const parts: DocParts = {
      paragraphs,
      headers: [p("Page 1")],
      footnotes: [[p("\x02 One."), p("More.")], [p("* Three.")]],
      endnotes: [[p("\x02 Two.")]],
    };
    expect(await written(parts)).toEqual([
      "1 a[1] b[2] c[3]*",
      "2 1. One.",
      "3 More.",
      "4 2. Two.",
      "5 3. * Three.",
    ]);
  });

  test("has text boxes after the paragraphs that they are anchored in", async () => {
    const anchor: DocRun = { text: "\x08", box: 1026 };
    const boxes = [
      { shape: 1025, paragraphs: [p("Of a group.")] },
      { shape: 1026, paragraphs: [p("In a box.")] },
    ];
    expect(await written({ paragraphs: [p("a", anchor), p("b")], boxes })).toEqual([
      "1 a",
      "2 In a box.",
      "3 b",
      "4 Of a group.",
    ]);
  });
});

describe("The headings and lists of an old Word document", () => {
  test("are found by built-in styles, by names and by outline levels", async () => {
    const styles = [
      { name: "Nadpis 2", builtIn: 2 },
      { name: "Clause", base: 1 },
      { name: "Überschrift 3" },
      { name: "Outlined", paragraph: changes([0x2640, 0]) },
      { name: "toc 1", builtIn: 19 },
    ];
    const paragraphs = [1, 2, 3, 4, 5, 0].map((style): DocParagraph => ({ ...p(`a${style}`), style }));
    const own = { ...p("own"), changes: changes([0x2640, 3]) };
    const none = { ...p("none"), style: 1, changes: changes([0x2640, 9]) };
    expect(await written({ paragraphs: [...paragraphs, own, none], styles })).toEqual([
      "1 ## a1",
      "2 ## a2",
      "3 ### a3",
      "4 # a4",
      "5 a0",
      "6 #### own",
      "7 none",
    ]);
  });

  test("have the numbers that Word shows", async () => {
    const item = (list: number, level: number): DocParagraph => ({
      ...p("x"),
      changes: changes([0x260a, level], [0x460b, list & 0xff, list >> 8]),
    });
    const kinds = [
      [
        { text: "§ %1" },
        { text: "(%2)" },
        { text: "%3)", format: 4 },
        { text: "%1.%2.%4", format: 2, flags: 4 },
      ],
      [{ text: "\uf0b7", format: 0x17 }],
    ];
    const lists = [
      { kind: 0 },
      { kind: 1 },
      { kind: 0, starts: { 0: 7, 1: 4 } },
      { kind: 0, level: { text: "Art. %1", format: 1 } },
    ];
    const paragraphs = [item(1, 0), item(1, 1), item(1, 2), item(1, 2), p("y"), item(1, 1), item(1, 3), item(2, 0), item(1, 0), item(1, 1), item(3, 1), item(4, 0), item(0, 0), item(0xf801, 0)]; // prettier-ignore
    expect((await written({ paragraphs, kinds, lists })).map((text) => text.replace(/^\d+ /, ""))).toEqual([
      "§ 1 x",
      "  (1) x",
      "    a) x",
      "    b) x",
      "y",
      "  (2) x",
      "      1.2.1 x",
      "- x",
      "§ 2 x",
      "  (1) x",
      "  (4) x",
      "Art. I x",
      "x",
      "x",
    ]);
  });

  test("start over only after items of the levels that a level names", async () => {
    const item = (level: number): DocParagraph => ({
      ...p("x"),
      changes: changes([0x260a, level], [0x460b, 1, 0]),
    });
    const paragraphs = [0, 1, 2, 1, 2, 0, 2].map(item);
    const inner = async (flags: number, restartsAfter: number) => {
      const kinds = [[{ text: "%1" }, { text: "%2" }, { text: "%3", flags, restartsAfter }]];
      const lines = await written({ paragraphs, kinds, lists: [{ kind: 0 }] });
      return [2, 4, 6].map((index) => /^\d+ +(\d+)/.exec(lines[index]!)?.[1]);
    };
    expect(await inner(0, 0)).toEqual(["1", "1", "1"]);
    expect(await inner(8, 1)).toEqual(["1", "2", "1"]);
    expect(await inner(8, 0)).toEqual(["1", "2", "3"]);
  });

  test("start where the first item of a list says, also below the first level", async () => {
    const kinds = [[{ text: "%1" }, { text: "%1.%2" }]];
    const lists = [{ kind: 0 }, { kind: 0, starts: { 0: 2, 1: 99 } }];
    const item = (list: number, level: number): DocParagraph => ({
      ...p("x"),
      changes: changes([0x260a, level], [0x460b, list, 0]),
    });
    const paragraphs = [item(1, 0), item(1, 1), item(2, 1), item(1, 1), item(1, 0)];
    expect(await written({ paragraphs, kinds, lists })).toEqual([
      "1 1. x",
      "2   1.1 x",
      "3   2.99 x",
      "4   2.100 x",
      "5 3. x",
    ]);
  });

  test("may be those of a style, and of headings", async () => {
    const styles = [{ name: "heading 1", builtIn: 1, paragraph: changes([0x260a, 0], [0x460b, 1, 0]) }];
    const parts = { styles, kinds: [[{ text: "%1" }, { text: "%1.%2" }]], lists: [{ kind: 0 }] };
    const paragraphs = ["a", "b"].map((text): DocParagraph => ({ ...p(text), style: 1 }));
    expect(await written({ ...parts, paragraphs })).toEqual(["1 # 1 a", "2 # 2 b"]);
  });
});

const IN_TABLE = changes([0x2416, 1]);
const cell = (...texts: (string | DocRun)[]): DocParagraph => ({
  runs: texts,
  changes: IN_TABLE,
  mark: "\x07",
});
const within = (text: string): DocParagraph => ({ ...p(text), changes: IN_TABLE });
const rowEnd = (...more: Buffer[]): DocParagraph => ({
  runs: [],
  changes: Buffer.concat([IN_TABLE, changes([0x2417, 1]), ...more]),
  mark: "\x07",
});

describe("The tables of an old Word document", () => {
  const rowsOf = async (paragraphs: readonly DocParagraph[]) =>
    (await blocksOf(scratch({ "a.doc": docBytes({ paragraphs }) })("a.doc"))).map((block) =>
      block.kind === "row" ? `${block.table}${block.isHeader ? "h" : ""} ${block.text}` : block.text,
    );

  test("are rows of cells, of which the first may name columns", async () => {
    const plain = [within("one"), cell("two"), cell("x"), rowEnd(), cell("3"), cell("4"), rowEnd()];
    const bold = [
      cell(run("Name", BOLD)),
      cell(run("Fee", BOLD)),
      rowEnd(),
      cell("A"),
      cell("5 €"),
      rowEnd(),
    ];
    const said = [cell("a"), cell("b"), rowEnd(changes([0x3404, 1])), cell("c"), cell("d"), rowEnd()];
    expect(await rowsOf([...plain, p("t"), ...bold, p("t"), ...said])).toEqual([
      "1 one two | x",
      "1 3 | 4",
      "t",
      "2h Name | Fee",
      "2 A | 5 €",
      "t",
      "3h a | b",
      "3 c | d",
    ]);
  });

  test("have merged cells where Word shows them", async () => {
    const [FIRST, MERGED, RESTARTS, CONTINUES] = [1, 2, 0x60, 0x20];
    const rows = [
      cell("a"), cell("wide"), cell(""), rowEnd(rowDefinition([100, 200, 300], [RESTARTS, FIRST, MERGED])),
      cell(""), cell("b"), cell("c"), rowEnd(rowDefinition([100, 200, 300], [CONTINUES])),
      cell("d"), cell("e"), rowEnd(rowDefinition([200, 300])),
      cell("f"), cell(""), cell("g"), rowEnd(rowDefinition([100, 200, 300]), changes([0x5624, 0, 2])),
      cell("h"), cell("i"), cell(""), rowEnd(rowDefinition([100, 200, 300]), changes([0xd62b, 2, 2, 1])),
    ]; // prettier-ignore
    expect(await rowsOf(rows)).toEqual(["1 a | wide", "1 a | b | c", "1 d | e", "1 f | g", "1 h | i | g"]);
  });

  test("may be described in the data stream, and lack rows that were deleted", async () => {
    const long = Buffer.concat([changes([0x2416, 1], [0x2417, 1], [0x3404, 1]), rowDefinition([100, 200])]);
    const end: DocParagraph = { runs: [], changes: changes([0x6646, 0, 0, 0, 0]), mark: "\x07" };
    const paragraphs = [
      cell("a"),
      cell("b"),
      end,
      cell("g"),
      cell("h"),
      end,
      cell("c"),
      cell("d"),
      rowEnd(),
      cell("e"),
      cell("f"),
      { ...rowEnd(), markChanges: DELETED },
    ];
    const parts = { paragraphs, data: Buffer.concat([u16(long.length), long]) };
    const blocks = await blocksOf(scratch({ "a.doc": docBytes(parts) })("a.doc"));
    expect(blocks.map((block) => [block.text, block.kind === "row" && block.isHeader])).toEqual([
      ["a g | b h", true],
      ["c | d", false],
    ]);
  });

  test("that contain tables or have one column only serve layout", async () => {
    const inner = (mark: Buffer, text = ""): DocParagraph => ({
      ...p(text),
      changes: Buffer.concat([IN_TABLE, changes([0x6649, 2, 0, 0, 0]), mark]),
    });
    const endsCell = changes([0x244b, 1]);
    const nested = [
      within("before"),
      inner(endsCell, "i1"),
      inner(endsCell, "i2"),
      inner(Buffer.concat([endsCell, changes([0x244c, 1])])),
      cell("after"),
      cell("right"),
      rowEnd(),
    ];
    const frame = [cell("one"), rowEnd(), cell("two"), rowEnd()];
    expect(await rowsOf([...nested, p("t"), ...frame])).toEqual([
      "before",
      "1 i1 | i2",
      "after",
      "right",
      "t",
      "one",
      "two",
    ]);
  });
});

describe("A file named .doc", () => {
  const page = "<html><body><p>Some text.</p></body></html>";

  test("is read as what it is", async () => {
    const formatOf = async (content: string | Buffer, name = "a.doc") => (await read(name, content)).format;
    const word = docBytes({ paragraphs: [p("Some text.")] });
    expect(await formatOf(word)).toBe("doc");
    expect(await formatOf(word, "a.msg")).toBe("doc");
    expect(await formatOf(docBytes({ paragraphs: [p("Of Word 97's template.")], version: 0xc0 }))).toBe(
      "doc",
    );
    expect(await formatOf(docxBytes("Some text."))).toBe("docx");
    expect(await formatOf("{\\rtf1 Some text.}")).toBe("rtf");
    expect(await formatOf(page)).toBe("html");
    expect(await formatOf(`MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n${page}\n--b--`)).toBe("html"); // prettier-ignore
    expect(await formatOf("Some text.\n\n[1] More.")).toBe("text");
    expect(await formatOf("[1] Some text.")).toBe("text");
  });

  test("is read where it is attached to a message", async () => {
    const attached = "__attach_version1.0_#00000000/__substg1.0_";
    const bytes = msgBytes({
      "__substg1.0_1000001F": unicode("See the attached."),
      [`${attached}3707001F`]: unicode("Fees.doc"),
      [`${attached}37010102`]: docBytes({ paragraphs: [p("A fee.")] }),
    });
    expect(await writtenBlocks("a.msg", bytes)).toEqual(["1 See the attached.", "2 # Fees.doc", "3 A fee."]);
  });

  test("is found by its streams in any case", async () => {
    const { main, table } = docStreams({ paragraphs: [p("Some text.")] });
    const bytes = compoundBytes({ WORDDOCUMENT: main, "1TABLE": table });
    expect(await writtenBlocks("a.doc", bytes)).toEqual(["1 Some text."]);
  });

  test("is refused if it is older, protected, empty or of another program", async () => {
    const reason = async (content: string | Buffer) => (await refusal("a.doc", content)).reason;
    const paragraphs = [p("Some text.")];
    expect(await reason(docBytes({ paragraphs, version: 104 }))).toMatch(
      /of Word 95 or older; open it in Word/,
    );
    expect(await reason(Buffer.from("\xdb\xa5-\0Some text.", "latin1"))).toMatch(/of Word 95 or older/);
    expect(await reason(docBytes({ paragraphs, flags: 0x100 }))).toMatch(/protected by a password; save it/);
    expect(await reason(docBytes({ paragraphs: [p(" ")] }))).toBe("it contains no text");
    expect(await reason(compoundBytes({ Contents: unicode("x") }))).toMatch(/old or protected Office file/);
  });

  test("is refused if it is damaged, wherever it ends", async () => {
    const whole = docBytes({
      paragraphs: [p("Text. ".repeat(1000))],
      styles: [{ name: "heading 1", builtIn: 1 }],
    });
    for (let length = 8; length < whole.length; length += 997)
      expect((await refusal("a.doc", whole.subarray(0, length))).reason, String(length)).toMatch(/damaged/);
  });
});
