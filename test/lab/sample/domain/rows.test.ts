import { describe, expect, test } from "vitest";
import { domainRows, rowCounts, type DomainSplit } from "./rows.ts";
import { numberWord } from "../english.ts";
import { things, towns } from "../world.ts";
import { besides, topics, type Phrasings } from "./topics.ts";

const seed = 7;
const splits: readonly DomainSplit[] = ["train", "valid", "test"];
const rowsOf = domainRows(seed);

const clauseOf = (text: string) => /\nClause: (.*)/.exec(text)![1]!;

function clausesOf(split: DomainSplit): string[] {
  const { questions, lookUps } = rowsOf[split];
  return [...questions.map(({ question }) => question), ...lookUps.map(({ prompt }) => prompt)].map(clauseOf);
}

/** Whether the clause has a sentence of this template, whatever fills its slots. */
function matches(clause: string, template: string): boolean {
  const pattern = template.replace(/[.?]/g, "\\$&").replace(/\{\w+\}/g, "[\\w -]+");
  return new RegExp(`(^|[.:,] )${pattern}( |$)`, "i").test(clause);
}

const all = [...topics.flatMap(({ yes, no }) => [yes, no]), besides];

describe.each(splits)("%s", (split) => {
  const { questions, lookUps } = rowsOf[split];

  test("has the right number of rows, without duplicates", () => {
    expect(questions).toHaveLength(rowCounts[split].questions);
    expect(lookUps).toHaveLength(rowCounts[split].lookUps);
    const texts = [...questions.map(({ question }) => question), ...lookUps.map(({ prompt }) => prompt)];
    expect(new Set(texts).size).toBe(texts.length);
  });

  test("answers Yes as often as No, in each topic", () => {
    for (const { name } of topics) {
      const answers = questions.filter(({ task }) => task === name).map(({ answer }) => answer);
      expect(answers.length).toBeGreaterThanOrEqual(10);
      expect(answers.filter((answer) => answer === 0)).toHaveLength(answers.length / 2);
    }
  });

  test("answers every look-up with words from its clause", () => {
    for (const { prompt, completion } of lookUps)
      expect(` ${clauseOf(prompt).toLowerCase()}`).toContain(completion.toLowerCase());
  });

  test("is the same for the same seed, and different for another", () => {
    expect(domainRows(seed)[split]).toEqual(rowsOf[split]);
    expect(domainRows(seed + 1)[split]).not.toEqual(rowsOf[split]);
  });
});

test("no clause is in two splits", () => {
  const [train, valid, test] = splits.map((split) => new Set(clausesOf(split))) as [
    Set<string>,
    Set<string>,
    Set<string>,
  ];
  expect([...valid].filter((clause) => train.has(clause))).toEqual([]);
  expect([...test].filter((clause) => train.has(clause) || valid.has(clause))).toEqual([]);
});

test.each(["valid", "test"] as const)(
  "a wording of %s stands in that split alone, and there often",
  (split) => {
    const wordings = all.flatMap((phrasings: Phrasings) => phrasings[split]);
    const has = (clause: string) => wordings.some((wording) => matches(clause, wording));
    for (const other of splits.filter((name) => name !== split))
      expect(clausesOf(other).filter(has)).toEqual([]);
    expect(clausesOf(split).filter(has).length).toBeGreaterThan(clausesOf(split).length * 0.4);
  },
);

test("no sum or period of test is in a training clause", () => {
  const numbers = Array.from({ length: 60 }, (_, index) => numberWord(index + 1)).join("|");
  const amount = new RegExp(`(?<![\\w-])(${numbers}) (mark|day|week|month|year)s?\\b`, "gi");
  const amounts = (split: DomainSplit) =>
    new Set(clausesOf(split).flatMap((text) => text.toLowerCase().match(amount) ?? []));
  const train = amounts("train");
  const test = amounts("test");
  expect(test.size).toBeGreaterThan(20);
  expect([...test].filter((value) => train.has(value))).toEqual([]);
});

test("no hired item and no town is in two splits", () => {
  const names = [...towns, ...things.map(({ name }) => name)];
  const named = splits.map((split) => {
    const words = new Set(clausesOf(split).flatMap((clause) => clause.match(/[\w-]+/g)!));
    return names.filter((name) => words.has(name));
  });
  expect(named.every((own) => own.length >= 4)).toBe(true);
  expect(new Set(named.flat()).size).toBe(named.flat().length);
});

test("every topic has questions whose clause is on topic and answers no", () => {
  for (const { name, no } of topics) {
    const nearMisses = rowsOf.test.questions.filter(
      ({ task, answer, question }) =>
        task === name &&
        answer === 1 &&
        [...no.train, ...no.test].some((template) => matches(clauseOf(question), template)),
    );
    expect(nearMisses.length).toBeGreaterThanOrEqual(5);
  }
});
