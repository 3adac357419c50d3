import { describe, expect, test } from "vitest";
import { read, refusal } from "./read.ts";

/** What a person asked and what should be answered, of the rows of a file. */
const turns = async (content: string | Uint8Array, name = "a.csv") =>
  (await read(name, content)).rows.map((row) =>
    row.kind === "conversation" ? row.conversation.map(({ content }) => content) : row,
  );
const table = "frage;antwort\nWas ist Miete?;Ein Entgelt\nWas heißt „Bürge“?;Wer haftet\n";
const read2 = [
  ["Was ist Miete?", "Ein Entgelt"],
  ["Was heißt „Bürge“?", "Wer haftet"],
];
/** „ and “ are not in Latin-1, but in Windows-1252. */
const windows1252 = Buffer.from(table.replace("„", "\x84").replace("“", "\x93"), "latin1");

describe("A table is read", () => {
  test.each([
    ["utf-8", Buffer.from(table)],
    ["utf-8", Buffer.from(`\ufeff${table}`)],
    ["utf-16le", Buffer.from(`\ufeff${table}`, "utf16le")],
    ["utf-16be", Buffer.from(`\ufeff${table}`, "utf16le").swap16()],
    ["utf-16le", Buffer.from(table, "utf16le")],
    ["windows-1252", windows1252],
  ] as const)("in %s, which is reported", async (encoding, content) => {
    expect(await turns(content)).toEqual(read2);
    expect((await read("a.csv", content)).details).toEqual({ encoding, delimiter: ";" });
  });

  test.each([",", ";", "\t", "|"])("with %j between its fields", async (delimiter) => {
    const content = `question${delimiter}answer\r\na?${delimiter}b\r\n`;
    expect(await turns(content)).toEqual([["a?", "b"]]);
    expect((await read("a.tsv", content)).details.delimiter).toBe(delimiter);
  });

  test("with the delimiter given in a spreadsheet's first line", async () => {
    expect(await turns("sep=|\nquestion|answer\na, b; c?|d\n")).toEqual([["a, b; c?", "d"]]);
  });

  test("with delimiters, line breaks and quotation marks within quotes; lines are numbered from 1", async () => {
    const content = 'question,answer\n"a,\nb?","say ""c"""\n\nd?,e\n';
    const { rows } = await read("a.csv", content);
    expect(rows).toMatchObject([
      { line: 2, conversation: [{ content: "a,\nb?" }, { content: 'say "c"' }] },
      { line: 5, conversation: [{ content: "d?" }, { content: "e" }] },
    ]);
  });

  test("as a table even if named as text, and as text if it merely contains commas", async () => {
    expect(await turns("frage\tantwort\na\tb\n", "a.txt")).toEqual([["a", "b"]]);
    const { format } = await read("a.txt", "Dear Sir, we write to you.\nYours, we are.\nText, text.\n");
    expect(format).toBe("text");
  });

  test("with columns of the same name, without a name, and named like object properties", async () => {
    const { head } = await read("a.csv", "question,answer,answer,,__proto__\na?,b,c,d,e\n");
    expect(Object.keys(head[0]!)).toEqual(["question", "answer", "answer 2", "column 4", "__proto__"]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});

describe("A row of a table is omitted and reported with its line,", () => {
  test("if it has more fields than the table has columns, or no answer", async () => {
    const { rows, leftOut } = await read("a.csv", "question,answer\na?,b\nc?,d\ne, f?,g\nh?,\ni?\n j?,k\n");
    expect(rows).toHaveLength(3);
    expect(leftOut).toEqual([
      { reason: { code: "field-count", fields: 3, expected: 2 }, rows: 1, lines: [4] },
      { reason: { code: "empty", part: "completion" }, rows: 2, lines: [5, 6] },
    ]);
  });
});

describe("A table is refused", () => {
  test("at a quotation mark that is never closed, as in a truncated file", async () => {
    const { line, reason } = await refusal("a.csv", 'question,answer\na?,b\n"c?,d\ne?,f\n');
    expect([line, reason]).toEqual([3, expect.stringContaining("quotation mark")]);
  });

  test("whose columns are not recognised, with their names", async () => {
    expect(await refusal("a.csv", "Symbol,Price\nMMM,178.96\n")).toEqual({
      reason: expect.stringMatching(/^the file has unknown columns \("Symbol", "Price"\)/),
    });
  });

  test("without rows, or empty", async () => {
    expect((await refusal("a.csv", "question,answer\n")).reason).toMatch(/no rows/);
    for (const content of ["", " \n\n", "\ufeff", ",,\n"]) {
      expect((await refusal("a.csv", content)).reason).toBe("the file is empty");
    }
  });

  test("that is not text", async () => {
    expect((await refusal("a.csv", Buffer.from([0x61, 0x0a, 0x00, 0x01, 0x02]))).line).toBe(2);
    expect((await refusal("a.csv", Buffer.from("\ufeffa", "utf16le").subarray(0, 3))).reason).toMatch(
      /UTF-16 and ends/,
    );
    const damaged = Buffer.concat([Buffer.from("frage,antwort\nä?,ö\nü?,ß"), Buffer.from([0xc3])]);
    expect(await refusal("a.csv", damaged)).toEqual({ line: 3, reason: "the line is not valid UTF-8" });
    expect((await refusal("a.csv", Buffer.from("PAR1xxxx"))).reason).toMatch(/Parquet/);
  });

  test("most of whose rows are unusable, at the first line with the most frequent reason", async () => {
    const content = "question,answer\na?,b\nc?,\nd?,\n";
    expect(await refusal("a.csv", content)).toEqual({ line: 3, reason: "the line has an empty completion" });
  });
});
