import { saying } from "../../../saying.ts";
import { noteText } from "../../../../preload/contract/words/notes.ts";
import { describe, expect, test } from "vitest";
import { DocumentChoices } from "../../../../preload/contract/data/data.ts";
import type { FieldMapping } from "../../../../preload/contract/data/data.ts";
import { inspectFile } from "../../../../main/documents/inspect.ts";
import { parquetBytes, texts } from "../parquet/parquet-bytes.ts";
import { read, refusal } from "../read.ts";
import { readDataset } from "../../../../main/documents/dataset.ts";
import { rowsXml, workbookBytes } from "../sheets/sheet-bytes.ts";
import { jsonl, scratch } from "../scratch.ts";

type Rows = Awaited<ReturnType<typeof read>>["rows"];

/** The guess for these records, and the rows that it gives, without their lines. */
async function guessed(...records: object[]) {
  const { mapping, rows, leftOut } = await read("a.jsonl", jsonl(...records));
  expect(leftOut).toEqual([]);
  return { mapping, rows: withoutLines(rows) };
}

const withoutLines = (rows: Rows) => rows.map(({ line: _, ...row }) => row);
const turns = (user: string, assistant: string) => [
  { role: "user", content: user },
  { role: "assistant", content: assistant },
];
const chat = (user: string, assistant: string, system?: string) => ({
  kind: "conversation",
  conversation: [
    ...(system === undefined ? [] : [{ role: "system", content: system }]),
    ...turns(user, assistant),
  ],
});
const asked = (question: string, choices: string[], answer: number) => ({
  kind: "question",
  question: { question, choices, answer },
});

describe("Open questions with answers become a turn of the user and one of the assistant,", () => {
  test.each([
    [{ frage: "a?", antwort: "b" }],
    [{ Question: "a?", Answer: "b", id: 7 }],
    [{ pregunta: "a?", respuesta: "b" }],
    [{ Pytanie: "a?", Odpowiedź: "b" }],
    [{ Вопрос: "a?", Ответ: "b" }],
    [{ Ερώτηση: "a?", Απάντηση: "b" }],
    [{ Soru: "a?", Yanıt: "b" }],
    [{ 質問: "a?", 回答: "b" }],
    [{ prompt: "a?", response: "b" }],
    [{ "Frage ": " a? ", Lösung: "b\n" }],
    [{ instruction: "a?", output: "b", input: "" }],
  ])("as in %j", async (record) => {
    expect((await guessed(record)).rows).toEqual([chat("a?", "b")]);
  });

  test("with an input after the instruction, a context before the question, and a system prompt", async () => {
    expect((await guessed({ instruction: "Sum up.", input: "A text.", output: "b" })).rows).toEqual([
      chat("Sum up.\n\nA text.", "b"),
    ]);
    expect((await guessed({ question: "Why?", context: "It rains.", answer: "b" })).rows).toEqual([
      chat("It rains.\n\nWhy?", "b"),
    ]);
    expect((await guessed({ system_prompt: "Be brief.", question: "Why?", response: "b" })).rows).toEqual([
      chat("Why?", "b", "Be brief."),
    ]);
  });

  test("with numbers, yes and no as text", async () => {
    expect((await guessed({ question: "How many?", answer: 42 })).rows).toEqual([chat("How many?", "42")]);
    expect((await guessed({ question: "Is it?", answer: false })).rows).toEqual([chat("Is it?", "false")]);
  });
});

