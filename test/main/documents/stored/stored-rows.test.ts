import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readDataset } from "../../../../main/documents/dataset.ts";
import type { ChatForm } from "../../../../main/documents/records/conversation.ts";
import type { Row } from "../../../../main/documents/row.ts";
import { exportRows } from "../../../../main/documents/stored/export-rows.ts";
import { lookThrough } from "../../../../main/documents/stored/look-through.ts";
import { storedPassages } from "../../../../main/documents/stored/stored-passages.ts";
import { rowsFolder, storedRows } from "../../../../main/documents/stored/stored-rows.ts";
import { MESSAGE_LIMIT_BYTES } from "../../../../main/engines/process/protocol.ts";
import type { DataSetFormat } from "../../../../preload/contract/data/data-set.ts";
import type { SplitName, SplitReport } from "../../../../preload/contract/data/data.ts";
import { readDocument } from "../read.ts";
import { failureOf, jsonl, scratch } from "../scratch.ts";

const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i);
const question = (i: number) => ({
  question: `Which clause is number ${i}?`,
  choices: [" the first", `clause ${i}`, "“none”\n"],
  answer: 1,
  task: i % 2 === 0 ? "clauses" : undefined,
});
const talk = (i: number) => ({
  messages: [
    { role: "system", content: "Answer briefly." },
    { role: "user", content: `What is ${i}?` },
    { role: "assistant", content: `It is ${i}, a number.` },
  ],
});
const files = {
  "in/train.jsonl": jsonl(
    ...numbers(8).map((i) => ({ prompt: `Q ${i}\n\n A:`, completion: `  ${i} \t` })),
    ...numbers(8).map(question),
    ...numbers(8).map(talk),
  ),
  "in/valid.jsonl": jsonl(...numbers(4, 100).map(question)),
  "in/test.jsonl": jsonl(...numbers(5, 200).map(question)),
};
/** Two models' forms of the same conversation. */
const forms: Record<string, ChatForm> = Object.fromEntries(
  ["A", "B"].map((name) => [
    name,
    {
      hasTemplate: true,
      hasThinkingMode: false,
      render: (messages) => messages.map(({ content }) => `<${name}>${content}`).join(""),
    },
  ]),
);

const listed = (dataset: string, split: SplitName): Row[] => [...storedRows(dataset, split)];

test("a text that is longer than any model reads is no passage, and fits in no message", async () => {
  const text = (characters: number) => ({ prompt: "", completion: "a b ".repeat(characters / 4) });
  const at = scratch(files);
  await readDataset({ data: [at("in")], out: at("data"), seed: 1 });
  writeFileSync(join(rowsFolder(at("data")), "train.jsonl"), jsonl(text(1_200_000), text(40)));
  const passages: string[] = [];
  for (const some of storedPassages(at("data"))) passages.push(...some.map(({ passage }) => passage));
  expect(passages).toEqual(["a b ".repeat(10)]);
});

test("a dataset's rows, read again, are the same dataset; for another model, the same rows in its form", async () => {
  const at = scratch(files);
  const first = await readDataset({ data: [at("in")], out: at("first"), seed: 1, chat: forms.A! });
  const source = rowsFolder(at("first"));
  const again = await readDataset({ data: [source], out: at("again"), seed: 7, chat: forms.A! });
  expect(again.hash).toBe(first.hash);
  expect(again.rowsHash).toBe(first.rowsHash);
  const other = await readDataset({ data: [source], out: at("other"), seed: 1, chat: forms.B! });
  expect(other.hash).not.toBe(first.hash);
  expect(other.rowsHash).toBe(first.rowsHash);
});

test("rows of every kind are stored as they were read, without white space lost", async () => {
  const at = scratch(files);
  await readDataset({ data: [at("in")], out: at("out"), seed: 1, chat: forms.A! });
  const train = listed(at("out"), "train");
  expect(train).toHaveLength(24);
  expect(train[0]).toEqual({
    line: 1,
    kind: "example",
    example: { prompt: "Q 0\n\n A:", completion: "  0 \t" },
  });
  expect(train[8]).toMatchObject({ kind: "question", question: question(0) });
  expect(train[16]).toMatchObject({ kind: "conversation", conversation: talk(0).messages });
  expect(listed(at("out"), "offDomain")).toEqual([]);
});

