import { saying } from "../../saying.ts";
import { noteText } from "../../../preload/contract/words/notes.ts";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { renderedSplit } from "../../../main/documents/records/conversation.ts";
import { readDataset } from "../../../main/documents/dataset.ts";
import { datasetHash, readSplit } from "../../../main/documents/stored/split-files.ts";
import { storedRows } from "../../../main/documents/stored/stored-rows.ts";
import { questionExample } from "../../../native-models/evaluation/choices.ts";
import { DatasetReport, DocumentChoices } from "../../../preload/contract/data/data.ts";
import type { FieldMapping, SplitName } from "../../../preload/contract/data/data.ts";
import { failureOf, jsonl, scratch } from "./scratch.ts";
import { pdfBytes } from "./pdf/pdf-bytes.ts";
import { rowsXml, workbookBytes } from "./sheets/sheet-bytes.ts";
import { docxParts, zipBytes } from "./files/zip-bytes.ts";

/** A PNG of 16 × 16 pixels, of which only the header is looked at. */
const PIXEL = Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10".padEnd(60, "\0"), "latin1");

const example = (i: number | string, answer = "yes") => ({
  prompt: `Question ${i}?\nAnswer:`,
  completion: ` ${answer}`,
});
const question = (i: number | string, answer = 0) => ({
  question: `Question ${i}?`,
  choices: ["yes", "no"],
  answer,
});
const many = <T>(count: number, make: (i: number) => T, from = 0) =>
  Array.from({ length: count }, (_, i) => make(from + i));

/** Reads files given as lists of rows, from a folder, with seed 1. */
async function read(files: Record<string, object[]>, seed = 1) {
  const texts = Object.entries(files).map(([name, rows]) => [`in/${name}.jsonl`, jsonl(...rows)]);
  const at = scratch(Object.fromEntries(texts) as Record<string, string>);
  const report = await readDataset({ data: [at("in")], out: at("out"), seed });
  return { report, at, split: (name: SplitName) => readSplit(at("out"), name)! };
}

describe("A folder with train, valid and test", () => {
  test("becomes splits in file order, with a report", async () => {
    const { report, at, split } = await read({
      train: many(20, (i) => example(i)),
      valid: many(5, (i) => example(i), 100),
      valid_mc: many(5, (i) => question(i), 100),
      test: many(6, (i) => question(i), 200),
      test_sft: many(7, (i) => example(i), 300),
      "off-domain": many(3, (i) => question(i), 400),
    });
    expect(report.splits).toMatchObject({
      train: { examples: 20, questions: 0, files: [at("in/train.jsonl")] },
      valid: { examples: 5, questions: 5 },
      test: { examples: 7, questions: 6, files: [at("in/test.jsonl"), at("in/test_sft.jsonl")] },
      offDomain: { examples: 0, questions: 3 },
    });
    expect(split("train").examples).toEqual(many(20, (i) => example(i)));
    expect(split("test").questions).toEqual(many(6, (i) => question(i), 200));
    expect(DatasetReport.parse(JSON.parse(readFileSync(at("out/report.json"), "utf8")))).toEqual(report);
    expect(report.testBaselines).toEqual({ chance: 0.5, bestConstant: 1 });
  });

  test("trains on questions as examples in the style of the other training rows", async () => {
    const listed = questionExample(question("letters"), "letters");
    const files = {
      train: [listed, ...many(9, (i) => question(i, i % 2))],
      valid: many(4, question, 50),
      test: many(4, question, 60),
    };
    const { report, split } = await read(files);
    expect(report.choiceStyle).toBe("letters");
    expect(report.choiceStyleRows).toEqual({ letters: 1, plain: 0 });
    expect(split("train").questions).toEqual([]);
    expect(split("train").examples[2]).toEqual({
      prompt: "Question 1?\nA. yes\nB. no\nAnswer:",
      completion: " B. no",
    });
    expect(report.notes.map(noteText)).toContainEqual(expect.stringContaining("listed with letters"));
  });

  test("keeps conversations unchanged until a model's template is known", async () => {
    const chat = (i: number) => ({
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: `Hello ${i}` },
        { role: "assistant", content: `Good day ${i}` },
        { role: "user", content: "Thanks" },
      ],
    });
    const { report, split } = await read({
      train: many(8, chat),
      valid: many(4, chat, 10),
      test: many(4, example),
    });
    expect(report.splits.train).toMatchObject({ examples: 0, conversations: 8 });
    const render = (messages: readonly { role: string }[]) =>
      `${messages.map(({ role }) => role).join("|")}|assistant|`;
    const examples = (hasTemplate: boolean) =>
      renderedSplit(split("train"), "plain", { hasTemplate, hasThinkingMode: false, render }).examples;
    const prompt = "system|user|assistant|";
    expect(examples(true)[3]).toEqual({ prompt, completion: "Good day 3", special: true });
    expect(examples(false)[3]).toEqual({ prompt, completion: " Good day 3" });
  });
});