describe("Multiple-choice questions are recognised", () => {
  const q1 = asked("q1", ["one", "two", "three"], 1);

  test.each([
    ["a list and the answer's text", { question: "q1", choices: ["one", "two", "three"], answer: "Two" }],
    ["a list and a letter", { question: "q1", options: ["one", "two", "three"], answer: "B" }],
    ["columns of letters", { question: "q1", A: "one", B: "two", C: "three", answer: "(b)" }],
    [
      "columns with a stem",
      { frage: "q1", option_a: "one", option_b: "two", option_c: "three", richtig: "b" },
    ],
    [
      "the name of the answer's column",
      { question: "q1", "Option 1": "one", "Option 2": "two", "Option 3": "three", correct: "option_2" },
    ],
    ["columns of MedMCQA", { question: "q1", opa: "one", opb: "two", opc: "three", cop: "two" }],
    [
      "an object of letters",
      { question: "q1", options: { A: "one", B: "two", C: "three" }, answer_idx: "B" },
    ],
    [
      "texts and labels, as in ARC",
      { question: "q1", choices: { text: ["one", "two", "three"], label: ["A", "B", "C"] }, answerKey: "B" },
    ],
    ["a cell parted by bars", { question: "q1", choices: "one | two | three", label: "two" }],
    ["a cell of JSON", { question: "q1", choices: '["one","two","three"]', correctAnswer: "two" }],
    ["a number from 0 as text", { question: "q1", choices: ["one", "two", "three"], answer: "1" }],
  ])("from %s", async (_, record) => {
    expect((await guessed(record)).rows).toEqual([q1]);
  });

  test("with answers counted from 1 if one equals the number of choices, or none of 20 is 0", async () => {
    const row = (i: number, label: number) => ({ question: `q${i}`, A: "one", B: "two", C: "three", label });
    const last = await guessed(row(0, 1), row(1, 3));
    expect(last.rows).toEqual([
      asked("q0", ["one", "two", "three"], 0),
      asked("q1", ["one", "two", "three"], 2),
    ]);
    const many = await guessed(...Array.from({ length: 20 }, (_, i) => row(i, 1 + (i % 2))));
    expect(many.mapping).toMatchObject({ answerForm: "number-from-1" });
    const few = await guessed(...Array.from({ length: 19 }, (_, i) => row(i, 1 + (i % 2))));
    expect(few.mapping).toMatchObject({ answerForm: "number-from-0" });
  });

  test("with answers counted from 1 in a file with our own names, if one equals the number of choices", async () => {
    const row = (i: number, answer: number) => ({
      question: `q${i}`,
      choices: ["one", "two", "three"],
      answer,
    });
    const fromOne = jsonl(...[1, 2, 3].map((answer, i) => row(i, answer)));
    const { rows, leftOut } = await read("a.jsonl", fromOne);
    expect(leftOut).toEqual([]);
    expect(withoutLines(rows)).toEqual([0, 1, 2].map((i) => asked(`q${i}`, ["one", "two", "three"], i)));
    const { mapping } = await inspectFile(scratch({ "a.jsonl": fromOne })("a.jsonl"), "train", {});
    expect(mapping).toMatchObject({ kind: "questions", answerForm: "number-from-1" });
  });

  test("and our own rows from 0, whichever of their answers are right", async () => {
    const rows = Array.from({ length: 40 }, (_, i) => ({
      question: `q${i}`,
      choices: ["no", "yes"],
      answer: 1,
    }));
    expect((await guessed(...rows)).rows).toEqual(
      rows.map(({ question }) => asked(question, ["no", "yes"], 1)),
    );
  });

  test("with fewer choices than columns, and a letter that names its column", async () => {
    const csv = "question,A,B,C,D,answer\nq1,one,,three,,C\nq2,a,b,c,d,D\n";
    const { rows } = await read("a.csv", csv);
    expect(withoutLines(rows)).toEqual([
      asked("q1", ["one", "three"], 1),
      asked("q2", ["a", "b", "c", "d"], 3),
    ]);
  });

  test("by their values if the name of the answer column is not informative", async () => {
    const { mapping } = await guessed({
      clause_text: "q",
      option_a: "x",
      option_b: "y",
      verdict: "y",
      note: "z",
    });
    expect(mapping).toEqual({
      kind: "questions",
      question: ["clause_text"],
      choices: ["option_a", "option_b"],
      answer: "verdict",
      answerForm: "text",
    });
  });

  test("and a row whose answer is not a choice is omitted with its line", async () => {
    const csv = "question,A,B,answer\nq1,x,y,A\nq2,x,y,E\nq3,x,y,\nq4,x,y,B\nq5,x,,B\nq6,x,y,A\n";
    const { rows, leftOut } = await read("a.csv", csv);
    expect(rows).toHaveLength(3);
    expect(leftOut).toEqual([
      { reason: { code: "answer-form", form: "letter" }, rows: 1, lines: [3] },
      { reason: { code: "no-answer" }, rows: 1, lines: [4] },
      { reason: { code: "answer-choice-empty" }, rows: 1, lines: [6] },
    ]);
  });
});

