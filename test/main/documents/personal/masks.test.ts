import { describe, expect, test } from "vitest";
import { rowBlock } from "../../../../main/documents/blocks/blocks.ts";
import type { Block } from "../../../../main/documents/blocks/blocks.ts";
import { maskRows } from "../../../../main/documents/personal/masks.ts";
import { textsOf } from "../../../../main/documents/row.ts";
import type { Row, TextRow } from "../../../../main/documents/row.ts";
import type { Conversation, Question } from "../../../../preload/contract/data/data.ts";
import { PERSONAL_KINDS } from "../../../../preload/contract/data/personal.ts";
import type { PersonalKind } from "../../../../preload/contract/data/personal.ts";

const document = (name: string, ...paragraphs: string[]): TextRow => ({
  line: 1,
  kind: "text",
  document: name,
  isRecord: false,
  blocks: paragraphs.map((text, i) => ({ kind: "paragraph", place: i + 1, text })),
});
const example = (prompt: string, completion: string): Row => ({
  line: 1,
  kind: "example",
  example: { prompt, completion },
});

function masked(rows: readonly (Row | TextRow)[], kinds: readonly PersonalKind[] = PERSONAL_KINDS) {
  const { maskedRows, masked } = maskRows(rows, kinds);
  return { texts: rows.map((row) => textsOf(maskedRows.get(row) ?? row)), masked };
}

describe("The same person has the same mask", () => {
  test("by title, initial and surname, in all documents", () => {
    const { texts, masked: counts } = masked([
      document("a", "Frau Weber kam zu Dr. Jost Quast.", "Gesehen von A. Weber und Anna Weber."),
      document("b", "Sehr geehrte Frau Weber,", "Herr Quast grüßt."),
    ]);
    expect(texts).toEqual([
      ["Frau [NAME 1] kam zu Dr. [NAME 2].", "Gesehen von [NAME 1] und [NAME 1]."],
      ["Sehr geehrte Frau [NAME 1],", "Herr [NAME 2] grüßt."],
    ]);
    expect(counts).toEqual([{ kind: "name", places: 6, different: 2 }]);
  });

  test("but not where two could be meant", () => {
    const { texts } = masked([
      document("a", "Anna Weber und Herr Jan Weber. Herr Weber, Frau Weber, Familie Weber, Frau A. Weber."),
    ]);
    expect(texts[0]).toEqual([
      "[NAME 1] und Herr [NAME 2]. Herr [NAME 3], Frau [NAME 1], Familie [NAME 4], Frau [NAME 1].",
    ]);
  });

  test("a surname in one document is the one person who has it there", () => {
    const { texts } = masked([
      document("a", "Frau Anna Weber kam. Frau Weber ging."),
      document("b", "Frau Ute Weber kam. Weber ging."),
    ]);
    expect(texts).toEqual([
      ["Frau [NAME 1] kam. Frau [NAME 1] ging."],
      ["Frau [NAME 2] kam. [NAME 2] ging."],
    ]);
  });
});

test("The same person has the same mask in composed and in decomposed letters, and the text keeps its own", () => {
  const rows = ["NFC", "NFD"].map((form) =>
    document(form, "Geprüft für: Jürgen Müller, früh.".normalize(form), "Müllers Café".normalize(form)),
  );
  expect(masked(rows, ["name"]).texts).toEqual(
    ["NFC", "NFD"].map((form) => [
      "Geprüft für: [NAME 1], früh.".normalize(form),
      "[NAME 1]s Café".normalize(form),
    ]),
  );
});

test("The same number has the same mask, however it is written", () => {
  const { texts } = masked([
    document("a", "DE89 3704 0044 0532 0130 00", "Tel. +49 30 1234567"),
    document("b", "DE89370400440532013000", "Tel. 030/1234567"),
  ]);
  expect(texts).toEqual([
    ["[ACCOUNT 1]", "Tel. [PHONE 1]"],
    ["[ACCOUNT 1]", "Tel. [PHONE 1]"],
  ]);
});

test("Only the chosen kinds are masked", () => {
  const row = document("a", "Frau Weber, weber@example.org");
  expect(masked([row], ["email"]).texts).toEqual([["Frau Weber, [EMAIL 1]"]]);
  expect(masked([row], []).texts).toEqual([["Frau Weber, weber@example.org"]]);
});

describe("What a person lists is masked", () => {
  const listed = (list: readonly string[], kinds: readonly PersonalKind[], ...texts: string[]) => {
    const row = document("a/Projekt Nordlicht.txt", ...texts);
    const names = [{ path: row.document, from: 0 }];
    const { maskedRows, maskedNames } = maskRows([row], kinds, names, list);
    return [...textsOf(maskedRows.get(row)!), ...maskedNames.values()];
  };

  test("wherever it stands as whole words, in any letter case, in names of documents too", () => {
    const list = ["Zorbo", " thekla  zorbo ", "Nordlicht", ""];
    expect(
      listed(
        list,
        [],
        "Zorbo rief an, Zorbo's Hut.",
        "Thekla Zorbo und ZORBO; Zorbos, Frau Quast",
        "nordlicht",
      ),
    ).toEqual([
      ...["[NAME 1] rief an, [NAME 1]'s Hut.", "[NAME 2] und [NAME 1]; Zorbos, Frau Quast", "[NAME 3]"],
      "a/Projekt [NAME 3].txt",
    ]);
  });

  test("with what is found, whichever is longer", () => {
    const text = "Frau Thekla Quast, q@example.org, kam. Thekla Quast ging mit Quast.";
    expect(listed(["Quast", "Nordlicht"], PERSONAL_KINDS, text)[0]).toBe(
      "Frau [NAME 1], [EMAIL 1], kam. [NAME 1] ging mit [NAME 1].",
    );
    expect(listed(["Frau Thekla Quast", "Nordlicht"], PERSONAL_KINDS, "Frau Thekla Quast kam.")[0]).toBe(
      "[NAME 1] kam.",
    );
  });
});