describe("Train, valid and test are kept apart:", () => {
  const held = { valid: many(6, (i) => question(i), 100), test: many(6, (i) => question(i), 200) };

  test("rows of test or valid are removed from train, whatever their form, white space and case; test is unchanged", async () => {
    const train = [
      ...many(10, (i) => example(i)),
      { prompt: "  QUESTION   200?\n\nAnswer: ", completion: " no" },
      questionExample(question(201), "letters"),
      question(101),
    ];
    const { report, split } = await read({ train, ...held });
    expect(report.duplicates).toEqual({
      withinTrain: 0,
      trainInValid: 1,
      trainInTest: 2,
      trainInOffDomain: 0,
      validInTest: 0,
    });
    expect(split("train").examples).toEqual(many(10, (i) => example(i)));
    expect(split("test").questions).toHaveLength(6);
    expect(report.notes.map(noteText)).toContain(
      "2 rows were removed from train because test has the same text.",
    );
    expect(report.notes.map(noteText)).toContain(
      "1 row was removed from train because valid has the same text.",
    );
  });

  test("rows that are also in test are removed from valid", async () => {
    const files = {
      train: many(10, (i) => example(i)),
      valid: [...held.valid, example(203)],
      test: held.test,
    };
    const { report, split } = await read(files);
    expect(report.duplicates.validInTest).toBe(1);
    expect(split("valid")).toMatchObject({ examples: [], questions: held.valid });
  });

  test("an earlier answer of a conversation is not learnt where a held-out row asks the same", async () => {
    const turns = (...texts: string[]) =>
      texts.map((content, i) => ({ role: i % 2 === 0 ? "user" : "assistant", content }));
    const talk = (i: number) => ({ messages: turns(`Talk ${i}?`, "Yes", `And ${i}?`, `No ${i}`) });
    const files = {
      train: [
        ...many(10, talk),
        { messages: turns("QUESTION 200?", "yes", "Why?", "Because") },
        { messages: turns("Talk 300?", "Yes", "So?", "No") },
        { messages: turns("Talk 301?", "Yes") },
      ],
      valid: [...many(4, (i) => question(i), 100), talk(300)],
      test: [...many(4, (i) => question(i), 200), talk(301)],
    };
    const { report, split } = await read(files);
    const unlearnt = (name: "train" | "valid" | "test") =>
      split(name).conversations!.flatMap((messages) =>
        messages.flatMap(({ weight }, place) => (weight === 0 ? [`${messages[0]!.content} ${place}`] : [])),
      );
    expect(unlearnt("train")).toEqual(["QUESTION 200? 1", "Talk 300? 1"]);
    expect(unlearnt("valid")).toEqual([]);
    expect(unlearnt("test")).toEqual(["Talk 301? 1"]);
    expect(report.severalAnswers).toEqual({ conversations: 14, answers: 28, learnt: 25, keptApart: 3 });
    expect(report.duplicates).toMatchObject({ trainInTest: 0, trainInValid: 0 });
    expect(report.notes.map(noteText)).toContain(
      "14 conversations have several answers: 25 answers of 28 are learnt, each with everything before it as context. 3 answers are not, because another split has the same question.",
    );
  });

  test("rows that are also in the off-domain set are removed from train", async () => {
    const files = { train: many(12, (i) => example(i)), ...held, "off-domain": many(3, question) };
    const { report } = await read(files);
    expect(report.duplicates.trainInOffDomain).toBe(3);
    expect(report.splits).toMatchObject({ train: { examples: 9 }, offDomain: { questions: 3 } });
  });

  test("repeated rows are removed from train, but not another answer to the same prompt", async () => {
    const train = [...many(10, (i) => example(i)), example("3", "YES"), question(4), example(5, "no")];
    const { report } = await read({ train, ...held });
    expect(report.duplicates.withinTrain).toBe(2);
    expect(report.splits.train!.examples).toBe(11);
  });

  test("a prompt with many different answers is no duplicate: its answers count, too", async () => {
    const clause = (i: number) => ({ prompt: "Write a clause.", completion: `Clause ${i}.` });
    const { report } = await read({
      train: many(20, clause),
      valid: many(5, clause, 100),
      test: many(5, clause, 18),
    });
    expect(report.duplicates).toMatchObject({ trainInTest: 2, trainInValid: 0, withinTrain: 0 });
    const alone = await read({ train: many(40, clause) });
    expect(alone.report.splits).toMatchObject({
      train: { examples: 22 },
      valid: { examples: 8 },
      test: { examples: 10 },
    });
  });

  test("passages that are nearly the same count as one text, and questions never do", async () => {
    const words = (i: number, edit = "") =>
      many(80, (at) => (edit !== "" && at % 40 === 7 ? edit : `t${i}w${at}`)).join(" ");
    const text = (i: number, edit?: string) => ({ text: words(i, edit) });
    const { report, split } = await read({
      train: [
        ...many(10, (i) => text(i)),
        text(3, "edited"),
        text(20, "edited"),
        text(30, "edited"),
        text(20),
      ],
      valid: [...many(5, (i) => text(i), 20), text(32, "edited")],
      test: [...many(5, (i) => text(i), 30), ...many(5, (i) => example(words(7, `word ${i}`)))],
    });
    expect(report.duplicates).toMatchObject({
      withinTrain: 0,
      trainInValid: 1,
      trainInTest: 0,
      validInTest: 0,
    });
    expect(report.nearDuplicates).toEqual({
      withinTrain: 1,
      trainInValid: 1,
      trainInTest: 1,
      trainInOffDomain: 0,
      validInTest: 1,
    });
    expect(split("train").examples.map(({ completion }) => completion)).toEqual(many(10, (i) => words(i)));
    expect(report.notes.map(noteText)).toContain(
      "1 row was removed from train because test has nearly the same text.",
    );
  });

  test("duplicates within test and within valid are kept, and not counted", async () => {
    const { report } = await read({
      train: many(10, example),
      valid: [...held.valid, held.valid[0]!],
      test: [...held.test, held.test[0]!],
    });
    expect([report.splits.valid!.questions, report.splits.test!.questions]).toEqual([7, 7]);
    expect(Object.values(report.duplicates)).toEqual([0, 0, 0, 0, 0]);
  });
});

describe("Missing splits are taken from train:", () => {
  test("30 rows of a few hundred for the test, a tenth for validation", async () => {
    const { report } = await read({ train: many(200, (i) => example(i)) });
    expect(report.splits).toMatchObject({
      train: { examples: 150 },
      valid: { examples: 20 },
      test: { examples: 30 },
    });
    expect(report.splits.test!.files).toEqual(report.splits.train!.files);
    expect(report.notes.map(noteText)).toContain(
      "No test data was given, so 30 rows of train were split off for it.",
    );
  });

  test("a tenth of many rows, a quarter of a few for the test and eight for validation", async () => {
    expect((await read({ train: many(2000, (i) => example(i)) })).report.splits.test!.examples).toBe(200);
    const { report } = await read({ train: many(76, (i) => example(i)) });
    expect(report.splits).toMatchObject({
      train: { examples: 49 },
      valid: { examples: 8 },
      test: { examples: 19 },
    });
    expect(report.notes.map(noteText)).toContain("valid has only 8 rows: figures from them are imprecise.");
  });

  test("only valid, if test is given", async () => {
    const { report } = await read({
      train: many(100, (i) => example(i)),
      test: many(7, (i) => question(i), 500),
    });
    expect(report.splits).toMatchObject({
      train: { examples: 90 },
      valid: { examples: 10 },
      test: { questions: 7, examples: 0 },
    });
  });

  test("with questions kept as questions, and no text in two splits", async () => {
    const train = many(120, (i) => question(`${i >> 1}`, i % 2)); // each text with both answers
    const { report, split } = await read({ train });
    expect(report.splits).toMatchObject({
      train: { examples: 78 },
      valid: { questions: 12 },
      test: { questions: 30 },
    });
    const keys = (["valid", "test"] as const).map(
      (name) => new Set(split(name).questions.map(({ question }) => question)),
    );
    const trained = split("train").examples.map(({ prompt }) => prompt.replace("\nAnswer:", ""));
    expect(trained.filter((text) => keys[0]!.has(text) || keys[1]!.has(text))).toEqual([]);
    expect([...keys[0]!].filter((text) => keys[1]!.has(text))).toEqual([]);
    expect(keys[0]!.size).toBe(6);
  });

  test("by content: the same text is held out wherever it is in the file", async () => {
    const rows = many(100, (i) => example(i));
    const [one, other] = [await read({ train: rows }), await read({ train: [...rows].reverse() })];
    const prompts = (from: typeof one) =>
      from
        .split("test")
        .examples.map(({ prompt }) => prompt)
        .sort();
    expect(prompts(one)).toEqual(prompts(other));
  });

  test("differently with another seed, identically with the same one", async () => {
    const rows = many(100, (i) => example(i));
    const [first, again, other] = [
      await read({ train: rows }, 7),
      await read({ train: rows }, 7),
      await read({ train: rows }, 8),
    ];
    for (const name of ["train.json", "valid.json", "test.json"]) {
      expect(readFileSync(first.at(`out/${name}`)).equals(readFileSync(again.at(`out/${name}`)))).toBe(true);
    }
    expect(again.report.hash).toBe(first.report.hash);
    expect(other.report.hash).not.toBe(first.report.hash);
    expect(await datasetHash(first.at("out"))).toBe(first.report.hash);
  });
});