describe("Conversations are recognised", () => {
  test("in ShareGPT's names", async () => {
    const conversations = [
      { from: "system", value: "s" },
      { from: "human", value: "u" },
      { from: "gpt", value: "a" },
    ];
    expect((await guessed({ id: "x", conversations })).rows).toEqual([chat("u", "a", "s")]);
  });

  test("in a cell of a table", async () => {
    const messages = JSON.stringify([
      { role: "user", content: "u" },
      { role: "assistant", content: "a" },
    ]);
    const { rows } = await read("a.csv", `id,conversation\n1,"${messages.replace(/"/g, '""')}"\n`);
    expect(withoutLines(rows)).toEqual([chat("u", "a")]);
  });
});

test("The tokens around texts and answers are no part of them", async () => {
  expect((await guessed({ question: "u", answer: "a</s>" })).rows).toEqual([chat("u", "a")]);
  expect((await guessed({ prompt: "u", completion: " a <|endoftext|>\n" })).rows).toMatchObject([
    { example: { prompt: "u", completion: " a " } },
  ]);
  expect((await guessed({ text: "<s>A clause.</s>" })).rows).toMatchObject([
    { example: { completion: "A clause." } },
  ]);
  expect((await guessed({ question: "u", answer: "Write <s> before it." })).rows).toEqual([
    chat("u", "Write <s> before it."),
  ]);
});

describe("Texts in records become passages", () => {
  test("of a suitable length for training", async () => {
    const { rows, mapping } = await read("a.jsonl", jsonl({ text: "A sentence. ".repeat(200), url: "x" }));
    expect(mapping).toEqual({ kind: "text", text: "text" });
    expect(rows.length).toBeGreaterThan(1);
    expect(rows.every((row) => row.kind === "example" && row.example.prompt === "")).toBe(true);
  });
});

