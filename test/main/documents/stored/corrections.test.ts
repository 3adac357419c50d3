import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { ChatForm } from "../../../../main/documents/records/conversation.ts";
import {
  heldOutCorrections,
  personsCorrections,
  readCorrections,
  writeCorrections,
} from "../../../../main/documents/stored/corrections.ts";
import { readDataset } from "../../../../main/documents/dataset.ts";
import { readSplits } from "../../../../main/documents/stored/split-files.ts";
import { readPlanned } from "../../../../main/trimming/run/planned-data.ts";
import { exportRows } from "../../../../main/documents/stored/export-rows.ts";
import { DocumentChoices } from "../../../../preload/contract/data/data.ts";
import { failureOf, jsonl, scratch } from "../scratch.ts";

const passage =
  "The licensee pays the fee within thirty days of the invoice, in the currency of the agreement.";
const question = (i: number) => ({
  question: `Which party bears cost number ${i} of the lease?`,
  choices: ["the lessor", "the lessee"],
  answer: i % 2,
});
const correction = (asked: string, right: string, wrong = "No.", rests = "") => ({
  messages: [
    { role: "user", content: asked },
    { role: "assistant", content: right },
  ],
  wrong,
  passage: rests,
});
const chat: ChatForm = {
  hasTemplate: true,
  hasThinkingMode: false,
  render: (messages) => messages.map(({ role, content }) => `<${role}>${content}`).join(""),
};

/** A dataset that was read, and corrections of a model that was trained on it. */
async function corrected(...corrections: object[]) {
  const at = scratch({
    "in/train.jsonl": jsonl(...Array.from({ length: 8 }, (_, i) => question(i))),
    "in/valid.jsonl": jsonl(...Array.from({ length: 4 }, (_, i) => question(100 + i))),
    "in/test.jsonl": jsonl(...Array.from({ length: 4 }, (_, i) => question(200 + i)), {
      prompt: `${passage}\nWhen does the licensee pay?\nAnswer:`,
      completion: " Within thirty days",
    }),
    "corrections.jsonl": jsonl(...corrections),
  });
  await readDataset({ data: [at("in")], out: at("data"), seed: 1 });
  const request = {
    corrections: at("corrections.jsonl"),
    against: at("data"),
    lineage: "k7",
    out: at("out"),
    chat,
    countTokens: (text: string) => text.length,
  };
  return { at, request };
}

test("a question of a held-out part is found, however it is written", async () => {
  const { request } = await corrected(
    correction("Which party bears cost number 201 of the lease?", "the lessee"),
    correction("which party bears cost number 102 of the lease", "the lessor"),
    correction("When does the licensee pay?", "After thirty days"),
    correction("Which party bears cost number 3 of the lease?", "the lessor"), // trained on
    correction("Which party bears cost number 300 of the lease?", "the lessor"),
    correction("Why?", "Because"),
    correction(
      "Hello! Please tell me: which party bears cost number 203 of the lease? I need it today.",
      "Me",
    ),
    correction(`${passage} It is 4.2 pages long.\n\nWhich party bears cost number 101 of the lease`, "Me"),
    correction("Which party bears cost number 201 of the lease of the boat of the yard of ours?", "Me"),
  );
  expect(heldOutCorrections(request.corrections, request.against)).toEqual([
    "test",
    "valid",
    "test",
    null,
    null,
    null,
    "test",
    "valid",
    null,
  ]);
});

test("a question of a held-out part is found in a language without spaces", async () => {
  const asked = (i: number, passage = "") => ({
    prompt: `${passage}物件${i}の契約はいつ終わりますか。`,
    completion: `三月${i}日です。`,
  });
  const rows = (from: number, passage?: string) =>
    jsonl(...Array.from({ length: 8 }, (_, i) => asked(from + i, passage)));
  const at = scratch({
    "in/train.jsonl": rows(10),
    "in/valid.jsonl": rows(40),
    "in/test.jsonl": rows(70, "借主は家賃を払う。\n"),
    "corrections.jsonl": jsonl(
      correction("物件71の契約はいつ終わりますか？", "五月です。"),
      correction("教えてください。物件42の契約はいつ終わりますか。今日必要です。", "五月です。"),
      correction("物件11の契約はいつ終わりますか？", "五月です。"), // trained on
      correction("いつですか", "五月です。"),
    ),
  });
  await readDataset({ data: [at("in")], out: at("data"), seed: 1 });
  expect(heldOutCorrections(at("corrections.jsonl"), at("data"))).toEqual(["test", "valid", null, null]);
});