describe("Rows of one group", () => {
  const row = (i: number) => ({ question: `q${i}`, answer: `a${i % 7}`, contract_id: `L-${i % 20}` });
  const groupsOf = (split: { conversations?: { content: string }[][] | undefined }) =>
    new Set(split.conversations!.map(([user]) => Number(user!.content.slice(1)) % 20));

  test("are in one split, wherever they are", async () => {
    const { split, report } = await read({ train: many(200, row) });
    const [train, valid, test] = [
      groupsOf(split("train")),
      groupsOf(split("valid")),
      groupsOf(split("test")),
    ];
    expect(train.size + valid.size + test.size).toBe(20);
    expect(report.splits.test!.conversations).toBe(30);
    expect(Object.values(report.mappings!)).toEqual([expect.objectContaining({ group: "contract_id" })]);
  });

  const bySource = (i: number) => ({
    instruction: `Why ${i}?`,
    output: `a${i}`,
    source: ["web", "book", "mail"][i % 3],
  });

  test("are not meant by a column of few values, which is read without groups", async () => {
    const { report } = await read({ train: many(1000, bySource) });
    expect(report.splits).toMatchObject({ valid: { conversations: 100 }, test: { conversations: 100 } });
  });

  test("are refused if a person chose a column with too few values, by its name", async () => {
    const at = scratch({ "in/train.jsonl": jsonl(...many(60, bySource)) });
    const mapping: FieldMapping = {
      kind: "examples",
      form: "chat",
      prompt: ["instruction"],
      completion: "output",
      group: "source",
    };
    const mappings = { [at("in/train.jsonl")]: mapping };
    const request = { data: [at("in")], out: at("out"), seed: 1, mappings };
    expect(await failureOf(() => readDataset(request))).toMatchObject({
      code: "bad-data",
      path: at("in/train.jsonl"),
      reason: saying('the group "source"'),
    });
  });

  test("are together with those of another group that has the same text", async () => {
    const shared = many(3, (i) => ({ question: "the same", answer: `a${i}`, contract_id: `L-${i}` }));
    const { split } = await read({ train: [...many(200, row), ...shared] });
    const whole = new Set([0, 1, 2]); // L-0, L-1 and L-2 have "the same"
    for (const name of ["train", "valid", "test"] as const) {
      const groups = [
        ...groupsOf({
          conversations: split(name).conversations!.filter(([user]) => user!.content !== "the same"),
        }),
      ];
      const linked = groups.filter((group) => whole.has(group));
      expect([0, 3]).toContain(linked.length);
    }
  });
});

describe("The report contains:", () => {
  test("unusable rows by file, reason and line, and unused columns", async () => {
    const csv = ["frage;antwort;quelle", ...many(30, (i) => `Frage ${i}?;Antwort ${i};x`), "Leer?;;x"].join(
      "\n",
    );
    const at = scratch({ "in/a.csv": csv });
    const report = await readDataset({ data: [at("in")], out: at("out"), seed: 1 });
    expect(report.leftOut).toEqual([
      { path: at("in/a.csv"), reason: { code: "empty", part: "completion" }, rows: 1, lines: [32] },
    ]);
    expect(report.mappings).toEqual({
      [at("in/a.csv")]: { kind: "examples", form: "chat", prompt: ["frage"], completion: "antwort" },
    });
    expect(report.notes.map(noteText)).toContain(
      "1 row of a.csv is not used: the line has an empty completion (line 32).",
    );
    expect(report.notes.map(noteText)).toContain("Columns of a.csv that are not used: quelle.");
    expect(report.tokenLengths).toBeUndefined();
  });

  test("hidden rows and columns of workbooks, which are left out", async () => {
    const cells = many(30, (i) => [`Id ${i}`, `Question ${i}?`, `Answer ${i}`]);
    const rows = rowsXml(["Id", "question", "answer"], ...cells).replace(/<row r="[45]"/g, '$& hidden="1"');
    const before = '<cols><col min="1" max="1" hidden="1"/></cols>';
    const at = scratch({
      "in/a.xlsx": workbookBytes({ name: "One", rows, before }, { name: "Old", rows, state: "hidden" }),
    });
    const { notes } = await readDataset({ data: [at("in")], out: at("out"), seed: 1 });
    expect(notes.map(noteText)).toContain("2 hidden rows and 1 hidden column of a.xlsx are left out.");
    expect(notes.map(noteText)).toContain(
      "Sheets of a.xlsx that are not read (hidden, without a table, or with other columns): Old.",
    );
  });

  test("but an evaluation set is used completely or not at all", async () => {
    const unanswered = { question: "q", choices: ["a", "b"] };
    const files = { train: many(20, (i) => example(i)), test: [...many(5, question, 50), unanswered] };
    expect(await failureOf(() => read(files))).toMatchObject({
      code: "bad-data",
      line: 6,
      reason: saying("the line has a question without an answer"),
    });
  });

  test("the lengths of training rows, with a tokenizer", async () => {
    const at = scratch({ "train.jsonl": jsonl(...many(40, (i) => example(i))) });
    const countTokens = (text: string) => text.split(/\s+/).length;
    const report = await readDataset({ data: [at("train.jsonl")], out: at("out"), seed: 1, countTokens });
    // "Question 7?\nAnswer: yes"
    expect(report.tokenLengths).toMatchObject({ rows: 22, measuredRows: 22, mean: 4, longest: 4 });
  });

  test("and a mapping applies only to its file", async () => {
    const rows = (from: number) => many(20, (i) => `q${i},a${i}`, from).join("\n");
    const at = scratch({ "a.csv": `x,y\n${rows(0)}\n`, "b.csv": `question,answer\n${rows(50)}\n` });
    const mapping: FieldMapping = { kind: "examples", form: "plain", prompt: ["x"], completion: "y" };
    const report = await readDataset({
      data: [at("a.csv"), at("b.csv")],
      mappings: { [at("a.csv")]: mapping },
      out: at("out"),
      seed: 1,
    });
    const counts = Object.values(report.splits).flatMap((split) => (split ? [split] : []));
    expect(counts.reduce((sum, { examples }) => sum + examples, 0)).toBe(20);
    expect(counts.reduce((sum, { conversations }) => sum + conversations, 0)).toBe(20);
  });
});

