import { expect, test } from "vitest";
import { openServices } from "../../../../main/services/open.ts";
import type { Services } from "../../../../main/services/open.ts";
import type { KeptQuestion } from "../../../../main/services/questions/writing-from-passages.ts";
import { QuestionsAsked } from "../../../../preload/contract/calls/questions.ts";
import { failureFrom } from "../../failure-from.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { servicesForTest } from "../services.ts";
import { dataSetForTest } from "./data-set.ts";
import { agreed, storedPassages } from "./passages.ts";

function newWriting(services: Services, passages = 8): number {
  const dataSet = dataSetForTest(services);
  const entry = { dataSet, name: "hire", model: "sample", modelName: "sample" };
  return services.writings.create({ ...entry, kinds: ["fact"], passages: storedPassages(passages) });
}

/** Writes one question from each of the next passages, their doubts as given. */
function writeNext({ writings }: Services, id: number, doubts: readonly number[]): void {
  const passages = writings.next(id, doubts.length);
  const kept = passages.map((passage, i): KeptQuestion => ({
    kind: "fact",
    question: `How long, ${passage.document}?`,
    answer: `${passage.id} days`,
    evidence: "…",
    passageId: passage.id,
    doubt: doubts[i]!,
    checks: agreed,
  }));
  writings.record(id, passages, { kept, thrown: { disagrees: 1 } }, 30);
}

const found = ({ writings }: Services, id: number, more: object = {}) =>
  writings.read(writings.find(QuestionsAsked.parse({ id, ...more })));

test("what was written from some passages is written down together, and the rest is next", () => {
  const folder = temporaryFolder();
  const services = openServices(folder);
  const id = newWriting(services);
  services.writings.begin(id, 10);
  expect(services.writings.get(id)).toMatchObject({ state: "writing", secondsLeft: null, thrown: {} });
  writeNext(services, id, [0.1, 0.2, 0.3, 0.4]);
  writeNext(services, id, [0.5]);
  services.close(); // as a killed program leaves it: still writing

  const { writings } = servicesForTest(folder);
  expect(writings.get(id)).toMatchObject({
    state: "stopped",
    passages: { done: 5, of: 8 },
    thrown: { disagrees: 2 },
    seconds: 60,
    secondsLeft: 36,
    mostSeconds: 600,
    questions: { unseen: 5, kept: 0, edited: 0, dropped: 0 },
  });
  expect(writings.next(id, 10).map(({ document }) => document)).toEqual([
    "hire 5.txt",
    "hire 6.txt",
    "hire 7.txt",
  ]);
});

test("nothing is written down of passages whose questions cannot all be", () => {
  const services = servicesForTest();
  const id = newWriting(services);
  const passages = services.writings.next(id, 2);
  const question = {
    kind: "fact",
    question: "?",
    answer: "!",
    evidence: "",
    doubt: 0,
    checks: agreed,
  } as const;
  const kept = [
    { ...question, passageId: passages[0]!.id },
    { ...question, passageId: 999_999 },
  ];
  expect(() => services.writings.record(id, passages, { kept, thrown: {} }, 1)).toThrow("FOREIGN KEY");
  expect(services.writings.get(id)).toMatchObject({ passages: { done: 0 }, questions: { unseen: 0 } });
});

test("questions are looked through by doubt, by place, and by what they have", () => {
  const services = servicesForTest();
  const id = newWriting(services);
  writeNext(services, id, [0.1, 0.4, 0.2, 0.3]);
  const { writings } = services;
  const doubts = (more?: object) => found(services, id, more).map(({ doubt }) => doubt);
  expect(doubts()).toEqual([0.1, 0.4, 0.2, 0.3]);
  expect(doubts({ order: "doubt" })).toEqual([0.4, 0.3, 0.2, 0.1]);
  expect(doubts({ search: " HIRE 2" })).toEqual([0.2]);
  expect(doubts({ search: "%" })).toEqual([]);
  writings.change(2, { state: "edited", question: "Wer ändert das Übergabeprotokoll?", answer: "Niemand" });
  expect(doubts({ search: "übergabe" })).toEqual([0.4]);
  expect(doubts({ search: "ÄNDERT" })).toEqual([0.4]);
  expect(doubts({ search: "u\u0308bergabe" })).toEqual([0.4]);
  writings.undo(2);
  expect(doubts({ splits: ["test"] })).toEqual([0.3]);
  expect(doubts({ kinds: ["definition"] })).toEqual([]);
  expect(found(services, id, { order: "doubt" })[0]).toMatchObject({
    document: "hire 1.txt",
    place: 1,
    split: "train",
    state: "unseen",
    isChanged: false,
  });
});

test("questions are read in the order of their ids, without those that are gone", () => {
  const services = servicesForTest();
  const id = newWriting(services);
  writeNext(services, id, [0.1, 0.4, 0.2]);
  expect(services.writings.read([3, 99, 1]).map(({ id }) => id)).toEqual([3, 1]);
});

test("a question is kept, edited and dropped, and every change can be taken back", () => {
  const services = servicesForTest();
  const id = newWriting(services);
  writeNext(services, id, [0.1]);
  const { writings } = services;
  const [before] = found(services, id);
  writings.change(before!.id, { state: "kept" });
  const edited = writings.change(before!.id, { state: "edited", question: "How many?", answer: "Four" });
  expect(edited).toMatchObject({ state: "edited", question: "How many?", isChanged: true });
  expect(writings.change(before!.id, { state: "dropped" })).toMatchObject({ answer: "Four" });
  expect(writings.rows(id, false)).toEqual([]);
  expect(found(services, id, { states: ["dropped"] })).toHaveLength(1);
  expect(writings.undo(before!.id)).toEqual(edited);
  expect(writings.rows(id, true)).toEqual([edited]);
  expect(writings.undo(before!.id)).toMatchObject({ state: "kept", question: before!.question });
  expect(writings.undo(before!.id)).toEqual(before);
  expect(writings.undo(before!.id)).toEqual(before);
  expect(failureFrom(() => writings.undo(99))).toMatchObject({ code: "not-found" });
});

test("what was asked of a text that does not answer it stays known, also if it was dropped long ago", () => {
  const services = servicesForTest();
  const id = newWriting(services);
  const { writings } = services;
  const [passage] = writings.next(id, 1);
  const asked = (i: number): KeptQuestion => ({
    kind: i === 0 ? "not-in-text" : "fact",
    question: `How many, ${i}?`,
    answer: `${i}`,
    evidence: "",
    passageId: passage!.id,
    doubt: 0,
    checks: agreed,
  });
  const kept = Array.from({ length: 600 }, (_, i) => asked(i));
  writings.record(id, [passage!], { kept, thrown: {} }, 1);
  for (const question of [1, 600]) writings.change(question, { state: "dropped" });
  const known = writings.known(id);
  expect(known).toHaveLength(501);
  expect(known[0]).toMatchObject({ question: "How many, 598?" });
  expect(known.at(-1)).toMatchObject({ kind: "not-in-text", question: "How many, 0?" });
});

test("a writing is deleted with its data set, whose texts it has", async () => {
  const services = servicesForTest();
  const id = newWriting(services);
  writeNext(services, id, [0.1]);
  const { dataSet } = services.writings.get(id);
  await services.dataSets.erase(dataSet);
  expect(services.writings.has(id)).toBe(false);
  expect(services.writings.list()).toEqual([]);
});
