import { expect, test } from "vitest";
import { writeFromPassages } from "../../../../main/services/questions/writing-from-passages.ts";
import type { KnownQuestion } from "../../../../main/services/questions/writing-from-passages.ts";
import { QuestionKind } from "../../../../preload/contract/questions/written-questions.ts";
import { hirePassage, ruledModel, toWriteFrom } from "./passages.ts";

const kinds = QuestionKind.options;
const none = { kinds, known: [] };

test("a careful model's questions are kept, each with the sentence of its passage that it was written from", async () => {
  const passages = toWriteFrom(4);
  const { kept, thrown } = await writeFromPassages(passages, ruledModel(), none);
  expect(new Set(kept.map(({ kind }) => kind))).toEqual(
    new Set(["fact", "definition", "comparison", "yes-no"]),
  );
  for (const { passageId, evidence, doubt } of kept) {
    expect(passages[passageId - 1]!.passage).toContain(evidence);
    expect(doubt).toBeLessThan(0.5);
  }
  expect(kept.length + Object.values(thrown).reduce((sum, count) => sum + count, 0)).toBe(16);
});

test("all prompts of a passage begin with the same words, so that it is read once", async () => {
  const model = ruledModel();
  await writeFromPassages(toWriteFrom(1), model, none);
  const about = model.prompts.filter(({ messages }) => messages.length > 1);
  const beginnings = about.map(({ messages }) =>
    JSON.stringify(messages).slice(0, JSON.stringify(messages).indexOf(hirePassage(0))),
  );
  expect(about.length).toBeGreaterThan(8);
  expect(new Set(beginnings).size).toBe(1);
});

test("a model whose answers are always cut off keeps nothing, and each is counted", async () => {
  const { kept, thrown } = await writeFromPassages(
    toWriteFrom(2),
    (asked) => Promise.resolve(asked.map(() => ({ text: '{"question": "What', isCutOff: true }))),
    none,
  );
  expect([kept, thrown]).toEqual([[], { "cut-off": 8 }]);
});

test("an answer as long as an answer may be was cut off by its schema", async () => {
  const write = () => JSON.stringify({ question: "What is said of the yard?", answer: "yard ".repeat(48) });
  const { thrown } = await writeFromPassages(toWriteFrom(1), ruledModel({ write }), {
    kinds: ["definition"],
    known: [],
  });
  expect(thrown).toEqual({ "cut-off": 1 });
});

test("a question as long as a question may be was cut off by its schema", async () => {
  const question = `What ${"is said of the yard and ".repeat(8).slice(0, 180)}?`;
  const write = () => JSON.stringify({ question, answer: "It is closed" });
  const { thrown } = await writeFromPassages(toWriteFrom(1), ruledModel({ write }), {
    kinds: ["definition"],
    known: [],
  });
  expect(thrown).toEqual({ "cut-off": 1 });
});

test("a model that cannot read the passage, or writes no JSON, keeps nothing", async () => {
  for (const answer of [null, { text: "What?", isCutOff: false }, { text: "null", isCutOff: false }]) {
    const { kept, thrown } = await writeFromPassages(
      toWriteFrom(1),
      (asked) => Promise.resolve(asked.map(() => answer)),
      none,
    );
    expect([kept, thrown]).toEqual([[], { unusable: 4 }]);
  }
});

test("nothing is asked of passages without sentences", async () => {
  const model = ruledModel();
  const empty = toWriteFrom(3).map((passage) => ({ ...passage, passage: " \n " }));
  expect(await writeFromPassages(empty, model, none)).toEqual({ kept: [], thrown: {} });
  expect(model.prompts).toEqual([]);
});

test("a model that answers otherwise when it is asked again loses its questions", async () => {
  const model = ruledModel({ answer: () => "Something else entirely" });
  const { kept, thrown } = await writeFromPassages(toWriteFrom(1), model, none);
  expect(kept.filter(({ kind }) => kind !== "yes-no")).toEqual([]);
  expect(thrown.disagrees).toBeGreaterThanOrEqual(3);
});

test("about half of the questions with an amount are answered no, since another amount is put into them", async () => {
  const passages = toWriteFrom(8).map((passage, i) => ({
    ...passage,
    passage: `The deposit for the boat${"s".repeat(i)} is 90 euros.`,
  }));
  const model = ruledModel({ answer: (task, passage) => (/^Question/.test(task) ? "Yes" : passage) });
  const { kept } = await writeFromPassages(passages, model, { kinds: ["yes-no"], known: [] });
  const answers = kept.map(({ question, answer, evidence }) => {
    const isYes = question.includes("is 90 euros");
    expect(question).toContain(isYes ? "90 euros" : "20 euros");
    expect(answer).toBe(`${isYes ? "Yes" : "No"}. ${evidence}`);
    return isYes;
  });
  expect([answers.filter(Boolean).length, answers.length]).toEqual([4, 8]);
});

test("what is not in a text was asked of another passage of the same split, and is answered so", async () => {
  const known: KnownQuestion[] = (["train", "test"] as const).map((split, i) => ({
    kind: "fact",
    question: `How long is the ${split} boat of the yard hired?`,
    answer: "77 weeks",
    document: "hire 4.txt",
    split,
    passageId: 90 + i,
  }));
  const model = ruledModel({
    answer: (task) => (/Reply with Yes or No/.test(task) ? "No" : "The text does not say."),
  });
  const { kept } = await writeFromPassages(toWriteFrom(1), model, { kinds: ["not-in-text"], known });
  expect(kept).toMatchObject([
    {
      kind: "not-in-text",
      question: "How long is the train boat of the yard hired?",
      evidence: "",
      answer: "The text does not say.",
      doubt: 0,
      passageId: 1,
    },
  ]);
});

test("no question is asked a second time of a text that does not answer it, and none about something else", async () => {
  const asked = (kind: KnownQuestion["kind"], question: string): KnownQuestion => {
    return { kind, question, answer: "77 weeks", document: "other.txt", split: "train", passageId: 90 };
  };
  const model = ruledModel({ answer: () => "The text does not say." });
  const kinds = ["not-in-text"] as const;
  const write = async (...known: KnownQuestion[]) =>
    (await writeFromPassages(toWriteFrom(1), model, { kinds, known })).kept.length;
  const question = "How long is the train boat of the yard hired?";
  expect(await write(asked("fact", question))).toBe(1);
  expect(await write(asked("fact", question), asked("not-in-text", question))).toBe(0);
  expect(await write(asked("fact", "How long is a boat?"))).toBe(0);
});

test("German passages are asked in German", async () => {
  const [passage] = toWriteFrom(1);
  const german = "Der Mieter zahlt die Kaution an den Vermieter innerhalb von 14 Tagen nach dem Einzug.";
  const model = ruledModel({ write: () => "{}" });
  await writeFromPassages([{ ...passage!, passage: german }], model, none);
  expect(model.prompts[0]!.messages.at(-1)!.content).toContain("Schreibe auf Deutsch");
});
