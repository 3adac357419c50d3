import { describe, expect, test } from "vitest";
import { measuringRecords, trainingRecords } from "../../../../main/services/questions/question-rows.ts";
import type { WrittenQuestion } from "../../../../preload/contract/questions/written-questions.ts";
import { hirePassage } from "./passages.ts";

const question = (id: number, more: Partial<WrittenQuestion> = {}): WrittenQuestion => ({
  id,
  kind: "fact",
  question: `How long is thing ${id} hired?`,
  answer: `${id + 3} days`,
  evidence: "…",
  passage: hirePassage(id),
  document: `hire ${id}.txt`,
  place: 7,
  split: "train",
  doubt: 0,
  state: "unseen",
  isChanged: false,
  ...more,
});
const absent = question(5, { kind: "not-in-text", answer: "The text does not say.", evidence: "" });
const yes = question(6, { kind: "yes-no", answer: "No. The keeper returns it." });

describe("For training", () => {
  test("a question is a conversation below its passage, and says where it is from and that a model wrote it", () => {
    expect(trainingRecords([question(1)], "with")).toEqual([
      {
        messages: [
          { role: "user", content: `${hirePassage(1)}\n\nHow long is thing 1 hired?` },
          { role: "assistant", content: "4 days" },
        ],
        made: "written",
        document: "hire 1.txt",
        place: 7,
      },
    ]);
  });

  test("without passages, nothing is asked that is not in one", () => {
    const edited = { ...question(2), answer: "Das steht nicht im Text" };
    const rows = trainingRecords([question(1), absent, edited], "without");
    expect(rows).toMatchObject([{ messages: [{ content: "How long is thing 1 hired?" }, {}] }]);
  });
});

describe("For measuring", () => {
  const collection = [0, 1, 2, 3, 4].map((id) => question(id));

  test("wrong choices are other answers of the kind, and that the text does not say", () => {
    const asked = question(9, { answer: "2 weeks", state: "kept" });
    const [record] = measuringRecords([asked], [...collection, asked], "with");
    expect(record).toMatchObject({ made: "written", checked: true, task: "fact", document: "hire 9.txt" });
    const { choices, answer } = record as { choices: string[]; answer: number };
    expect(choices[answer]).toBe("2 weeks");
    expect(choices).toHaveLength(4);
    expect(choices).toContain("The text does not say.");
    expect(new Set(choices).size).toBe(4);
  });

  test("wrong choices are in the language of the question's document, which a row of a table alone may not say", () => {
    const row = { passage: "Medikament: Ramipril; Dosis: 5 mg", document: "plan.pdf" };
    const text = { passage: "Der Plan ist vom Arzt und wird nicht geändert.", document: "plan.pdf" };
    const german = [question(10, text), question(11, { ...text, answer: "14 Tage" }), question(12, row)];
    const asked = question(13, { ...row, answer: "5 mg" });
    const [record] = measuringRecords([asked], [...collection, ...german], "without");
    expect((record as { choices: string[] }).choices.sort()).toEqual([
      "13 days",
      "14 Tage",
      "15 days",
      "5 mg",
    ]);
  });

  test("an answer that may be right as well is no wrong choice", () => {
    const asked = question(9, { answer: "four days in all" });
    const [record] = measuringRecords([asked], [question(1, { answer: "four days" }), ...collection], "with");
    expect((record as { choices: string[] }).choices).not.toContain("four days");
  });

  test("yes or no has these choices; what is not in a text has answers beside it", () => {
    const records = measuringRecords([yes, absent], [...collection, yes, absent], "with");
    const told = records as { choices: string[]; answer: number }[];
    expect([...told[0]!.choices].sort()).toEqual(["No", "The text does not say.", "Yes"]);
    expect(told[0]!.choices[told[0]!.answer]).toBe("No");
    expect(told[1]!.choices[told[1]!.answer]).toBe("The text does not say.");
    expect(told[1]!.choices.length).toBeGreaterThanOrEqual(2);
  });

  test("an edited answer says yes or no in any case; one that says neither measures nothing", () => {
    const german = "Der Mieter darf das Boot nicht vermieten, und die Kaution ist von dem Mieter zu zahlen.";
    const answered = (answer: string) => {
      const [record] = measuringRecords([{ ...yes, passage: german, answer }], [], "without");
      const { choices, answer: right } = (record ?? { choices: [], answer: 0 }) as {
        choices: string[];
        answer: number;
      };
      return choices[right];
    };
    expect(["nein, nie", "Ja.", "Nur im Mai", "Neinsagen hilft"].map(answered)).toEqual([
      "Nein",
      "Ja",
      undefined,
      undefined,
    ]);
  });

  test("an answer that a person edited counts, whatever the kind of its question", () => {
    const [noText, nine] = ["The text does not say.", "nine weeks"];
    const edited = [
      question(7, { answer: "the text does not say that", state: "edited" }),
      { ...yes, id: 8, answer: noText },
      { ...absent, id: 9, answer: nine },
    ];
    const records = measuringRecords(edited, [...collection, ...edited], "with");
    const told = records as { choices: string[]; answer: number }[];
    expect(told.map(({ choices, answer }) => choices[answer])).toEqual([noText, noText, nine]);
    for (const { choices } of told) expect(choices.filter((choice) => choice === noText)).toHaveLength(1);
    const asked = measuringRecords([question(1), ...edited], [...collection, ...edited], "without");
    expect(asked.map((record) => record["question"])).toEqual([question(1).question, absent.question]);
    expect(JSON.stringify(asked)).not.toMatch(/text does not say/);
  });

  test("a question that nothing else can be chosen for is left out", () => {
    expect(measuringRecords([question(1)], [question(1)], "without")).toEqual([]);
  });

  test("the right choice is in every place about equally often", () => {
    const many = Array.from({ length: 200 }, (_, id) => question(id, { passage: hirePassage(id % 40) }));
    const places = measuringRecords(many, many, "with").map((record) => record["answer"] as number);
    for (const place of [0, 1, 2, 3]) {
      const share = places.filter((one) => one === place).length / places.length;
      expect(share).toBeGreaterThan(0.15);
      expect(share).toBeLessThan(0.35);
    }
  });
});