test("questions that no person wrote stay marked as made when they are used again, also from Parquet", async () => {
  const made = (count: number, from: number) =>
    jsonl(...numbers(count, from).map((i) => ({ ...question(i), made: "cloze" })));
  const at = scratch({ ...files, "in/valid.jsonl": made(4, 100), "in/test.jsonl": made(5, 200) });
  const first = await readDataset({ data: [at("in")], out: at("out"), seed: 1 });
  expect(first.splits).toMatchObject({ train: {}, valid: { made: "cloze" }, test: { made: "cloze" } });
  expect(first.splits.train!.made).toBeUndefined();
  mkdirSync(at("exported"));
  await exportRows(at("out"), at("exported"), "parquet", async () => {});
  for (const source of [rowsFolder(at("out")), at("exported")]) {
    const again = await readDataset({ data: [source], out: at("again"), seed: 1 });
    expect(again.splits.test).toMatchObject({ questions: 5, made: "cloze" });
  }
});

/** Twelve documents of three sections each. */
const documents = Object.fromEntries(
  numbers(12).map((i) => [
    `in/${i % 2 === 0 ? "even" : "odd"}/lease ${i}.md`,
    ["Rent", "Repairs", "Notice"]
      .map((heading) =>
        `# ${heading} of ${i}\n\nThe tenant of house ${i} minds clause ${heading}${i}. `.repeat(9),
      )
      .join("\n\n"),
  ]),
);

test("passages keep their documents and places when a data set is used again, in no hash and with no folder's name", async () => {
  const at = scratch(documents);
  const first = await readDataset({ data: [at("in")], out: at("out"), seed: 1 });
  const train = listed(at("out"), "train");
  for (const { origin } of train) expect(origin!.document).toMatch(/^(even|odd)\/lease \d+\.md$/);
  expect(new Set(train.map(({ origin }) => origin!.place)).size).toBeGreaterThan(1);
  const again = await readDataset({ data: [rowsFolder(at("out"))], out: at("again"), seed: 1 });
  expect(again).toMatchObject({ hash: first.hash, rowsHash: first.rowsHash });
  expect(listed(at("again"), "train")).toEqual(train);
});

test("a page of rows, and of those that have a text in any case", async () => {
  const at = scratch(files);
  await readDataset({ data: [at("in")], out: at("out"), seed: 1 });
  const asked = { folder: at("out"), split: "train", offset: 7, limit: 2 } as const;
  const page = lookThrough({ ...asked, search: "" });
  expect(page.found).toBe(24);
  expect(page.rows.map(({ kind }) => kind)).toEqual(["example", "question"]);
  const found = lookThrough({ ...asked, search: " CLAUSE 3", offset: 0 });
  expect(found).toMatchObject({ found: 1, rows: [{ kind: "question", answer: 1 }] });
});

test("blank lines in a file of rows are no rows", async () => {
  const at = scratch(files);
  await readDataset({ data: [at("in")], out: at("out"), seed: 1 });
  const valid = listed(at("out"), "valid");
  const path = join(rowsFolder(at("out")), "valid.jsonl");
  writeFileSync(path, `${readFileSync(path, "utf8")}\n  \n`);
  expect(listed(at("out"), "valid")).toEqual(valid);
  const asked = { folder: at("out"), split: "valid", offset: 0, limit: 1, search: "" } as const;
  expect(lookThrough(asked)).toMatchObject({ rows: [{}], found: valid.length });
});

test("a page parses only its own rows, and a search all of them", async () => {
  const at = scratch(files);
  await readDataset({ data: [at("in")], out: at("out"), seed: 1 });
  const asked = { folder: at("out"), split: "train", offset: 7, limit: 2, search: "" } as const;
  const page = lookThrough(asked);
  const path = join(rowsFolder(at("out")), "train.jsonl");
  const lines = readFileSync(path, "utf8").split("\n");
  writeFileSync(path, ["damaged", ...lines.slice(1)].join("\n"));
  expect(lookThrough(asked)).toEqual(page);
  for (const parsed of [{ offset: 0 }, { search: "clause" }])
    expect(await failureOf(() => lookThrough({ ...asked, ...parsed }))).toMatchObject({ path, line: 1 });
});

test("a page of long rows ends before it is larger than a message, and the next ones begin where it ended", async () => {
  const turns = (i: number) => [
    { role: "user", content: `问题 ${i}` },
    { role: "assistant", content: `${i} ${"租".repeat(1900)}` },
  ];
  const conversation = (i: number) => ({ messages: Array.from({ length: 8 }, () => turns(i)).flat() });
  const at = scratch({
    "in/train.jsonl": jsonl(...Array.from({ length: 60 }, (_, i) => conversation(i))),
  });
  await readDataset({ data: [at("in")], out: at("out"), seed: 1 });
  const lines: number[] = [];
  for (let found = Infinity; lines.length < found;) {
    const page = lookThrough({
      folder: at("out"),
      split: "train",
      search: "",
      offset: lines.length,
      limit: 25,
    });
    expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThan(MESSAGE_LIMIT_BYTES);
    expect(page.rows).not.toHaveLength(0);
    lines.push(...page.rows.map(({ line }) => line));
    found = page.found;
  }
  expect(lines).toEqual(lines.map((_, i) => i + 1));
});