describe("A table whose columns are not known is a text,", () => {
  const prices = "Artikel;Preis;Menge\nSchraube;1,20;100\nMutter;;200\n";

  test("each row with the names of its columns", async () => {
    const { mapping, rows } = await read("a.csv", prices);
    expect(mapping).toEqual({ kind: "table", columns: ["Artikel", "Preis", "Menge"] });
    expect(rows).toMatchObject([
      {
        line: 2,
        example: {
          prompt: "",
          completion: "Artikel: Schraube; Preis: 1,20; Menge: 100\nArtikel: Mutter; Menge: 200",
        },
      },
    ]);
    const shown = await inspectFile(scratch({ "a.csv": prices })("a.csv"), "train", {});
    expect(shown).toMatchObject({ kind: "text", failure: null, rows: { examples: 1 } });
  });

  test("also in a workbook, whose first sheet with known columns is read if there is one", async () => {
    const sheet = (name: string, ...rows: string[][]) => ({ name, rows: rowsXml(...rows) });
    const list = sheet("Preise", ["Artikel", "Preis"], ["Schraube", "1,20"], ["Mutter", "0,80"]);
    const { rows } = await read("a.xlsx", workbookBytes(list));
    expect(rows).toMatchObject([
      { example: { completion: "Artikel: Schraube; Preis: 1,20\nArtikel: Mutter; Preis: 0,80" } },
    ]);
    const both = await read(
      "b.xlsx",
      workbookBytes(list, sheet("Fragen", ["Frage", "Antwort"], ["Wie?", "So."])),
    );
    expect(both.rows).toMatchObject([{ kind: "conversation" }]);
  });

  const sheet = (name: string, ...rows: string[][]) => ({ name, rows: rowsXml(...rows) });
  const several = workbookBytes(
    sheet("Prices", ["Item", "Price"], ["Oar", "12"], ["Sail", "80"]),
    sheet("Terms", ["Term", "Meaning"], ["Bow", "The front"], ["Stern", "The back"], ["Keel", "Below"]),
    sheet("Empty"),
  );

  test("in all sheets of a workbook, each under its name", async () => {
    const { mapping, rows, details } = await read("a.xlsx", several);
    expect(mapping).toEqual({ kind: "table", columns: ["Item", "Price", "Term", "Meaning"] });
    expect(details.sheets?.map(({ unread }) => unread)).toEqual([null, null, "no-table"]);
    expect(rows.map((row) => row.kind === "example" && row.example.completion).join("\n\n")).toBe(
      "## Prices\n\nItem: Oar; Price: 12\nItem: Sail; Price: 80\n\n" +
        "## Terms\n\nTerm: Bow; Meaning: The front\nTerm: Stern; Meaning: The back\nTerm: Keel; Meaning: Below",
    );
  });

  test("but of a workbook whose columns a person names only the sheets that have them", async () => {
    const { rows, leftOut, details } = await read("a.xlsx", several, {
      kind: "examples",
      form: "chat",
      prompt: ["Term"],
      completion: "Meaning",
    });
    expect(rows).toHaveLength(3);
    expect(leftOut).toEqual([]);
    expect(details.sheets?.map(({ unread }) => unread)).toEqual(["other-columns", null, "no-table"]);
    const chosen = await read("a.xlsx", several, { kind: "table", columns: ["Price", "Item"] });
    expect(chosen.rows).toMatchObject([
      { example: { completion: "## Prices\n\nPrice: 12; Item: Oar\nPrice: 80; Item: Sail" } },
    ]);
  });

  test("with its columns in their order, even if years are among their names", async () => {
    const years = "Balance sheet;;\nItem;2023;2022\nSales;12;10\nProfit;2;1\n";
    const columns = ["Item", "2023", "2022"];
    const { mapping, rows } = await read("a.csv", years);
    expect(mapping).toEqual({ kind: "table", columns });
    const completion = "Item: Sales; 2023: 12; 2022: 10\nItem: Profit; 2023: 2; 2022: 1";
    expect(rows).toMatchObject([{ example: { completion } }]);
    const shown = await inspectFile(scratch({ "a.csv": years })("a.csv"), "train", {});
    expect(shown.columns.map(({ name }) => name)).toEqual(columns);
    const cells = [["Item", 2023, 2022] as const, ["Sales", 12, 10] as const, ["Profit", 2, 1] as const];
    for (const above of [[], [["Balance sheet"]]]) {
      const workbook = workbookBytes({ name: "One", rows: rowsXml(...above, ...cells) });
      expect((await read("a.xlsx", workbook)).rows).toMatchObject([{ example: { completion } }]);
    }
  });

  test("also if a year is above its names, or its only name is a year", async () => {
    const table = async (...cells: (string | number)[][]) =>
      (await read("a.xlsx", workbookBytes({ name: "One", rows: rowsXml(...cells) }))).mapping;
    const data = [["Sales", 12] as [string, number], ["Profit", 2] as [string, number]];
    const mapped = (...columns: string[]) => ({ kind: "table", columns });
    expect(await table(["As of", 2023], ["Item", "Amount"], ...data)).toEqual(mapped("Item", "Amount"));
    expect(await table(["Item", 2023], ...data)).toEqual(mapped("Item", "2023"));
  });

  test("in passages with the numbers of their rows, and without names that it does not have", async () => {
    const rows = Array.from({ length: 100 }, (_, i) => `"${"word ".repeat(20)}${i}",${i}`);
    const found = await read("a.csv", rows.join("\n"));
    expect(found.rows.length).toBeGreaterThan(5);
    expect(found.rows[0]).toMatchObject({ line: 1, origin: { place: 1 } });
    expect(found.rows.at(-1)!.line).toBeGreaterThan(80);
    expect(JSON.stringify(found.rows)).not.toContain("column 1");
  });

  test("and beside contracts one of the documents, which the notes say", async () => {
    const words = (i: number) => Array.from({ length: 60 }, (_, word) => `word${i}x${word}`).join(" ");
    const contract = (i: number) => `# Lease ${i}\n\n${words(i)}.\n\n# Notice\n\n${words(i + 100)}.`;
    const contracts = Array.from({ length: 40 }, (_, i) => [`in/${i}.md`, contract(i)] as const);
    const at = scratch({ ...Object.fromEntries(contracts), "in/preise.csv": prices });
    const report = await readDataset({ data: [at("in")], out: at("out"), seed: 1 });
    expect(report.parting).toMatchObject({ by: "documents", documents: 41 });
    expect(report.notes.map(noteText).join("\n")).toContain(
      'preise.csv has no columns of questions, answers or texts that are known, so its rows are read as text: "Artikel: …, Preis: …, Menge: …".',
    );
  });
});

