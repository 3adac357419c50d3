import { noteText } from "../../../../preload/contract/words/notes.ts";
import { readdirSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import type { Services } from "../../../../main/services/open.ts";
import { Reading } from "../../../../main/services/data/reading.ts";
import { makeDataSet } from "../../../../main/services/questions/making-data-sets.ts";
import type { KeptQuestion } from "../../../../main/services/questions/writing-from-passages.ts";
import { sample } from "../../../../main/services/models/sample.ts";
import { failureOf } from "../../../../native-models/failure.ts";
import { servicesForTest } from "../services.ts";
import { dataSetForTest, MASKED } from "./data-set.ts";
import { agreed } from "./passages.ts";

const all = { passages: "with", onlyChecked: false } as const;

function writeFacts({ writings }: Services, id: number, questionOf: (i: number) => string): void {
  const next = writings.next(id, 100);
  const kept = next.map((passage, i): KeptQuestion => ({
    kind: "fact",
    question: questionOf(i),
    answer: `${i + 3} days of term${i}`,
    evidence: passage.passage,
    passageId: passage.id,
    doubt: 0,
    checks: agreed,
  }));
  writings.record(id, next, { kept, thrown: {} }, 1);
}

/** A data set with a fact written from each of its 40 passages, two of them checked. */
async function written(more: Parameters<typeof dataSetForTest>[1] = {}) {
  const services = servicesForTest();
  const reading = new Reading();
  onTestFinished(() => reading.stop());
  const { dataSets, writings } = services;
  const dataSet = dataSetForTest(services, more);
  const passages = await reading.passages(dataSets.folderOf(dataSet));
  const entry = { dataSet, name: "hire", model: "sample", modelName: "sample" };
  const id = writings.create({ ...entry, kinds: ["fact"], passages });
  writeFacts(services, id, (i) => `How long is thing ${i} hired?`);
  const held = writings.rows(id, false).filter(({ split }) => split === "test");
  for (const { id } of held.slice(0, 2)) writings.change(id, { state: "kept" });
  return { services, reading, id, dataSet };
}

test("questions become rows of their passages' splits, in the next version, which says who wrote and checked them", async () => {
  const { services, reading, id, dataSet } = await written();
  const made = await makeDataSet(services, reading, id, all);
  expect(made).toMatchObject({ questions: 40, checked: 2 });
  const set = await services.dataSets.get(made.dataSet);
  expect(set).toMatchObject({
    name: "hire",
    version: 2,
    kept: true,
    rows: { train: 40, valid: 20, test: 20 },
  });
  expect(set.report.splits).toMatchObject({
    train: { examples: 20, conversations: 20, files: ["/leases/hire.txt"] },
    valid: { questions: 10, made: "written", checked: 0 },
    test: { questions: 10, made: "written", checked: 2, examples: 10 },
  });
  expect(set.report.notes).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ code: "written-by", model: "sample" }),
      { code: "replies", count: 10 },
    ]),
  );
  expect(set.report.masked).toEqual(MASKED);
  expect(services.dataSets.find(dataSet).version).toBe(1);

  // Used again, its rows are the same, and passages can still be written from.
  const again = await reading.dataset({ data: [set.source] }, sample.model, 3, services.home.datasets);
  expect(again.report.rowsHash).toBe(set.report.rowsHash);
  expect(again.report.splits.test).toMatchObject({ made: "written", checked: 2 });
  const passages = await reading.passages(again.folder);
  expect(passages).toHaveLength(40);
  expect(passages[0]).toMatchObject({ document: "hire 0.txt", place: 1, split: "train" });
  const { rows } = await reading.rows({
    folder: again.folder,
    split: "test",
    search: "thing",
    offset: 0,
    limit: 1,
  });
  expect(rows).toMatchObject([
    { kind: "question", origin: { document: expect.stringMatching(/^hire \d+\.txt$/) } },
  ]);
});

test("made again from the same questions it is the same version, in the same folder, with its note once", async () => {
  const { services, reading, id } = await written();
  const { dataSets, home } = services;
  const first = await makeDataSet(services, reading, id, all);
  dataSets.rename(first.dataSet, "Hire, with questions");
  const { report, sizeBytes } = await dataSets.get(first.dataSet);
  const folders = readdirSync(home.datasets);
  for (let times = 2; times <= 3; times++)
    expect(await makeDataSet(services, reading, id, all)).toEqual(first);
  expect(await dataSets.get(first.dataSet)).toMatchObject({
    name: "Hire, with questions",
    report,
    sizeBytes,
  });
  expect(new Set(report.notes.map(noteText)).size).toBe(report.notes.length);
  expect(readdirSync(home.datasets)).toEqual(folders);
});

