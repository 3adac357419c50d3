import { expect, test } from "vitest";
import { english } from "../../../../main/services/questions/english.ts";
import { anotherAmount } from "../../../../main/services/questions/amounts.ts";
import { opposite } from "../../../../main/services/questions/opposites.ts";
import type { Draft } from "../../../../main/services/questions/draft.ts";

test.each([
  ["7 days", "8 days"],
  ["9 days", "2 days"],
  ["$16.9 million", "$26.9 million"],
  ["1.234,56 €", "2.234,56 €"],
  ["31 December 2019", "31 December 2018"],
  ["05.03.1999", "05.03.1998"],
])("another amount has the same form: %s, %s", (amount, other) => {
  expect(anotherAmount(amount, `It takes ${amount}.`)).toBe(other);
});

test("an amount that the text has, too, is not the other one", () => {
  expect(anotherAmount("7 days", "Boats are lent for 7 days, and carts for 8 days.")).toBe("9 days");
  expect(anotherAmount("May 2019", "In May 2019, not in May 2018.")).toBe("May 2017");
});

test.each(["1 day", "0.5 mg", "5 to 7 days", "a week"])("%s has no other", (amount) => {
  expect(anotherAmount(amount, "")).toBeNull();
});

test("a question about another amount is answered no, with the same reason", () => {
  const evidence = "The boat is lent for 7 days.";
  const draft: Draft = {
    kind: "yes-no",
    question: "Is the boat lent for 7 days?",
    answer: `Yes. ${evidence}`,
    evidence,
  };
  expect(opposite(draft, "7 days", evidence, english)).toEqual({
    ...draft,
    question: "Is the boat lent for 8 days?",
    answer: `No. ${evidence}`,
  });
  const other = { ...draft, question: "Is the boat lent for a week?" };
  expect(opposite(other, "7 days", evidence, english)).toBe(other);
});
