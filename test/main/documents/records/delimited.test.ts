import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import type { FieldMapping } from "../../../../preload/contract/data/data.ts";
import { read, refusal } from "../read.ts";

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
  test("with as many columns as sheets have, whose names are made unique", async () => {
    const { columns, leftOut } = await read("a.csv", `${"a,".repeat(10_000)}a\n${"b,".repeat(10_000)}b\n`);
    expect([columns.length, columns[0], columns[1], columns[999]]).toEqual([1000, "a", "a 2", "a 1000"]);
    expect(leftOut).toEqual([]);
  });

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

  test.each([
    ["filled up", "Fragen, Stand 31.03.2025;;\nFiliale Stuttgart;;\n;;\n"],
    ["alone", "Fragen, Stand 31.03.2025\n"],
  ])("below titles that a spreadsheet exports, %s", async (_, titles) => {
    const content = `${titles}Nr.;Frage;Antwort\n1;Was ist Miete?;Ein Entgelt\n`;
    expect(await turns(content)).toEqual([["Was ist Miete?", "Ein Entgelt"]]);
    const { head, rows } = await read("a.csv", `${titles}Posten;Preis;Ort\nTinte;4;Ulm\nPapier;3;\n`);
    expect(head[0]).toEqual({ Posten: "Tinte", Preis: "4", Ort: "Ulm" });
    expect(rows).toMatchObject([{ kind: "example" }]);
  });

  test("below what a bank writes above the entries of a statement", async () => {
    const lines = [
      "Umsätze Girokonto;Erstellt am: 12.02.2025 20:13",
      '"IBAN";"DE02120300000000202051"',
      "Saldo;;1.234,56;EUR",
      "",
      "Vorgemerkte Umsätze sind, wenn es sie gibt, nicht enthalten.",
      "Buchung;Wert;Empfänger;Buchungstext;Zweck;Saldo;Währung;Betrag;Währung",
      "31.01.2025;31.01.2025;Lena Hofmann;Überweisung;Miete;1.234,56;EUR;-650,00;EUR",
      "30.01.2025;30.01.2025;Stadtwerke;Lastschrift;;1.884,56;EUR;-85,12;EUR",
      "Anfangssaldo;1.969,68",
    ];
    const { head, leftOut } = await read("a.csv", lines.join("\r\n"));
    expect(head).toHaveLength(3);
    expect(head[0]).toMatchObject({ Buchung: "31.01.2025", Empfänger: "Lena Hofmann", "Währung 2": "EUR" });
    expect(leftOut).toEqual([]);
  });

  test("with its first row as names if a row below has more cells", async () => {
    for (const row of ["Tinte,blau,Ulm", "Tinte,blau,rot,gelb,Ulm"]) {
      const { head, leftOut } = await read("a.csv", `Posten,Ort\n${row}\nPapier,Köln\nStift,Bonn\n`);
      expect(Object.keys(head[0]!)).toEqual(["Posten", "Ort"]);
      expect(leftOut).toMatchObject([{ rows: 1, lines: [2] }]);
    }
  });

  test("with its first row as names where only one column has a name", async () => {
    expect((await read("a.csv", "Posten;\nTinte;blau\nPapier;rot\n")).head[0]).toEqual({
      Posten: "Tinte",
      "column 2": "blau",
    });
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

  test("between tabs also with quotation marks that are part of its texts", async () => {
    const content = 'question\tanswer\n"Notice" means what?\tA "written" one\n"Term"?\t"Time\n';
    expect(await turns(content, "a.tsv")).toEqual([
      ['"Notice" means what?', 'A "written" one'],
      ['"Term"?', '"Time'],
    ]);
    expect(await turns('question\tanswer\n"a\nb?"\t"c ""d"""\n', "a.tsv")).toEqual([["a\nb?", 'c "d"']]);
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

describe("The encoding of a table without a mark is detected by its letters:", () => {
  const texts = {
    polish: "pytanie;odpowiedź\nCzym jest źródło prawa?;Źródłem jest ustawa, która określa obowiązki stron\n",
    russian: "вопрос;ответ\nЧто такое договор?;Соглашение двух или нескольких лиц\n",
    greek: "ερώτηση;απάντηση\nΤι είναι σύμβαση;Συμφωνία δύο ή περισσότερων προσώπων\n",
    turkish: "soru;cevap\nSözleşme nedir?;İki tarafın iradelerini karşılıklı açıklamasıdır. Şirket ığdır\n",
    german: "frage;antwort\nFür wen gilt § 573c?;Für „Mieter“ über fünf Jahre, gemäß Größe – höchstens\n",
    short: "frage;antwort\nÜber wen?;Den Bürgen\n",
    french: "question;réponse\nQuelle est la durée du préavis à Genève?;Trois mois, même après l’été\n",
    english: "question;answer\nThe tenant’s “premises”?;Those of clause 4 — see “Terms”\n",
    names: "frage;antwort\nWer ist Šimek?;Ein Mieter aus Žilina, sagt Šimek\n",
    japanese: "質問;回答\n契約とは何ですか;二人以上の当事者の合意です\n",
    chinese: "问题;回答\n什么是合同;合同是当事人之间的协议\n",
  };

  test.each([
    ["polish", "windows-1250"],
    ["polish", "iso-8859-2"],
    ["russian", "windows-1251"],
    ["russian", "koi8-r"],
    ["russian", "iso-8859-5"],
    ["greek", "iso-8859-7"],
    ["turkish", "windows-1254"],
    ["german", "windows-1252"],
    ["german", "macintosh"],
    ["short", "macintosh"],
    ["short", "cp850"],
    ["french", "windows-1252"],
    ["french", "macintosh"],
    ["english", "windows-1252"],
    ["english", "macintosh"],
    ["names", "windows-1252"],
    ["japanese", "shift_jis"],
    ["japanese", "euc-jp"],
    ["chinese", "gb18030"],
  ] as const)("%s in %s", async (language, encoding) => {
    const mapping: FieldMapping = { kind: "text", text: texts[language].split(";")[0]! };
    const { details, rows } = await read("a.csv", iconv.encode(texts[language], encoding), mapping);
    expect(details.encoding).toBe(encoding);
    const question = texts[language].split("\n")[1]!.split(";")[0]!;
    expect(rows).toMatchObject([{ example: { completion: question } }]);
  });

  test("and found in what follows, if the first million letters are ASCII's", async () => {
    const plain = "What is it?;Something plain and long enough\n".repeat(30_000);
    const content = Buffer.from(
      `frage;antwort\n${plain}Müssen Bürgen zahlen?;Natürlich, für Schulden\n`,
      "latin1",
    );
    const { details, rows } = await read("a.csv", content);
    expect(details.encoding).toBe("windows-1252");
    expect(rows[30_000]).toMatchObject({
      line: 30_002,
      conversation: [{ content: "Müssen Bürgen zahlen?" }, {}],
    });
  });

  test("a byte order mark that other bytes belie does not count", async () => {
    const content = Buffer.concat([
      Buffer.from("\ufeff"),
      Buffer.from("frage;antwort\nFür wen?;Für Müßiggänger\n", "latin1"),
    ]);
    expect(await turns(content)).toEqual([["Für wen?", "Für Müßiggänger"]]);
  });
});

describe("The delimiter is the one of the columns,", () => {
  test("not the comma of numbers", async () => {
    expect(await turns("frage;antwort;preis\nWas?;Das;1,50\nWer?;Der;2,75\n")).toEqual([
      ["Was?", "Das"],
      ["Wer?", "Der"],
    ]);
  });

  test("nor the more frequent one of sentences", async () => {
    expect(
      await turns("question\tanswer\nYes, or no, or what?\tNo, no, no\nWho, now?\tI, you, she\n"),
    ).toEqual([
      ["Yes, or no, or what?", "No, no, no"],
      ["Who, now?", "I, you, she"],
    ]);
  });
});

test("A table in many pieces is read as in one, whatever its line ends and quotation marks are", async () => {
  for (const end of ["\n", "\r\n", "\r"]) {
    const rows = Array.from(
      { length: 40_000 },
      (_, i) => `"question ${i}, or${i % 7 === 0 ? end : " "}""so""?",answer ${i}`,
    );
    const found = (await read("a.csv", ["question,answer", ...rows, ""].join(end))).rows;
    expect(found).toHaveLength(40_000);
    for (const i of [0, 1, 7, 19_999, 39_999]) {
      const between = i % 7 === 0 ? end : " ";
      expect(found[i]).toMatchObject({
        conversation: [{ content: `question ${i}, or${between}"so"?` }, { content: `answer ${i}` }],
      });
    }
  }
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

  test("at a row of 16 million letters that its quotation mark does not end", async () => {
    const content = `question,answer\na?,b\n"c?,d\n${"e?,f\n".repeat(4e6)}`;
    expect(await refusal("a.csv", content)).toEqual({ line: 3, reason: expect.stringMatching(/not closed/) });
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
      /truncated/,
    );
    const damaged = Buffer.concat([Buffer.from("frage,antwort\nä?,ö\nü?,ß"), Buffer.from([0xc3])]);
    expect(await refusal("a.csv", damaged)).toEqual({ line: 3, reason: "the line is not valid UTF-8" });
    expect((await refusal("a.csv", Buffer.from("PAR1xxxx"))).reason).toBe("the file is damaged");
  });

  test("most of whose rows are unusable, at the first line with the most frequent reason", async () => {
    const content = "question,answer\na?,b\nc?,\nd?,\n";
    expect(await refusal("a.csv", content)).toEqual({
      line: 3,
      reason: "the line has an empty completion",
    });
  });
});