test.each<DataSetFormat>(["jsonl", "parquet"])(
  "exported as %s, the reader reads the same rows",
  async (format) => {
    const at = scratch(files);
    const { splits } = await readDataset({ data: [at("in")], out: at("out"), seed: 1 });
    mkdirSync(at("exported"));
    const written = await exportRows(at("out"), at("exported"), format, async () => {});
    const same = await readDataset({ data: [at("exported")], out: at("same"), seed: 1 });
    const counts = ({ examples, questions, conversations }: SplitReport) => [
      examples,
      questions,
      conversations,
    ];
    for (const name of ["train", "valid", "test"] as const)
      expect(counts(same.splits[name]!)).toEqual(counts(splits[name]!));
    const sorted = (folder: string) =>
      listed(folder, "train")
        .map((row) => JSON.stringify({ ...row, line: 0 }))
        .sort();
    expect(sorted(at("same"))).toEqual(sorted(at("out")));
    expect(written.map(({ file, rows }) => [file, rows])).toEqual([
      [`train-examples.${format}`, 8],
      [`train-questions.${format}`, 8],
      [`train-conversations.${format}`, 8],
      [`valid-questions.${format}`, 4],
      [`test-questions.${format}`, 5],
    ]);
  },
);

test.each<DataSetFormat>(["jsonl", "parquet"])(
  "exported as %s, all files of a kind have the same columns, and rows of one kind are a file a split",
  async (format) => {
    const made = jsonl(...numbers(5, 200).map((i) => ({ ...question(i), made: "cloze" })));
    const at = scratch({
      "in/train.jsonl": jsonl(...numbers(8).map(question)),
      "in/valid.jsonl": jsonl(...numbers(4, 100).map(question)),
      "in/test.jsonl": made,
    });
    const { rowsHash } = await readDataset({ data: [at("in")], out: at("out"), seed: 1 });
    mkdirSync(at("exported"));
    const written = await exportRows(at("out"), at("exported"), format, async () => {});
    expect(written.map(({ file }) => file)).toEqual(["train", "valid", "test"].map((n) => `${n}.${format}`));
    for (const { file } of written) {
      const { head } = await readDocument(at(`exported/${file}`));
      expect(head.map((fields) => Object.keys(fields))).toEqual(
        head.map(() => ["question", "choices", "answer", "task", "made"]),
      );
    }
    const same = await readDataset({ data: [at("exported")], out: at("same"), seed: 1 });
    expect(same.rowsHash).toBe(rowsHash);
  },
);

/** Conversations of two answers, in every other of which the first one is not learnt. */
const weighted = (i: number) => ({
  messages: [
    ...talk(i).messages.map((turn) => (turn.role === "assistant" && i % 2 ? { ...turn, weight: 0 } : turn)),
    { role: "user", content: "Sure?" },
    { role: "assistant", content: `Yes, ${i}.` },
  ],
});

test.each<DataSetFormat>(["jsonl", "parquet"])(
  "exported as %s, conversations say in all files which answers are learnt, if some are not",
  async (format) => {
    const at = scratch({
      "in/train.jsonl": jsonl(...numbers(8).map(weighted)),
      "in/valid.jsonl": jsonl(...numbers(4, 100).map(weighted)),
      "in/test.jsonl": jsonl(...numbers(5, 200).map((i) => weighted(2 * i))),
    });
    const { rowsHash, severalAnswers } = await readDataset({ data: [at("in")], out: at("out"), seed: 1 });
    expect(severalAnswers).toEqual({ conversations: 17, answers: 34, learnt: 28, keptApart: 0 });
    mkdirSync(at("exported"));
    const written = await exportRows(at("out"), at("exported"), format, async () => {});
    expect(written).toMatchObject([{ weights: true }, { weights: true }, { weights: true }]);
    for (const { file } of written) {
      const { head } = await readDocument(at(`exported/${file}`));
      for (const { messages } of head)
        expect((messages as { weight?: number }[]).map(({ weight = null }) => weight)).toEqual(
          [null, null, expect.any(Number), null, 1], // prettier-ignore
        );
    }
    const same = await readDataset({ data: [at("exported")], out: at("same"), seed: 1 });
    expect(same).toMatchObject({ rowsHash, severalAnswers });
  },
);

test("a file of rows that is gone is said, not read as no rows", async () => {
  const at = scratch(files);
  await readDataset({ data: [at("in")], out: at("data"), seed: 1 });
  const path = join(rowsFolder(at("data")), "valid.jsonl");
  rmSync(path);
  expect(await failureOf(() => listed(at("data"), "valid"))).toMatchObject({ code: "not-found", path });
  expect(listed(at("data"), "offDomain")).toEqual([]);
});