describe("Passages of text", () => {
  /** Paragraphs of more than half a passage, so that each is a passage. */
  const paragraph = (i: number) => `Paragraph ${i} says ${many(100, (at) => `w${i}x${at}`).join(" ")}.`;
  const text = (from: number, count: number) => many(count, paragraph, from).join("\n\n");
  const read = async (files: Record<string, string>, choices: Partial<DocumentChoices> = {}) => {
    const at = scratch(Object.fromEntries(Object.entries(files).map(([name, text]) => [`in/${name}`, text])));
    const documents = DocumentChoices.parse(choices);
    const report = await readDataset({ data: [at("in")], out: at("out"), seed: 1, documents });
    /** The numbers of the paragraphs of a split. */
    const split = (name: SplitName) =>
      readSplit(at("out"), name)!.examples.map(({ completion }) =>
        Number(/Paragraph (\d+)/.exec(completion)![1]),
      );
    /** The numbers of the endings in each passage of a split. */
    const endings = (name: SplitName) =>
      readSplit(at("out"), name)!.examples.map(({ completion }) =>
        Array.from(completion.matchAll(/Ending (\d+)/g), ([, number]) => Number(number)),
      );
    return { report, split, endings, at };
  };

  test("are in one split by whole documents, where there are ten of them", async () => {
    const { report, split } = await read(
      Object.fromEntries(many(20, (i) => [`${i}.txt`, text(10 * i, 5 + (i % 3))])),
    );
    expect(report.parting).toEqual({ by: "documents", documents: 20, gaps: 0 });
    const documents = (["train", "valid", "test"] as const).map(
      (name) => new Set(split(name).map((i) => Math.floor(i / 10))),
    );
    expect(documents.reduce((sum, { size }) => sum + size, 0)).toBe(20);
    expect(split("test").length).toBeGreaterThanOrEqual(20);
    expect(report.notes.map(noteText)).toContain(
      "Each of the 20 documents of text is in one split as a whole.",
    );
  });

  test("of fewer documents by sections, with a gap between them that is not used", async () => {
    const { report, split } = await read({ "a.txt": text(0, 200), "b.txt": text(1000, 100) });
    expect(report.parting).toMatchObject({ by: "sections", documents: 2 });
    const { gaps } = report.parting!;
    const [train, held] = [split("train"), [...split("valid"), ...split("test")]];
    expect(train.length + held.length + gaps).toBe(300);
    expect(held.length).toBeGreaterThanOrEqual(48);
    for (const i of held) expect(train).not.toContain(i + 1);
    for (const i of held) expect(train).not.toContain(i - 1);
    expect(report.notes.map(noteText)).toContain(
      `The texts are 2 documents, too few to split by, so whole sections were split off. ${gaps} passages between them are not used.`,
    );
  });

  test("of one short document by sections without a gap, if it would leave too little", async () => {
    const { report } = await read({ "a.txt": text(0, 16) });
    expect(report.parting).toEqual({ by: "sections", documents: 1, gaps: 0 });
    expect(report.splits).toMatchObject({
      train: { examples: 8 },
      valid: { examples: 4 },
      test: { examples: 4 },
    });
  });

  test("that are too few to split are all kept for training, if questions are to be written from them", async () => {
    const at = scratch({ "a.txt": text(0, 2) });
    const request = { data: [at("a.txt")], out: at("few"), seed: 7 };
    expect(await failureOf(() => readDataset(request))).toEqual({
      code: "too-little-data",
      what: "passages",
      rows: 2,
      needed: 16,
    });
    const { splits } = await readDataset({ ...request, mayBeFew: true });
    expect([splits.train?.examples, splits.valid?.examples, splits.test?.examples]).toEqual([2, 0, 0]);
  });

  test("that are few have their questions split by rows, which the report says", async () => {
    const rows = many(40, (i) => ({
      prompt: `Question ${i}?`,
      completion: `Answer ${i}`,
      document: "a.docx",
      place: i % 2,
    }));
    const at = scratch({ "q.jsonl": jsonl(...rows) });
    const { splits, parting } = await readDataset({ data: [at("q.jsonl")], out: at("q"), seed: 7 });
    expect(parting).toEqual({ by: "rows", documents: 1, gaps: 0 });
    expect([splits.train?.examples, splits.valid?.examples, splits.test?.examples]).toEqual([22, 8, 10]);
  });

  test("of one short document that overlap share no sentence with another split", async () => {
    const ending = (i: number) => `${paragraph(i)} Ending ${i} is short.`;
    const { endings } = await read({ "a.txt": many(16, ending).join("\n\n") }, { overlap: 1 });
    const found = (["train", "valid", "test"] as const).map((name) => new Set(endings(name).flat()));
    expect(new Set(found.flatMap((split) => [...split])).size).toBe(16);
    expect(found.reduce((sum, { size }) => sum + size, 0)).toBe(16);
    expect(endings("train").flat().length).toBeGreaterThan(found[0]!.size); // within a split they repeat
  });

  describe("that were stored and are read again from one file", () => {
    /** The numbers of the paragraphs of each split, after reading the rows of a dataset as one file. */
    const again = async (at: (name?: string) => string, more: object[] = []) => {
      const rows = ["train", "valid", "test"].map((name) =>
        readFileSync(at(`out/rows/${name}.jsonl`), "utf8"),
      );
      writeFileSync(at("all.jsonl"), rows.join("") + jsonl(...more));
      const report = await readDataset({ data: [at("all.jsonl")], out: at("again"), seed: 1 });
      const splits = (["train", "valid", "test"] as const).map((name) => readSplit(at("again"), name)!);
      const numbersIn = (texts: string[]) => texts.map((text) => Number(/Paragraph (\d+)/.exec(text)![1]));
      const found = splits.map(({ examples, conversations = [] }) =>
        numbersIn([
          ...examples.map(({ completion }) => completion),
          ...conversations.map(([asked]) => asked!.content),
        ]),
      );
      return { report, found };
    };

    test("are in one split by whole documents, with the questions on them", async () => {
      const { at } = await read(Object.fromEntries(many(20, (i) => [`${i}.txt`, text(10 * i, 5 + (i % 3))])));
      const questions = many(20, (i) => ({
        messages: [
          { role: "user", content: `What does Paragraph ${10 * i} say?` },
          { role: "assistant", content: `Words of ${i}.` },
        ],
        made: "written",
        document: `${i}.txt`,
        place: 1,
      }));
      const { report, found } = await again(at, questions);
      expect(report.parting).toEqual({ by: "documents", documents: 20, gaps: 0 });
      const documents = found.map((numbers) => new Set(numbers.map((i) => Math.floor(i / 10))));
      expect(documents.reduce((sum, { size }) => sum + size, 0)).toBe(20);
      expect(documents[2]!.size).toBeGreaterThan(1);
      expect(report.notes.map(noteText)).toContain(
        "Each of the 20 documents of text is in one split as a whole.",
      );
    });

    test("stay as they were parted, if they are read with their splits", async () => {
      for (const files of [
        Object.fromEntries(many(20, (i) => [`${i}.txt`, text(10 * i, 5)])),
        { "a.txt": text(0, 200), "b.txt": text(1000, 100) },
      ]) {
        const { at, report } = await read(files);
        const same = await readDataset({ data: [at("out/rows")], out: at("same"), seed: 7 });
        expect(same.rowsHash).toBe(report.rowsHash);
      }
    });

    test("of few documents by sections, in the order in which they stood there", async () => {
      const { at } = await read({ "a.txt": text(0, 200), "b.txt": text(1000, 100) });
      const { report, found } = await again(at);
      expect(report.parting).toMatchObject({ by: "sections", documents: 2 });
      const [train, ...held] = found;
      expect(held.flat().length).toBeGreaterThanOrEqual(48);
      for (const i of held.flat()) expect(train).not.toContain(i + 1);
      for (const i of held.flat()) expect(train).not.toContain(i - 1);
    });

    test("of two versions of a document in one split", async () => {
      const { at } = await read({ "a.txt": text(0, 30) });
      const rows = many(20, (i) => text(10 * i, 5).split("\n\n")).flatMap((texts, i) =>
        ["first", "second"].flatMap((name) =>
          texts.map((completion, place) => ({
            prompt: "",
            completion: place === 0 ? `${completion} It is the ${name} one.` : completion,
            document: `${i} ${name}.txt`,
            place,
          })),
        ),
      );
      writeFileSync(at("versions.jsonl"), jsonl(...rows));
      await readDataset({ data: [at("versions.jsonl")], out: at("versions"), seed: 1 });
      const documents = (["train", "valid", "test"] as const).map(
        (name) =>
          new Set(
            readSplit(at("versions"), name)!.examples.map(({ completion }) =>
              Math.floor(Number(/Paragraph (\d+)/.exec(completion)![1]) / 10),
            ),
          ),
      );
      expect(documents.reduce((sum, { size }) => sum + size, 0)).toBe(20);
    });
  });

  test("of two versions of a document are in one split", async () => {
    const versions = many(20, (i) => text(10 * i, 5)).flatMap((text, i): [string, string][] => [
      [`${i} first.txt`, text],
      [`${i} second.txt`, `${text}\n\n${paragraph(10 * i + 5)}`],
    ]);
    const { report, split } = await read(Object.fromEntries(versions));
    expect(report.duplicates.withinTrain).toBe(100);
    for (const name of ["valid", "test"] as const) {
      const held = new Set(split(name).map((i) => Math.floor(i / 10)));
      expect(split("train").filter((i) => held.has(Math.floor(i / 10)))).toEqual([]);
    }
  });

  /** How many held-out passages have more than half of their sequences of eight words in train. */
  const leaked = (at: (name?: string) => string) => {
    const sequences = (text: string) => {
      const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
      return words.slice(7).map((_, i) => words.slice(i, i + 8).join(" "));
    };
    const texts = (name: SplitName) =>
      readSplit(at("out"), name)!.examples.map(({ completion }) => sequences(completion));
    const trained = new Set(texts("train").flat());
    return [...texts("valid"), ...texts("test")].filter(
      (own) => 2 * own.filter((sequence) => trained.has(sequence)).length > own.length,
    ).length;
  };

  test("of versions of one document are not in two splits by sections", async () => {
    const sentence = (i: number) => `Rule ${i} says ${many(30, (at) => `w${i}x${at}`).join(" ")}.`;
    const handbook = (year: number) =>
      many(120, (i) => sentence(i % 12 === 0 ? 1000 * year + i : i)).join(" ");
    const other = many(40, (i) => sentence(500 + i)).join(" ");
    const { report, at } = await read({
      "Handbuch 2023.md": handbook(2023),
      "Handbuch 2024.md": `A new sentence that moves all cuts stands here. ${handbook(2024)}`,
      "Hausordnung.md": other,
    });
    expect(leaked(at)).toBe(0);
    expect(report.parting).toMatchObject({ by: "sections", documents: 2 });
    const { withinTrain } = report.nearDuplicates!;
    expect(withinTrain).toBeGreaterThanOrEqual(10);
    expect(report.notes.map(noteText)).toContain(
      `${withinTrain} rows were removed from train because train already has nearly the same text.`,
    );
  });

  test("of six versions of one document are used once, with what is each one's own", async () => {
    const version = (year: number) => `${text(0, 40)}\n\n${paragraph(1000 + year)}`;
    const { report, split } = await read(Object.fromEntries(many(6, (i) => [`${i}.txt`, version(i)])));
    expect(report.boilerplate).toMatchObject({ lines: 40, documents: 6 });
    expect(report.parting).toMatchObject({ by: "sections", documents: 6 });
    const all = (["train", "valid", "test"] as const).flatMap(split);
    expect(all.length + report.parting!.gaps).toBe(46);
    expect(new Set(all).size).toBe(all.length);
  });

  test("of documents that contain each other are in one split", async () => {
    const sentences = (from: number, count: number) =>
      many(count, (i) => `Rule ${i} says ${many(30, (at) => `w${i}x${at}`).join(" ")}.`, from).join(" ");
    const pairs = many(12, (i): [string, string][] => [
      [`report ${i}.txt`, sentences(100 * i, 24)],
      [`file ${i}.txt`, `${sentences(10_000 + 100 * i, 13)} ${sentences(100 * i, 24)}`],
    ]);
    const { at, report } = await read(Object.fromEntries(pairs.flat()));
    expect(report.parting).toMatchObject({ by: "documents", documents: 24 });
    expect(leaked(at)).toBe(0);
  });

  test("of e-mails are used once, without quotes, and a thread is in one split", async () => {
    const said = (thread: number, i: number) => `${paragraph(100 * thread + i)} Regards, ${i}`;
    const mails = many(12, (thread) =>
      many(6, (i): [string, string] => {
        const quoted = many(i, (at) => `${">".repeat(i - at)} ${said(thread, at)}`)
          .reverse()
          .join("\n\n");
        const body = `${said(thread, i)}\n\nOn 1 March 2024 Anna wrote:\n\n${quoted}`;
        return [
          `${thread}-${i}.eml`,
          `From: a@example.org\nSubject: Case ${thread}\n\n${i === 0 ? said(thread, 0) : body}\n`,
        ];
      }),
    );
    const { split, report } = await read(Object.fromEntries(mails.flat()));
    const all = (["train", "valid", "test"] as const).map(split);
    expect(all.flat().sort((a, b) => a - b)).toEqual(
      many(12, (thread) => many(6, (i) => 100 * thread + i)).flat(),
    );
    const threads = all.map((found) => new Set(found.map((i) => Math.floor(i / 100))));
    expect(threads.reduce((sum, { size }) => sum + size, 0)).toBe(12);
    expect(report.replies).toBe(60);
    expect(report.notes.map(noteText)).toContain(
      "60 e-mails are used without quotes of other e-mails in the data; a thread is in one split.",
    );
  });

  test("of documents from one template: training has the template, and no sentence is in two splits", async () => {
    const clause = (i: number) => `Clause ${i} says ${many(20, (at) => `w${i}x${at}`).join(" ")}.`;
    const lease = (i: number) =>
      many(
        20,
        (at) =>
          `## ${at}\n\nIn clause ${at} the sum is ${100 * i + at} euros. ${clause(2 * at)} ${clause(2 * at + 1)}`,
      );
    const files = Object.fromEntries(many(40, (i) => [`${i}.md`, lease(i).join("\n\n")]));
    for (const keepsBoilerplate of [false, true]) {
      const { report, at } = await read(files, { keepsBoilerplate });
      const sentences = (name: SplitName) =>
        readSplit(at("out"), name)!.examples.flatMap(
          ({ completion }) => completion.match(/(?:In|C)[^.]*\./g) ?? [],
        );
      const [train, ...held] = (["train", "valid", "test"] as const).map(sentences);
      expect(report.parting).toMatchObject({ by: "documents", documents: 40 });
      for (let i = 0; i < 40; i++) expect(train).toContain(clause(i));
      for (const own of held) {
        expect(own.length).toBeGreaterThanOrEqual(20 * 4);
        expect(own.filter((sentence) => train!.includes(sentence))).toEqual([]);
      }
      const percent = Math.round(100 * report.boilerplate!.share!);
      expect(report.notes.map(noteText)).toContainEqual(
        expect.stringContaining(`Its repetitions, ${percent}% of all text, are left out.`),
      );
    }
  });

  test("have the lines of most documents once, unless they are to be kept", async () => {
    const files = Object.fromEntries(
      many(20, (i) => [`${i}.txt`, `ACME Ltd, 1 Street\n\n${text(10 * i, 5)}`]),
    );
    const [without, kept] = [await read(files), await read(files, { keepsBoilerplate: true })];
    expect(without.report.boilerplate).toEqual({
      lines: 1,
      documents: 20,
      examples: [{ text: "ACME Ltd, 1 Street", documents: 20 }],
      share: expect.closeTo(0.0045, 4),
    });
    expect(without.report.notes.map(noteText)).toContain(
      'Text that several of the 20 documents have is used once: 1 line or sentence, such as "ACME Ltd, 1 Street" (in 20). Its repetitions, 0.5% of all text, are left out.',
    );
    expect(kept.report.boilerplate).toBeUndefined();
    expect(kept.report.hash).not.toBe(without.report.hash);
  });

  test("have no made questions in a split where a person asked some, in whatever order the files are read", async () => {
    const asked = (i: number, made?: string) => ({
      question: `What is number ${i}?`,
      choices: ["one", "two"],
      answer: i % 2,
      ...(made && { made, checked: true }),
    });
    const at = scratch({
      "in/train.jsonl": jsonl(...many(20, (i) => asked(i))),
      "in/valid.jsonl": jsonl(
        ...many(6, (i) => asked(100 + i, "cloze")),
        ...many(6, (i) => asked(110 + i, "written")),
      ),
      "in/test-a.jsonl": jsonl(...many(6, (i) => asked(200 + i, "written"))),
      "in/test-b.jsonl": jsonl(...many(6, (i) => asked(210 + i))),
    });
    const { splits, notes } = await readDataset({ data: [at("in")], out: at("out"), seed: 1 });
    expect(splits.valid).toMatchObject({ questions: 6, made: "written", checked: 6, madeLeftOut: 6 });
    expect(splits.test).toMatchObject({ questions: 6, madeLeftOut: 6 });
    expect(splits.test!.made).toBeUndefined();
    expect(notes.map(noteText)).toEqual(
      expect.arrayContaining([
        "6 made questions of valid were left out: no figure mixes them with questions that a model wrote.",
        "6 made questions of test were left out: no figure mixes them with questions that a person asked.",
      ]),
    );
  });

  test("become cloze questions of validation and test, where they are asked for and no person asked any", async () => {
    const parts = ["valve", "lung", "bone", "nerve", "gland", "tooth", "joint", "liver", "vein", "skull"];
    const letters = "abcdefghijklmnopqrstuvwxyz";
    /** Two documents of a topic say the same of its parts in other words. */
    const about = (i: number) => {
      const topic = i % 26;
      const sentence = (part: string) =>
        i < 26
          ? `Patients with topic${topic} should know that damage of the ${part}${letters[topic]} is treated with method${topic} alone.`
          : `Whoever suffers from topic${topic} asks a doctor for pictures of the ${part}${letters[topic]}, because method${topic} takes place there.`;
      return parts.map(sentence).join(" ");
    };
    const files = Object.fromEntries(many(52, (i) => [`${i}.txt`, about(i)]));
    const { report, split } = await read({ "a.txt": text(0, 60) }, { makesQuestions: true });
    expect([report.splits.test!.made, split("test").length > 0]).toEqual([undefined, true]); // too few questions
    expect(report.withoutMadeQuestions).toEqual(["valid", "test"]);
    expect(report.notes.map(noteText)).toContain(
      "No questions could be made from the documents of test: too few of their terms occur in other documents as well.",
    );
    const at = scratch(Object.fromEntries(Object.entries(files).map(([name, text]) => [`in/${name}`, text])));
    const documents = DocumentChoices.parse({ makesQuestions: true });
    const asked = await readDataset({ data: [at("in")], out: at("out"), seed: 1, documents });
    const { questions, made } = asked.splits.test!;
    expect(made).toBe("cloze");
    expect(asked.withoutMadeQuestions).toBeUndefined();
    expect(asked.splits.train).toMatchObject({ questions: 0 });
    expect(asked.choiceStyle).toBe("plain");
    expect(asked.testBaselines!.chance).toBe(0.25);
    expect(readSplit(at("out"), "test")!.questions.every(({ made }) => made === "cloze")).toBe(true);
    expect(asked.notes.map(noteText)).toContain(
      `The ${questions} questions of test were made from its documents (cloze): a term of a sentence is masked.`,
    );
    await readDataset({ data: [at("in")], out: at("plain"), seed: 1 });
    const again = await readDataset({ data: [at("plain/rows")], out: at("again"), seed: 1, documents });
    expect(again.splits.test).toMatchObject({ questions, made: "cloze" });
    for (const { kind, origin } of storedRows(at("again"), "test"))
      if (kind === "question")
        expect(origin).toMatchObject({ document: expect.stringMatching(/^\d+\.txt$/), place: 1 });
    const own = scratch({ "test.jsonl": jsonl(...many(8, question)) });
    const withOwn = await readDataset({
      data: [at("in")],
      test: [own("test.jsonl")],
      out: at("other"),
      seed: 1,
      documents,
    });
    expect(withOwn.splits.test).toMatchObject({ questions: 8 });
    expect(withOwn.splits.test!.made).toBeUndefined();
  });

  test("of one record are in one split", async () => {
    const { report, split } = await read({
      "a.jsonl": jsonl(...many(40, (i) => ({ text: text(10 * i, 3) }))),
    });
    expect(report.parting).toEqual({ by: "documents", documents: 40, gaps: 0 });
    const held = new Set([...split("valid"), ...split("test")].map((i) => Math.floor(i / 10)));
    expect(split("train").filter((i) => held.has(Math.floor(i / 10)))).toEqual([]);
  });
});