describe("A column keeps rows together", () => {
  const clause = (contract: unknown, i: number) => ({
    contract_id: contract,
    question: `q${i}`,
    answer: "b",
  });

  const clauses = (count: number, contract: (i: number) => unknown) =>
    Array.from({ length: count }, (_, i) => clause(contract(i), i));
  const isGroup = async (...records: object[]) => "group" in ((await guessed(...records)).mapping ?? {});

  test("if its values repeat and its name says so", async () => {
    const { mapping, rows } = await guessed(...clauses(8, (i) => `L-${i >> 1}`));
    expect(mapping).toMatchObject({ group: "contract_id" });
    expect(rows.map(({ group }) => group).slice(0, 3)).toEqual(["L-0", "L-0", "L-1"]);
  });

  test("but not if each row has its own value, or all have the same one", async () => {
    expect(await isGroup(...clauses(8, (i) => i))).toBe(false);
    expect(await isGroup(...clauses(8, () => 1))).toBe(false);
  });

  test("but not if it has few values, of which one could not be held out", async () => {
    const source = (i: number) => ["web", "book", "mail"][i % 3]!;
    expect(await isGroup(...clauses(1000, source))).toBe(false);
    expect(await isGroup(...clauses(40, (i) => Math.floor(i / 20)))).toBe(false); // sorted, and all of the file
    expect(await isGroup(...clauses(1000, (i) => i % 20))).toBe(true);
  });

  test("if a long file is sorted by it, whose beginning has only a few of its values", async () => {
    expect(await isGroup(...clauses(4000, (i) => Math.floor(i / 300)))).toBe(true);
  });
});

describe("A person's mapping", () => {
  const csv = "x,y,z,w\nWhy?,Because,It rains,7\nHow?,So,,8\n";

  test("is applied, in the order of its columns", async () => {
    const mapping: FieldMapping = {
      kind: "examples",
      form: "chat",
      prompt: ["z", "x"],
      completion: "y",
      group: "w",
    };
    const { rows, mapping: used } = await read("a.csv", csv, mapping);
    expect(rows).toEqual([
      { line: 2, group: "7", ...chat("It rains\n\nWhy?", "Because") },
      { line: 3, group: "8", ...chat("How?", "So") },
    ]);
    expect(used).toEqual(mapping);
  });

  test("may join prompt and completion unchanged", async () => {
    const mapping: FieldMapping = { kind: "examples", form: "plain", prompt: ["x"], completion: "y" };
    const { rows } = await read("a.csv", csv, mapping);
    expect(rows[0]).toEqual({ line: 2, kind: "example", example: { prompt: "Why?", completion: "Because" } });
  });

  test("takes precedence over the records' own names", async () => {
    const mapping: FieldMapping = { kind: "text", text: "completion" };
    const { rows } = await read("a.jsonl", jsonl({ prompt: "p", completion: "c" }), mapping);
    expect(rows).toMatchObject([{ kind: "example", example: { prompt: "", completion: "c" } }]);
  });

  test("of missing columns uses no row, and says so", async () => {
    const mapping: FieldMapping = { kind: "text", text: "none" };
    await expect(read("a.csv", csv, mapping)).rejects.toMatchObject({
      failure: { code: "bad-data", line: 2, reason: saying("the line has an empty text") },
    });
  });
});