test("A number that is rather of another kind is masked as the kind that is chosen", () => {
  const row = document("a", "Steuernummer: 0171 2345678");
  expect(masked([row], ["phone", "tax"]).texts).toEqual([["Steuernummer: [TAX NUMBER 1]"]]);
  expect(masked([row], ["name", "phone"]).texts).toEqual([["Steuernummer: [PHONE 1]"]]);
});

test("Records of every kind are masked", () => {
  const question: Row = {
    line: 1,
    kind: "question",
    question: {
      question: "Wer rief Frau Weber an?",
      choices: ["Dr. Quast", "niemand"],
      answer: 0,
      task: "t",
    },
  };
  const conversation: Row = {
    line: 1,
    kind: "conversation",
    conversation: [
      { role: "user", content: "Dear Ms Weber," },
      { role: "assistant", content: "Weber here." },
    ],
  };
  const { maskedRows } = maskRows(
    [example("Mr Quast asks", " Quast."), question, conversation],
    PERSONAL_KINDS,
  );
  expect([...maskedRows.values()]).toEqual([
    example("Mr [NAME 1] asks", " [NAME 1]."),
    {
      ...question,
      question: {
        ...question.question,
        question: "Wer rief Frau [NAME 2] an?",
        choices: ["Dr. [NAME 1]", "niemand"],
      },
    },
    {
      ...conversation,
      conversation: [
        { role: "user", content: "Dear Ms [NAME 2]," },
        { role: "assistant", content: "[NAME 2] here." },
      ],
    },
  ]);
});

/** Every string of a value, with the name of its field. */
function stringsIn(value: unknown, field = ""): [field: string, text: string][] {
  if (typeof value === "string") return [[field, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => stringsIn(one, Array.isArray(value) ? field : key));
}

describe("Every string of a row is masked but its kind, its role, who made it, and the names of its documents", () => {
  const text = "Frau Thekla Morgenrot, morgenrot@example.org";
  const place = { line: 1, group: "g", passage: { document: "d", beginsSection: true, fresh: text } };
  const origin = { document: "d", place: 1, made: "written" } as const;
  const question: Required<Question> = {
    ...{ question: text, choices: [text, text], answer: 0, task: text, made: "written", checked: true },
    rendered: text,
  };
  const conversation: Conversation = [
    { role: "user", content: text },
    { role: "assistant", content: text, weight: 0 },
  ];
  const blocks: Block[] = [
    { kind: "heading", level: 1, place: 1, text },
    { kind: "item", level: 1, mark: "-", place: 2, text },
    rowBlock(3, { cells: [text, text], table: 1, isHeader: false })!,
  ];
  const rows: (Row | TextRow)[] = [
    { ...place, origin, kind: "example", example: { prompt: text, completion: text } },
    { ...place, origin, kind: "question", question },
    { ...place, origin, kind: "conversation", conversation, correction: { wrong: text, passage: text } },
    { line: 1, group: "g", kind: "text", document: "d", isRecord: false, blocks },
    { line: 1, kind: "example", example: { prompt: text, completion: text }, later: text } as Row,
  ];
  test.each(rows)("in a row of kind $kind", (row) => {
    const changed = maskRows([row], PERSONAL_KINDS).maskedRows.get(row)!;
    for (const [field, one] of stringsIn(changed))
      if (!["kind", "document", "group", "role", "made", "mark"].includes(field))
        expect(one, field).toMatch(/^(?:Frau \[NAME 1\], \[EMAIL 1\](?: \| )?){1,2}$/);
    const unmasked = (value: unknown) =>
      JSON.parse(
        JSON.stringify(value)
          .replaceAll("[NAME 1]", "Thekla Morgenrot")
          .replaceAll("[EMAIL 1]", "morgenrot@example.org"),
      ) as unknown;
    expect(unmasked(changed)).toEqual(row);
  });
});

test("Cells of a table are masked, and one address over two of them", () => {
  const cells = ["Thekla Morgenrot", "Lindenweg 3", "12345 Husum"];
  const row: TextRow = { ...document("a"), blocks: [rowBlock(1, { cells, table: 1, isHeader: false })!] };
  const { maskedRows } = maskRows([row], PERSONAL_KINDS);
  expect((maskedRows.get(row) as TextRow).blocks).toEqual([
    rowBlock(1, { cells: ["[NAME 1]", "[ADDRESS 1]", "[ADDRESS 1]"], table: 1, isHeader: false }),
  ]);
});

test("Rows without personal data stay the same objects, and masks are not masked again", () => {
  const before = document("a", "Frau [NAME 3] schreibt Herrn Quast.", "Tel. [PHONE 1]");
  const { maskedRows } = maskRows([before, document("b", "Nichts.")], PERSONAL_KINDS);
  expect([...maskedRows.keys()]).toEqual([before]);
  expect(textsOf(maskedRows.get(before)!)).toEqual([
    "Frau [NAME 3] schreibt Herrn [NAME 4].",
    "Tel. [PHONE 1]",
  ]);
});