describe("Too little is refused:", () => {
  test("fewer than 16 rows if valid and test must be split off", async () => {
    expect(await failureOf(() => read({ train: many(15, (i) => example(i)) }))).toMatchObject({
      code: "too-little-data",
      what: "rows",
      rows: 15,
      needed: 16,
    });
    expect((await read({ train: many(16, (i) => example(i)) })).report.splits.train!.examples).toBe(8);
  });

  test("a train split that is completely in test", async () => {
    const rows = many(20, (i) => example(i));
    const failure = await failureOf(() => read({ train: rows, valid: many(4, example, 50), test: rows }));
    expect(failure).toMatchObject({
      code: "too-little-data",
      what: { code: "own-rows", split: "train" },
      rows: 0,
      needed: 8,
    });
  });

  test("a valid split that is completely in test", async () => {
    const rows = many(20, (i) => example(i), 50);
    const failure = await failureOf(() =>
      read({ train: many(20, (i) => example(i)), valid: rows, test: rows }),
    );
    expect(failure).toMatchObject({
      code: "too-little-data",
      what: { code: "own-rows", split: "valid" },
      rows: 0,
    });
  });

  test("an empty file, by its name", async () => {
    const failure = await failureOf(() => read({ train: many(20, example), test: [] }));
    expect(failure).toMatchObject({
      code: "bad-data",
      path: expect.stringContaining("test.jsonl"),
      reason: "empty",
    });
  });
});