describe("The shapes of the field are recognised,", () => {
  const user = { role: "user", content: "u" };
  const assistant = { role: "assistant", content: "a" };
  const human = { from: "human", value: "u" };
  const gpt = { from: "gpt", value: "a" };
  const turn = chat("u", "a");
  const system = chat("u", "a", "s");

  test.each<[string, object, object]>([
    ["alpaca", { instruction: "u", input: "", output: "a" }, turn],
    ["alpaca", { instruction: "u", output: "a", system: "s" }, system],
    ["sharegpt", { conversations: [human, gpt] }, turn],
    ["sharegpt", { system: "s", conversations: [human, gpt] }, system],
    ["sharegpt", { conversations: JSON.stringify([human, gpt]) }, turn],
    ["openai-messages", { messages: [user, assistant] }, turn],
    [
      "openai-messages",
      { messages: [{ role: "developer", content: "s" }, user, assistant], tools: [] },
      system,
    ],
    [
      "openai-messages",
      { messages: [{ role: "user", content: [{ type: "text", text: "u" }] }, assistant] },
      turn,
    ],
    ["openai-messages", { system: "s", messages: [user, assistant] }, system],
    ["openai-messages", { dialogue_turns: [user, assistant] }, turn],
    ["prompt-completion", { prompt: [user], completion: [assistant] }, turn],
    ["prompt-completion", { system: "s", prompt: "u", completion: "a" }, system],
    ["prompt-response", { prompt: "u", response: "a" }, turn],
    ["question-answer", { question: "u", answer: "a" }, turn],
    ["conversations", { chat_messages: [{ sender: "human", text: "u" }, { sender: "assistant", text: "a" }] }, turn], // prettier-ignore
    [
      "openai-messages",
      {
        systemInstruction: { role: "system", parts: [{ text: "s" }] },
        contents: [
          { role: "user", parts: [{ text: "u" }] },
          { role: "model", parts: [{ text: "a" }] },
        ],
      },
      system,
    ],
    [
      "openai-messages",
      { system: [{ text: "s" }], messages: [{ role: "user", content: [{ text: "u" }] }, assistant] },
      system,
    ],
    ["squad", { question: "u", id: 0, answers: { text: ["a", "b"], answer_start: [3, 5] } }, turn],
    ["multiple-choice", { question: "q", choices: ["x", "y"], answer: 1 }, asked("q", ["x", "y"], 1)],
  ])("%s: %j", async (_, record, row) => {
    const { rows } = await read("a.jsonl", jsonl(record));
    expect(withoutLines(rows)).toEqual([row]);
  });

  test("the same in JSON, JSONL and Parquet", async () => {
    const record = { instruction: "u", input: "i", output: "a" };
    const columns = Object.entries(record).map(([name, value]) => texts(name, [value]));
    for (const [name, content] of [
      ["a.json", JSON.stringify([record])],
      ["a.jsonl", jsonl(record)],
      ["a.parquet", parquetBytes(columns)],
    ] as const) {
      const path = scratch({ [name]: content })(name);
      expect(await inspectFile(path, "train", {})).toMatchObject({
        rows: { conversations: 1 },
      });
    }
  });

  test("a conversation that begins with a greeting, without it", async () => {
    const hello = { from: "gpt", value: "Hello." };
    expect((await guessed({ conversations: [hello, human, gpt] })).rows).toEqual([turn]);
    expect(await refusal("a.jsonl", jsonl({ conversations: [hello, human] }))).toMatchObject({
      reason: expect.stringMatching(/starts with an assistant message/),
    });
  });

  test("and a conversation that calls tools up to its answer before that; without one, it is left out", async () => {
    const call = { role: "assistant", content: null, tool_calls: [{ id: "1" }] };
    const calls = [call, { role: "tool", content: "7" }, assistant];
    const { rows, leftOut } = await read(
      "a.jsonl",
      jsonl({ messages: [user, assistant, user, ...calls] }, { messages: [user, ...calls] }),
    );
    expect(withoutLines(rows)).toEqual([turn]);
    expect(leftOut).toEqual([{ reason: { code: "tool-message", number: 2 }, rows: 1, lines: [2] }]);
  });

  test("and of rated answers the good ones, however few they are", async () => {
    const rated = Array.from({ length: 9 }, (_, i) => ({
      prompt: "u",
      completion: `a${i}`,
      label: i % 3 === 0,
    }));
    const { rows, leftOut } = await read("a.jsonl", jsonl(...rated));
    const texts = rows.map((row) => row.kind === "example" && row.example.completion);
    expect(texts).toEqual(["a0", "a3", "a6"]);
    expect(leftOut).toMatchObject([{ reason: { code: "bad-answer" }, rows: 6 }]);
    const inWords = rated.map(({ prompt, completion, label }) => ({
      question: prompt,
      response: completion,
      label,
    }));
    expect((await read("b.jsonl", jsonl(...inWords))).rows).toHaveLength(3);
    await expect(read("c.jsonl", jsonl({ ...rated[1]! }))).rejects.toThrow("bad-answer");
  });

  test("and so the conversations whose last answer is rated good, of which only that answer is learnt", async () => {
    const earlier = { role: "user", content: "e" };
    const messages = [earlier, { role: "assistant", content: "f" }, user, assistant];
    const conversation = [earlier, { role: "assistant", content: "f", weight: 0 }, user, assistant];
    for (const rating of ["label", "kto_tag"]) {
      const { rows, leftOut } = await read(
        "a.jsonl",
        jsonl({ messages, [rating]: true }, { messages, [rating]: false }),
      );
      expect(withoutLines(rows)).toEqual([{ kind: "conversation", conversation }]);
      expect(leftOut).toEqual([{ reason: { code: "bad-answer" }, rows: 1, lines: [2] }]);
    }
    const { rows } = await read("b.jsonl", jsonl({ messages: [user, assistant], label: "billing" }));
    expect(withoutLines(rows)).toEqual([turn]);
  });

  test("and with earlier questions and answers, as in the history of Alpaca's and ms-swift's form", async () => {
    const history = [
      ["", "Hello."],
      ["e", "f"],
    ];
    const { mapping, rows } = await guessed({ instruction: "u", output: "a", history, system: "s" });
    expect(mapping).toMatchObject({ history: "history" });
    expect(rows).toEqual([
      {
        kind: "conversation",
        conversation: [
          { role: "system", content: "s" },
          { role: "assistant", content: "Hello.", weight: 0 },
          ...turns("e", "f"),
          ...turns("u", "a"),
        ],
      },
    ]);
    const unlike = await read(
      "a.jsonl",
      jsonl({ query: "u", response: "a", history }, { query: "u", response: "a", history: [["e"]] }),
    );
    expect(unlike.rows).toHaveLength(1);
    expect(unlike.leftOut).toEqual([{ reason: { code: "history-no-pairs" }, rows: 1, lines: [2] }]);
    const others = await guessed({ query: "u", response: "a", history: [] }, { query: "u", response: "a" });
    expect(others.rows).toEqual([turn, turn]);
  });

  test.each(["train", "training", "loss"])("and no answer whose message says %s: false", async (field) => {
    const marked = { ...assistant, [field]: false };
    const { rows } = await read(
      "a.jsonl",
      jsonl({ messages: [user, marked, user, { ...assistant, [field]: true }] }),
    );
    expect(rows).toMatchObject([{ conversation: [{}, { weight: 0 }, {}, {}] }]);
    expect(rows[0]!.kind === "conversation" && rows[0].conversation[3]).not.toHaveProperty("weight");
  });

  test("and of a conversation all answers but those of weight 0, in a prompt, or before the person says anything", async () => {
    const unlearnt = { ...assistant, weight: 0 };
    const learnt = { ...assistant, weight: 1 };
    const hello = { role: "assistant", content: "Hello." };
    const { rows, leftOut } = await read(
      "a.jsonl",
      jsonl(
        { messages: [user, unlearnt, user, learnt] },
        { messages: [{ role: "system", content: "s" }, hello, user, assistant] },
        { messages: [user, unlearnt] },
      ),
    );
    const weightsOf = (found: typeof rows) =>
      found.map((row) => row.kind === "conversation" && row.conversation.map(({ weight = 1 }) => weight));
    expect(weightsOf(rows)).toEqual([
      [1, 0, 1, 1],
      [1, 0, 1, 1],
    ]);
    expect(leftOut).toEqual([{ reason: { code: "no-learnt-answer" }, rows: 1, lines: [3] }]);
    const given = { prompt: [user, assistant, user], completion: [assistant, user, assistant], label: true };
    const rated = Array.from({ length: 4 }, (_, i) => ({ ...given, label: i % 2 === 0 }));
    const { rows: good } = await read("b.jsonl", jsonl(...rated));
    expect(weightsOf(good)).toEqual([
      [1, 0, 1, 1, 1, 1],
      [1, 0, 1, 1, 1, 1],
    ]);
  });

  test("which the notes say", async () => {
    const talk = (i: number) => ({
      messages: [{ role: "user", content: `u${i}` }, assistant, user, assistant],
    });
    const at = scratch({ "a.jsonl": jsonl(...Array.from({ length: 40 }, (_, i) => talk(i))) });
    const read = async (lastAnswerOnly: boolean) => {
      const documents = DocumentChoices.parse({ lastAnswerOnly });
      return readDataset({ data: [at("a.jsonl")], out: at("out"), seed: 1, documents });
    };
    const all = await read(false);
    expect(all.notes.map(noteText)).toContain(
      "40 conversations have several answers: all of them are learnt, each with everything before it as context.",
    );
    const last = await read(true);
    expect(last.notes.map(noteText)).toContain(
      "40 conversations have several answers: 40 answers of 80 are learnt, each with everything before it as context.",
    );
    expect(last.severalAnswers).toEqual({ conversations: 40, answers: 80, learnt: 40, keptApart: 0 });
    expect(last.rowsHash).not.toBe(all.rowsHash);
  });
});

