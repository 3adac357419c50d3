import { expect, test, vi } from "vitest";
import { AppError } from "../../../../native-models/failure.ts";
import { writeFromPassages } from "../../../../main/services/questions/writing-from-passages.ts";
import type { KeptQuestion } from "../../../../main/services/questions/writing-from-passages.ts";
import { writeOn } from "../../../../main/services/questions/writing-job.ts";
import { QuestionKind } from "../../../../preload/contract/questions/written-questions.ts";
import { servicesForTest } from "../services.ts";
import { dataSetForTest } from "./data-set.ts";
import { agreed, ruledModel, storedPassages } from "./passages.ts";

/** A writing from one passage that a document has twice, with that many other questions in between. */
async function writingWithRepeatedPassage(others: number) {
  const services = servicesForTest();
  const { writings } = services;
  const dataSet = dataSetForTest(services);
  const [passage, other] = storedPassages(2);
  const id = writings.create({
    dataSet,
    name: "hire",
    model: "sample",
    modelName: "sample",
    kinds: QuestionKind.options,
    passages: [passage!, other!, passage!],
  });
  const first = writings.next(id, 1);
  const written = await writeFromPassages(first, ruledModel(), { kinds: QuestionKind.options, known: [] });
  writings.record(id, first, written, 1);
  const second = writings.next(id, 1);
  const kept = Array.from({ length: others }, (_, i): KeptQuestion => ({
    kind: "fact",
    question: `What has number ${i}?`,
    answer: `Item ${i}`,
    evidence: "…",
    passageId: second[0]!.id,
    doubt: 0,
    checks: agreed,
  }));
  writings.record(id, second, { kept, thrown: {} }, 1);
  return { writings, id, written: written.kept.length };
}

const open = () => Promise.resolve({ ask: ruledModel(), stop: () => Promise.resolve() });

test("no question is written twice, however many others were written since", async () => {
  const { writings, id, written } = await writingWithRepeatedPassage(600);
  expect(await writeOn(writings, id, { open })).toBe("done");
  expect(writings.get(id)).toMatchObject({
    thrown: { duplicate: written },
    questions: { unseen: written + 600 },
  });
});

test("nor one that a person has dropped", async () => {
  const { writings, id, written } = await writingWithRepeatedPassage(0);
  for (const question of writings.rows(id, false)) writings.change(question.id, { state: "dropped" });
  await writeOn(writings, id, { open });
  expect(writings.get(id)).toMatchObject({ thrown: { duplicate: written }, questions: { unseen: 0 } });
});

test("the model is freed if the questions so far cannot be read", async () => {
  const { writings, id } = await writingWithRepeatedPassage(0);
  vi.spyOn(writings, "all").mockImplementation(() => {
    throw new AppError({ code: "disk-full", path: "/home" });
  });
  const stop = vi.fn(() => Promise.resolve());
  const writing = writeOn(writings, id, { open: () => Promise.resolve({ ask: ruledModel(), stop }) });
  await expect(writing).rejects.toThrow("disk-full");
  expect(stop).toHaveBeenCalledTimes(1);
});