test("a question of a held-out part is found if its personal data was masked there", async () => {
  const asked = (i: number, name: string) => ({
    ...question(i),
    question: `When did ${name} sign lease ${i}?`,
  });
  const at = scratch({
    "in/train.jsonl": jsonl(...Array.from({ length: 8 }, (_, i) => asked(i, "Anna Schmidt"))),
    "in/valid.jsonl": jsonl(...Array.from({ length: 4 }, (_, i) => asked(100 + i, "Mr Jost Quast"))),
    "in/test.jsonl": jsonl(...Array.from({ length: 4 }, (_, i) => asked(200 + i, "Peter Miller")), {
      prompt: "",
      completion: "On the first of May the tenant Anna Schmidt handed over all the keys.",
    }),
    "corrections.jsonl": jsonl(
      correction("When did Mr Jost Quast sign lease 102?", "In May."),
      correction("When did Peter Miller sign lease 203?", "In May."),
      correction("When did Peter Miller sign lease 303?", "In May."),
      correction("Who?", "On the first of May the tenant Anna Schmidt handed over all the keys."),
    ),
  });
  const documents = DocumentChoices.parse({ masks: ["name"] });
  await readDataset({ data: [at("in")], out: at("data"), seed: 1, documents });
  expect(heldOutCorrections(at("corrections.jsonl"), at("data"))).toEqual(["valid", "test", null, "test"]);
});

test("a sentence that an answer copies from a held-out text measures the model, too", async () => {
  const text = (i: number) =>
    `Keepers pier${i} paint pier${i} boats pier${i} every spring, at no cost to anybody.`;
  const texts = (from: number) =>
    jsonl(...Array.from({ length: 8 }, (_, i) => ({ prompt: "", completion: text(from + i) })));
  const at = scratch({
    "in/train.jsonl": texts(0),
    "in/valid.jsonl": texts(20),
    "in/test.jsonl": texts(30),
    "corrections.jsonl": jsonl(
      correction("Who paints?", `It says so. ${text(31)}`),
      correction("And when?", "Yes\nkeepers pier20 paint pier20 boats pier20 every spring"),
      correction("Who paints?", text(3)), // learnt already
      correction("Who pays?", "At no cost to anybody"), // anybody's words
      correction("Who paints the boats?", "I do", "No.", text(31)), // a passage is not learnt
    ),
  });
  await readDataset({ data: [at("in")], out: at("data"), seed: 1 });
  const found = heldOutCorrections(at("corrections.jsonl"), at("data"));
  expect(found).toEqual(["test", "valid", null, null, null]);
});

test("corrections become training rows, without those whose questions measure the model", async () => {
  const { at, request } = await corrected(
    correction("Which party bears cost number 103 of the lease?", "the lessee"),
    correction(
      "Who insures the barn?",
      "The tenant does.",
      "The owner.",
      "Clause 7: the tenant insures the barn.",
    ),
    correction("Who mows?", "Nobody.", ""),
  );
  const report = await writeCorrections(request);
  expect(report.splits).toMatchObject({
    train: { conversations: 2 },
    valid: null,
    test: null,
    offDomain: null,
  });
  expect(readCorrections(at("out"))).toEqual({
    right: [
      { prompt: "<user>Who insures the barn?", completion: "The tenant does.", special: true },
      { prompt: "<user>Who mows?", completion: "Nobody.", special: true },
    ],
    wrong: [{ prompt: "<user>Who insures the barn?", completion: "The owner.", special: true }, null],
    learnt: [],
  });
  await exportRows(at("out"), at(), "jsonl", () => Promise.resolve());
  expect(readFileSync(at("train.jsonl"), "utf8")).toBe(
    jsonl(
      correction(
        "Who insures the barn?",
        "The tenant does.",
        "The owner.",
        "Clause 7: the tenant insures the barn.",
      ),
      correction("Who mows?", "Nobody.", ""),
    ),
  );
});

test("earlier answers of a corrected conversation are not learnt", async () => {
  const { at, request } = await corrected({
    ...correction("Who insures the barn?", "The tenant does."),
    messages: [
      { role: "user", content: "Who mows?" },
      { role: "assistant", content: "The cat." },
      { role: "user", content: "Who insures the barn?" },
      { role: "assistant", content: "The tenant does." },
    ],
  });
  await writeCorrections(request);
  expect(readCorrections(at("out")).right).toEqual([
    { prompt: expect.stringContaining("The cat."), completion: "The tenant does.", special: true },
  ]);
});