test("cloze questions stay where none of the written ones has enough wrong answers", async () => {
  const cloze = { question: "Who keeps the ____?", choices: ["keeper", "nobody"], answer: 0, made: "cloze" };
  const { services, reading, id } = await written({ valid: [cloze], test: [cloze] });
  const { writings, dataSets } = services;
  const { passageId } = writings.known(id).find(({ split }) => split === "test")!;
  for (const { id: question, split } of writings.rows(id, false))
    if (split === "test") writings.change(question, { state: "dropped" });
  const onlyOne: KeptQuestion = {
    kind: "definition",
    question: "What is a keeper?",
    answer: "A person who signs",
    evidence: "",
    passageId,
    doubt: 0,
    checks: agreed,
  };
  writings.record(id, [], { kept: [onlyOne], thrown: {} }, 0);
  expect(writings.rows(id, false).filter(({ split }) => split === "test")).toHaveLength(1);
  const made = await makeDataSet(services, reading, id, { ...all, passages: "without" });
  expect(made.questions).toBe(30);
  const { splits } = (await dataSets.get(made.dataSet)).report;
  expect(splits).toMatchObject({
    valid: { questions: 10, made: "written" },
    test: { questions: 1, made: "cloze" },
  });
});

test("questions of persons in a held-out split are not mixed with made ones; cloze questions make room", async () => {
  const asked = (made?: "cloze") => ({
    question: "Who keeps it?",
    choices: ["the keeper", "nobody"],
    answer: 0,
    ...(made && { made }),
  });
  const { services, reading, id } = await written({ valid: [asked()], test: [asked("cloze")] });
  const { dataSet, questions } = await makeDataSet(services, reading, id, all);
  expect(questions).toBe(30); // those of valid are left out
  const { splits } = (await services.dataSets.get(dataSet)).report;
  expect(splits.valid).toMatchObject({ questions: 1, madeLeftOut: 10 });
  expect(splits.valid!.made).toBeUndefined();
  expect(splits.test).toMatchObject({ questions: 10, made: "written", madeLeftOut: 1 });
});

test("held-out questions that a model wrote stay beside those that another one wrote from the same data set", async () => {
  const { services, reading, id } = await written();
  const { dataSets, writings } = services;
  const { dataSet } = await makeDataSet(services, reading, id, all);
  const passages = await reading.passages(dataSets.folderOf(dataSet));
  const entry = { dataSet, name: "hire", model: "sample", modelName: "sample" };
  const later = writings.create({ ...entry, kinds: ["fact"], passages });
  // Of ten a split, the first ones are asked as before.
  writeFacts(services, later, (i) => (i % 10 < 4 ? `How long is thing ${i} hired?` : `Until when is ${i}?`));
  const made = await makeDataSet(services, reading, later, all);
  const { splits, notes } = (await dataSets.get(made.dataSet)).report;
  expect(splits.test).toMatchObject({ questions: 16, made: "written" });
  expect(splits.valid).toMatchObject({ questions: 16, made: "written" });
  expect(notes.map(noteText).filter((note) => note.includes("of test"))).toEqual([
    "The 16 questions of test were written by a model from its documents; a person has checked 0 of them.",
  ]);
  expect(notes.map(noteText).filter((note) => note.startsWith("test has only"))).toEqual([
    "test has only 16 questions: figures from them are imprecise.",
  ]);
});

test("a data set is not made of questions that cannot be asked without their passages", async () => {
  const { services, reading, id } = await written();
  const { writings } = services;
  const { passageId } = writings.known(id)[0]!;
  for (const { id: question } of writings.rows(id, false)) writings.change(question, { state: "dropped" });
  const absent: KeptQuestion = {
    kind: "not-in-text",
    question: "How wide is it?",
    answer: "The text does not say.",
    evidence: "",
    passageId,
    doubt: 0,
    checks: agreed,
  };
  writings.record(id, [], { kept: [absent], thrown: {} }, 0);
  const failure = failureOf(
    await makeDataSet(services, reading, id, { ...all, passages: "without" }).catch(
      (error: unknown) => error,
    ),
  );
  expect(failure).toMatchObject({ code: "bad-choice", why: { code: "no-question-rows" } });
});

test("without questions that were chosen, nothing is made", async () => {
  const { services, reading, id } = await written();
  for (const { id: question } of services.writings.rows(id, true))
    services.writings.change(question, { state: "dropped" });
  const failure = failureOf(
    await makeDataSet(services, reading, id, { ...all, onlyChecked: true }).catch((error: unknown) => error),
  );
  expect(failure).toMatchObject({ code: "bad-choice", why: { code: "no-checked-questions" } });
  expect(services.dataSets.list()).toHaveLength(1);
});