describe("Multiple choice is read in the variants of published sets:", () => {
  test.each<[string, object, object]>([
    [
      "OpenBookQA's stems",
      { question_stem: "q", choices: { text: ["x", "y"], label: ["A", "B"] }, answerKey: "B" },
      asked("q", ["x", "y"], 1),
    ],
    [
      "labels of the file's own",
      { question: "q", choices: { text: ["x", "y"], label: ["1", "2"] }, answerKey: "2" },
      asked("q", ["x", "y"], 1),
    ],
    [
      "a list of objects",
      {
        question: "q",
        options: [
          { key: "A", value: "x" },
          { key: "B", value: "y" },
        ],
        answer: "B",
      },
      asked("q", ["x", "y"], 1),
    ],
    [
      "an object of numbers",
      { question: "q", choices: { "0": "x", "1": "y" }, label: 0 },
      asked("q", ["x", "y"], 0),
    ],
    [
      "letters before the choices",
      { question: "q", options: ["A)x", "B)y"], correct: "B" },
      asked("q", ["x", "y"], 1),
    ],
    [
      "an article before the question",
      { article: "t", question: "q", options: ["x", "y"], answer: "A" },
      asked("t\n\nq", ["x", "y"], 0),
    ],
    ["endings", { ctx: "q", endings: ["x", "y"], label: "1" }, asked("q", ["x", "y"], 1)],
    ["two solutions", { goal: "q", sol1: "x", sol2: "y", label: 1 }, asked("q", ["x", "y"], 1)],
    [
      "answerA to answerC",
      { context: "t", question: "q", answerA: "x", answerB: "y", answerC: "z", label: "3" },
      asked("t\n\nq", ["x", "y", "z"], 2),
    ],
    [
      "an answer with its text",
      { question: "q", options: ["x", "y"], answer: "B. y" },
      asked("q", ["x", "y"], 1),
    ],
  ])("%s", async (_, record, row) => {
    expect((await guessed(record)).rows).toEqual([row]);
  });
});