test("another wrong answer to the same question is another data set", async () => {
  const reports = await Promise.all(
    ["The owner.", "The cat."].map(async (wrong) => {
      const { request } = await corrected(correction("Who insures the barn?", "The tenant does.", wrong));
      return writeCorrections(request);
    }),
  );
  expect(reports[0]!.hash).not.toBe(reports[1]!.hash);
});

test("a test question that a person corrected is learnt, and named, so that it no longer measures the model", async () => {
  const asked = "Which party bears cost number 201 of the lease?";
  const { at, request } = await corrected(
    correction(asked, "the lessee"),
    correction("Which party bears cost number 102 of the lease?", "the lessor"),
  );
  expect((await writeCorrections(request)).splits.train).toMatchObject({ conversations: 1 });
  expect(readCorrections(at("out")).learnt).toEqual([asked]);
  const improvement = { of: "run", corrections: { path: at("out") } } as never;
  const { test: measured } = readPlanned({ data: { path: at("data") } as never, improvement, seed: 1 });
  const whole = readSplits(at("data")).test;
  expect(measured.questions).toEqual(whole.questions.filter(({ question }) => question !== asked));
  expect(whole.questions).toHaveLength(measured.questions.length + 1);
});

test("corrections that all measure the model are too few", async () => {
  const { request } = await corrected(
    correction("Which party bears cost number 102 of the lease?", "the lessee"),
  );
  expect(await failureOf(() => writeCorrections(request))).toMatchObject({ code: "too-little-data" });
});

test("a person's file may have conversations, or questions with right answers", async () => {
  const at = scratch({
    "mine.jsonl": jsonl(
      correction("Who insures the barn?", "The tenant.", "The owner.", "Clause 7"),
      {
        messages: [
          { role: "user", content: "Who mows?" },
          { role: "assistant", content: "Nobody." },
        ],
      },
      { prompt: "Who digs? ", completion: " The mole." },
    ),
    "empty.json": "[]",
  });
  expect(await personsCorrections(at("mine.jsonl"))).toEqual([
    correction("Who insures the barn?", "The tenant.", "The owner.", "Clause 7"),
    correction("Who mows?", "Nobody.", ""),
    correction("Who digs?", "The mole.", ""),
  ]);
  expect(await failureOf(() => personsCorrections(at("empty.json")))).toMatchObject({ code: "bad-data" });
});

test("of questions with answers in any form, the wrong answer and the passage are known too", async () => {
  const [wrong, passage] = ["The owner.", "Clause 7"];
  const at = scratch({
    "prompts.jsonl": jsonl({ prompt: "Who insures?", completion: "The tenant.", wrong, passage }),
    "questions.json": JSON.stringify([{ question: "Who insures?", answer: "The tenant.", wrong, passage }]),
    "table.csv": `Frage;Antwort;wrong;passage\nWho insures?;The tenant.;${wrong};${passage}\n`,
  });
  for (const name of ["prompts.jsonl", "questions.json", "table.csv"])
    expect(await personsCorrections(at(name))).toEqual([
      correction("Who insures?", "The tenant.", wrong, passage),
    ]);
});

test.each([
  ["a conversation without an answer", { messages: [{ role: "user", content: "Why?" }] }],
  ["an empty answer", { prompt: "Why?", completion: " " }],
  ["a question with choices", question(1)],
  ["a text", { text: "A clause." }],
])("%s is refused with its line", async (_, record) => {
  const at = scratch({ "mine.jsonl": jsonl(correction("Who mows?", "Nobody."), record) });
  const failure = await failureOf(() => personsCorrections(at("mine.jsonl")));
  expect(failure).toMatchObject({ code: "bad-data", line: 2 });
});

test("wrong answers and passages count as text of a person's file", async () => {
  const long = "clause ".repeat(10_000);
  const at = scratch({
    "wrong.jsonl": jsonl(...Array.from({ length: 8 }, () => correction("Why?", "So.", long))),
    "passages.jsonl": jsonl(...Array.from({ length: 8 }, () => correction("Why?", "So.", "No.", long))),
    "few.jsonl": jsonl(correction("Why?", "So.", long, long)),
  });
  for (const name of ["wrong.jsonl", "passages.jsonl"])
    expect(await failureOf(() => personsCorrections(at(name)))).toMatchObject({ code: "too-much-data" });
  expect(await personsCorrections(at("few.jsonl"))).toHaveLength(1);
});