describe("Writing", () => {
  test("replaces an earlier dataset, including splits that the new one lacks", async () => {
    const at = scratch({
      "train.jsonl": jsonl(...many(20, example)),
      "other/test.jsonl": jsonl(...many(4, example, 90)),
    });
    const out = at("out");
    await readDataset({ data: [at("train.jsonl")], offDomain: [at("other")], out, seed: 1 });
    expect(existsSync(at("out/off-domain.json"))).toBe(true);
    const report = await readDataset({ data: [at("train.jsonl")], out, seed: 1 });
    expect([existsSync(at("out/off-domain.json")), report.splits.offDomain]).toEqual([false, null]);
    expect(readSplit(out, "offDomain")).toBeNull();
  });

  test("into a path that is a file is reported as unwritable", async () => {
    const at = scratch({ "train.jsonl": jsonl(...many(20, example)), out: "a file" });
    const failure = await failureOf(() =>
      readDataset({ data: [at("train.jsonl")], out: at("out"), seed: 1 }),
    );
    expect(failure).toMatchObject({ code: "unwritable", path: at("out") });
  });

  test("does not begin before everything has been read: bad data leaves the earlier dataset unchanged", async () => {
    const at = scratch({ "train.jsonl": jsonl(...many(20, example)) });
    const { hash } = await readDataset({ data: [at("train.jsonl")], out: at("out"), seed: 1 });
    writeFileSync(at("train.jsonl"), "not JSON\n");
    expect(
      await failureOf(() => readDataset({ data: [at("train.jsonl")], out: at("out"), seed: 1 })),
    ).toMatchObject({ line: 1 });
    expect(await datasetHash(at("out"))).toBe(hash);
  });

  test("reports a split file that was damaged afterwards", async () => {
    const at = scratch({ "train.json": '{"examples":[' });
    expect(await failureOf(() => readSplit(at(), "train"))).toMatchObject({
      code: "bad-data",
      path: at("train.json"),
    });
    mkdirSync(at("test.json"));
    expect(await failureOf(() => readSplit(at(), "test"))).toMatchObject({ code: "unreadable" });
  });
});