describe("A question that its passage does not answer is learnt with an answer that says so,", () => {
  const context = "The garden is open on Sundays.";
  const spans = (...text: string[]) => ({ text, answer_start: text.map(() => 0) });
  const absent = chat(`${context}\n\nr?`, "The text does not say.");

  test.each([
    [{ answers: spans() }],
    [{ answers: spans("plausible") }],
    [{ answers: null }],
    [{ answer: "" }],
  ])("if it is marked: %j", async (answer) => {
    const answered = { context, question: "q?", answer: "a", answers: spans("a"), is_impossible: false };
    const { rows } = await guessed(answered, { context, question: "r?", ...answer, is_impossible: true });
    expect(rows[1]).toEqual(absent);
  });

  test("in a table, too", async () => {
    const { rows } = await read(
      "a.csv",
      `context,question,answer,is_impossible\n${context},q?,a,False\n${context},r?,,True\n`,
    );
    expect(withoutLines(rows)[1]).toEqual(absent);
  });

  test("but not without a passage, or if it is not marked", async () => {
    const open = { context, question: "r?", answers: spans() };
    expect((await refusal("a.jsonl", jsonl(open, open))).reason).toMatch(/empty completion/);
    const odd = [{ ...open, context: "", is_impossible: true }, { ...open, is_impossible: false }, open];
    const answered = Array.from({ length: 4 }, () => ({ ...open, answers: spans("a") }));
    const { rows, leftOut } = await read("a.jsonl", jsonl(...answered, ...odd));
    expect(rows).toHaveLength(4);
    expect(leftOut).toMatchObject([{ reason: { code: "empty", part: "completion" }, lines: [5, 6, 7] }]);
  });
});