describe("A part of the training rows", () => {
  const row = (i: number) => ({ prompt: `question ${i}`, completion: ` answer ${i}` });
  const files = () =>
    scratch({
      "a.jsonl": jsonl(...Array.from({ length: 600 }, (_, i) => row(i))),
      "b.jsonl": jsonl(...Array.from({ length: 400 }, (_, i) => row(600 + i))),
    });
  const drawn = async (at: (name?: string) => string, seed: number) => {
    const data = [at("a.jsonl"), at("b.jsonl")];
    const { notes } = await readDataset({ data, out: at("out"), seed, sampleRows: 200 });
    const names = ["train", "valid", "test"] as const;
    const rows = names.flatMap((name) => readSplit(at("out"), name)?.examples ?? []);
    return { notes, rows: rows.map(({ prompt }) => Number(prompt.slice("question ".length))) };
  };

  test("is drawn from all files alike, by the seed, and said", async () => {
    const at = files();
    const { notes, rows } = await drawn(at, 1);
    expect(new Set(rows).size).toBe(200);
    const ofSecond = rows.filter((number) => number >= 600).length;
    expect(ofSecond).toBeGreaterThan(50); // of 80 ± 7
    expect(ofSecond).toBeLessThan(110);
    expect(notes.map(noteText)).toContain("200 rows of 1,000 were drawn at random.");
    expect(await drawn(at, 1)).toEqual({ notes, rows });
    expect((await drawn(at, 2)).rows).not.toEqual(rows);
  });

  test("makes data readable that is too much as a whole", async () => {
    const large = jsonl(
      ...Array.from({ length: 65 }, (_, i) => ({ prompt: `${i}`, completion: "x".repeat(2e6) })),
    );
    const held = (name: string) =>
      jsonl(...Array.from({ length: 30 }, (_, i) => ({ prompt: `${name} ${i}`, completion: "y" })));
    const at = scratch({ "train.jsonl": large, "valid.jsonl": held("v"), "test.jsonl": held("t") });
    const request = {
      data: [at("train.jsonl")],
      valid: [at("valid.jsonl")],
      test: [at("test.jsonl")],
      out: at("out"),
      seed: 1,
    };
    expect(await failureOf(() => readDataset(request))).toMatchObject({ code: "too-much-data" });
    const { splits } = await readDataset({ ...request, sampleRows: 20 });
    expect(splits.train!.examples).toBe(20);
  });
});

test("Data over 128 million characters is refused", async () => {
  const row = jsonl({ prompt: "", completion: "x".repeat(10_000_000) });
  const at = scratch({ "train.jsonl": row.repeat(13) });
  const failure = await failureOf(() => readDataset({ data: [at("train.jsonl")], out: at("out"), seed: 1 }));
  expect(failure).toEqual({ code: "too-much-data", path: at("train.jsonl"), millionCharacters: 128 });
});

test("Names in the names of documents and folders have the masks of the text, in rows, report and notes", async () => {
  const letter = (name: string) => `Sehr geehrte Frau ${name},\n\nder Befund liegt bei.\n\n`.repeat(3);
  const at = scratch({
    "Akten/Befund Anna Schmidt.txt": letter("Schmidt") + "Anna Schmidt war da.",
    "Akten/thekla_morgenrot-brief.txt": letter("Thekla Morgenrot"),
    "Akten/Jan Klein/A. Schmidt.txt": "Herr Jan Klein rief Frau Anna Schmidt an.",
    "Akten/Jan Klein/Anna Schmidt.txt": "Frau Anna Schmidt rief zurück.",
    "Akten/Jan Klein/Foto Anna Schmidt.png": "…",
    "Akten/Preise.txt": "Die Preise gelten ab Mai. ".repeat(10),
    "Akten/z.jsonl": jsonl(...many(6, (i) => ({ prompt: `Frage ${i}?`, completion: ` Antwort ${i}.` }))),
    "valid.jsonl": jsonl(...many(4, (i) => ({ prompt: `Wer ${i}?`, completion: " Jan Klein." }))),
    "test.jsonl": jsonl(...many(4, (i) => ({ prompt: `Was ${i}?`, completion: " Ein Brief." }))),
  });
  const files = { data: [at("Akten")], valid: [at("valid.jsonl")], test: [at("test.jsonl")] };
  const documents = DocumentChoices.parse({ masks: ["name"], keepsBoilerplate: true });
  const report = await readDataset({ ...files, out: at("out"), seed: 1, documents });
  const rows = readFileSync(at("out/rows/train.jsonl"), "utf8");
  const names = [...rows.matchAll(/"document":"([^"]*)"/g)].map(([, name]) => name);
  expect([...new Set(names)]).toEqual([
    "Befund [NAME 1].txt",
    "Preise.txt",
    "[NAME 2]-brief.txt",
    "[NAME 3]/[NAME 1].txt",
    "[NAME 3]/[NAME 1] (2).txt",
  ]);
  expect(rows).toContain("Anna Schmidt war da.".replace("Anna Schmidt", "[NAME 1]"));
  for (const text of [rows, JSON.stringify(report)]) expect(text).not.toMatch(/Schmidt|Klein|Morgenrot/i);
  expect(report.notes.map(noteText)).toContain("Not read: Foto [NAME 1].png.");
  expect(report.splits.train?.files).toContain(at("Akten/Preise.txt"));
});

/** An e-mail with an attachment that is no document. */
const messageWith = (attachment: string) =>
  [
    "Subject: Fotos\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b",
    "Content-Type: text/plain\n\nIm Anhang sind die Fotos der Halle.\n--b",
    `Content-Type: application/zip\nContent-Disposition: attachment; filename="${attachment}"\n\nx\n--b--\n`,
  ].join("\n");

test("Names in headers of pages, of columns and of attachments are masked in report and notes, too", async () => {
  const page = (i: number) => [
    { text: "Patientin: Frau Thekla Morgenrot", y: 760, x: 72 },
    ...many(12, (line) => ({
      text: `Am Tag ${i} um ${line} Uhr ${i * line} Tropfen.`,
      y: 700 - 20 * line,
      x: 72,
    })),
    { text: `Morgenrot, Seite ${i}`, y: 30, x: 72 },
  ];
  const table = (header: string, rowOf: (i: number) => string) => [header, ...many(30, rowOf)].join("\n");
  const pairs = many(12, (i) => ({ prompt: `Was ${i}?`, completion: " Ein Brief." }));
  const at = scratch({
    "in/train.pdf": pdfBytes(many(6, page, 1)),
    "in/train.csv": table("Tag;Anna Klein;Frau Morgenrot", (i) => `Tag ${i};Dienst ${i};Urlaub ${i}`),
    "in/valid.csv": table("Frage;Antwort;Anna Klein", (i) => `Wo ist ${i}?;In Fach ${i}.;x`),
    "in/train.jsonl": jsonl(...pairs, { Tag: 1, "Anna Klein": "Dienst" }),
    "in/test.jsonl": jsonl(...many(12, example)),
    "in/train.eml": messageWith("Foto Anna Klein.zip"),
  });
  const documents = DocumentChoices.parse({ masks: ["name"] });
  const { notes } = await readDataset({ data: [at("in")], out: at("out"), seed: 1, documents });
  expect(notes.map(noteText)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/such as "Patientin: Frau \[NAME \d\]", "\[NAME \d\], Seite 1"/),
      expect.stringContaining('read as text: "Tag: …, [NAME 1]: …, Frau [NAME 2]: …"'),
      "Columns of valid.csv that are not used: [NAME 1].",
      expect.stringContaining('unknown columns ("Tag", "[NAME 1]")'),
      "1 attachment of messages is left out: Foto [NAME 1].zip.",
    ]),
  );
  expect(readFileSync(at("out/report.json"), "utf8")).not.toMatch(/Klein|Morgenrot/);
});

test("Diagrams and imported files of a Word document are counted", async () => {
  const body = `<w:p><w:r><w:t>The tenant pays.</w:t></w:r><w:r><w:drawing><c:chart/></w:drawing></w:r></w:p><w:altChunk/>`;
  const at = scratch({
    "in/train.docx": zipBytes(docxParts(body)),
    "in/train.jsonl": jsonl(...many(40, example)),
  });
  const { notes } = await readDataset({ data: [at("in")], out: at("out"), seed: 1 });
  expect(notes.map(noteText)).toContain(
    "1 file that train.docx imports cannot be read. Open the document in Word and save it to use it.",
  );
  expect(notes.map(noteText)).toContain(
    "1 diagram or chart of train.docx is not read. Add what it shows as text or a table.",
  );
});

test("A picture without text is left out of a folder or an archive, and refused if a person named it", async () => {
  const rows = jsonl(...many(40, example));
  const at = scratch({
    "in/rows.jsonl": rows,
    "in/logo.png": PIXEL,
    "in/test/figure.jpg": "no picture",
    "in/test/rows.jsonl": jsonl(...many(8, example, 100)),
    "in.zip": zipBytes([
      { name: "rows.jsonl", content: rows },
      { name: "logo.png", content: PIXEL },
    ]),
    "recognised/.keep": "",
  });
  const read = (...data: string[]) =>
    readDataset({ data, out: at("out"), seed: 1, withPictures: true, recognised: at("recognised") });
  const { splits, notes } = await read(at("in"));
  expect(splits).toMatchObject({ train: { files: [at("in/rows.jsonl")] }, test: { examples: 8 } });
  expect(splits.test!.files).toEqual([at("in/test/rows.jsonl")]);
  expect(notes.map(noteText)).toContain(
    "Not read: logo.png (no text was found in it), figure.jpg (no text was found in it).",
  );
  expect((await read(at("in.zip"))).notes.map(noteText)).toContain(
    "Not read: in.zip › logo.png (no text was found in it).",
  );
  expect(await failureOf(() => read(at("in/rows.jsonl"), at("in/logo.png")))).toMatchObject({
    code: "bad-data",
    path: at("in/logo.png"),
    reason: { code: "nothing-recognised", problem: null },
  });
});

test("Personal data is masked in all splits alike, before texts are cut, and the report says how much", async () => {
  const rows = (from: number) =>
    many(12, (i) => ({ prompt: `Dear Mr Quast, case ${i}?`, completion: ` Anna Quast knows ${i}.` }), from);
  const texts = {
    "in/train.jsonl": jsonl(...rows(0)),
    "in/valid.jsonl": jsonl(...rows(20)),
    "in/test.jsonl": jsonl(...rows(40)),
  };
  const at = scratch({ ...texts, "in/train_letter.txt": "Call Mr Quast on 020 7946 0958." });
  const documents = DocumentChoices.parse({ masks: ["name"] });
  const report = await readDataset({ data: [at("in")], out: at("out"), seed: 1, documents });
  const train = readSplit(at("out"), "train")!;
  expect(train.examples[0]).toEqual({
    prompt: "Dear Mr [NAME 1], case 0?",
    completion: " [NAME 1] knows 0.",
  });
  expect(train.examples.at(-1)!.completion).toBe("Call Mr [NAME 1] on 020 7946 0958.");
  expect(readSplit(at("out"), "test")!.examples[0]!.prompt).toBe("Dear Mr [NAME 1], case 40?");
  expect(report.masked).toEqual([{ kind: "name", places: 73, different: 1 }]);
  expect(report.notes.map(noteText)).toContain(
    "Personal data was masked: 73 names (1 different). The search misses some.",
  );
  expect(readFileSync(at("out/report.json"), "utf8")).not.toContain("Quast");
  expect((await readDataset({ data: [at("in")], out: at("plain"), seed: 1 })).masked).toBeUndefined();
});
