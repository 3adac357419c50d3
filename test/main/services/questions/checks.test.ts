import { describe, expect, test } from "vitest";
import { refusalOf, verdictOf } from "../../../../main/services/questions/checks.ts";
import type { SecondAnswers } from "../../../../main/services/questions/checks.ts";
import type { Draft } from "../../../../main/services/questions/draft.ts";
import { english as words } from "../../../../main/services/questions/english.ts";
import { containment, likeness, shareIn } from "../../../../main/services/questions/overlap.ts";

const evidence = "The tenant has to pay the deposit of 900 euros within 14 days of signing.";
const draft: Draft = {
  kind: "fact",
  question: "By when does the tenant pay the deposit of 900 euros?",
  answer: "within 14 days of signing",
  evidence,
};
const figures = {
  answer: "900 vs. 450",
  evidence: "The deposit of tenants is 900 (landlords and the fee: 450).",
};
const night = {
  kind: "yes-no",
  question: "May night staff leave the building?",
  evidence: "Night staff have 45 minutes, paid, because they may not leave the building.",
} as const;
const agrees: SecondAnswers = {
  first: "Within 14 days of signing.",
  second: evidence,
  fromMemory: null,
};
const doubtOf = (answers: Partial<SecondAnswers>, other: Partial<Draft> = {}) => {
  const verdict = verdictOf({ ...draft, ...other }, { ...agrees, ...answers }, words);
  return verdict.kept ? verdict.doubt : verdict.reason;
};

describe("Words", () => {
  test("are compared without inflection, articles and case; numbers are whole", () => {
    expect(shareIn("Die Kündigungen", "Eine Kündigung ist schriftlich.")).toBe(1);
    expect(shareIn("14 days", "within 140 days")).toBe(0.5);
    expect(containment("900", "It is 900 euros in all.")).toBe(1);
    expect(likeness("900 euros", "900")).toBeCloseTo(2 / 3);
    expect([shareIn("", "x"), containment("", "x"), likeness("", "")]).toEqual([0, 0, 0]);
  });
});

describe("Before the model is asked again", () => {
  test.each<[string, Partial<Draft>, ReturnType<typeof refusalOf>]>([
    ["a question that the sentence answers", {}, null],
    ["an answer that the sentence does not have", { answer: "after three years" }, "unsupported"],
    [
      "a question that has its answer",
      { question: "Does he pay within 14 days of signing?" },
      "gives-itself-away",
    ],
    [
      "a question about a sentence",
      { question: "What does the sentence say of the deposit?" },
      "gives-itself-away",
    ],
    [
      "a question about a given sentence",
      { question: "What is the deposit in the given sentence?" },
      "gives-itself-away",
    ],
    [
      "a time that is a temperature",
      {
        question: "Wann lagern die Impfstoffe im Kühlschrank?",
        answer: "Zwei bis acht Grad",
        evidence: "Impfstoffe lagern bei zwei bis acht Grad im Kühlschrank.",
      },
      "unsupported",
    ],
    [
      "a time beside an amount",
      {
        question: "When does a tenant pay a fee?",
        answer: "900 euros, 14 days after signing",
        evidence: "A tenant pays a fee of 900 euros, 14 days after signing.",
      },
      null,
    ],
    [
      "a definition of what defines",
      {
        kind: "definition",
        question: "What is an unbroken chill?",
        answer: "The cold chain is an unbroken chill of vaccines.",
        evidence: "The cold chain is an unbroken chill of vaccines.",
      },
      "unsupported",
    ],
    [
      "the term for what defines it",
      {
        kind: "definition",
        question: "What is the term for an unbroken chill of vaccines?",
        answer: "The cold chain",
        evidence: "The cold chain is an unbroken chill of vaccines.",
      },
      null,
    ],
    [
      "a sum of which the sentence gives the parts",
      {
        question: "What is the total that a tenant pays?",
        answer: "900 euros",
        evidence: "A tenant pays 900 euros of deposit and 150 euros of fees.",
      },
      "unsupported",
    ],
    [
      "a sum that the sentence gives",
      {
        question: "What is the total that a tenant pays?",
        answer: "1,050 euros",
        evidence: "In all, a tenant pays 1,050 euros, of which 150 euros are fees.",
      },
      null,
    ],
    [
      "the one amount of a sentence, called a total",
      {
        question: "What was the total of the deposits of tenants in 2024?",
        answer: "900 euros",
        evidence: "Deposits of tenants came to 900 euros in 2024.",
      },
      null,
    ],
    [
      "a part of the year that the sentence does not name",
      {
        question: "What did tenants pay in the second half of the year?",
        answer: "900 euros",
        evidence: "Tenants paid 900 euros in the year, of which 500 in the first half.",
      },
      "unsupported",
    ],
    [
      "a part of the year that the sentence names",
      {
        question: "Was zahlten die Mieter im zweiten Halbjahr?",
        answer: "900 Euro",
        evidence: "Im zweiten Halbjahr zahlten die Mieter 900 Euro.",
      },
      null,
    ],
    [
      "a question with words of the example",
      { question: "When must a reader at the library in Elm Street bring back books?" },
      "unsupported",
    ],
    [
      "a question of the passage, set in the example's place",
      { question: "By when does the tenant in Elm Street pay the deposit?" },
      "unsupported",
    ],
    [
      "a comparison whose result the sentence does not say",
      {
        kind: "comparison",
        question: "What is the difference between the euro and the dollar?",
        answer: "The euro is higher than the dollar.",
        evidence: "Sales rose by 7.6 million due to the euro compared to the dollar.",
      },
      "unsupported",
    ],
    [
      "a comparison of figures in a sentence",
      {
        kind: "comparison",
        question: "Did adults or children pay more for the boat?",
        answer: "Adults paid more than children.",
        evidence: "For the boat, adults pay 9 euros and children pay 4.",
      },
      null,
    ],
    [
      "a difference of which the answer has one side",
      {
        kind: "comparison",
        question: "What is the difference between a CT scan and an x-ray?",
        answer: "A CT scan makes pictures of the body from different angles.",
        evidence: "A CT scan, unlike an x-ray, makes pictures of the body from different angles.",
      },
      "unsupported",
    ],
    [
      "a difference of which both sides are the same",
      {
        kind: "comparison",
        question: "What is the difference between the work of the landlord and of the tenant on windows?",
        answer: "The landlord does the work on windows, while the tenant does the work on windows.",
        evidence: "The landlord rather than the tenant does the work on windows.",
      },
      "unsupported",
    ],
    [
      "a difference of both sides",
      {
        kind: "comparison",
        question: "Was ist der Unterschied zwischen der Kaution der Mieter und der Gebühr des Maklers?",
        answer: "Die Kaution der Mieter ist 900, während die Gebühr des Maklers 450 ist.",
        evidence: "Die Kaution der Mieter ist 900 Euro, die Gebühr des Maklers 450.",
      },
      null,
    ],
    [
      "a difference that is an amount",
      {
        kind: "comparison",
        question: "What was the difference in expenses between the prior year and this year?",
        answer: "$2.7 million",
        evidence: "Expenses rose by $2.7 million compared with the prior year.",
      },
      null,
    ],
    [
      "a difference of things that only letters name",
      {
        kind: "comparison",
        question: "What is the difference in temperature between Room A and Room B?",
        answer: "Room A: 14 °C; Room B: 20 °C",
        evidence: "Room: Room A; Temperature: 14 °C\nRoom: Room B; Temperature: 20 °C",
      },
      null,
    ],
    ["yes to what the sentence denies", { ...night, answer: `Yes. ${night.evidence}` }, "unsupported"],
    [
      "yes to what the sentence excludes",
      {
        kind: "yes-no",
        question: "Is frost damage to contents outdoors covered?",
        answer: "Yes. Frost damage to contents outdoors is excluded.",
        evidence: "Frost damage to contents outdoors is excluded.",
      },
      "unsupported",
    ],
    [
      "yes to what the sentence denies, beside another denial",
      {
        kind: "yes-no",
        question: "Does the company own ideas that are excluded by law?",
        answer: "Yes. The company doesn't own ideas that are excluded by law.",
        evidence: "The company doesn't own ideas that are excluded by law.",
      },
      "unsupported",
    ],
    [
      "yes to a question with the same denial",
      {
        kind: "yes-no",
        question: "Did we not use Grakon for the audit?",
        answer: "Yes. We didn't use Grakon for the audit.",
        evidence: "We didn't use Grakon for the audit.",
      },
      null,
    ],
    ["no to what the sentence denies", { ...night, answer: `No. ${night.evidence}` }, null],
    [
      "yes beside a denial of something else",
      { ...night, question: "Do night staff have 45 minutes?", answer: `Yes. ${night.evidence}` },
      null,
    ],
    [
      "yes to a limit",
      {
        kind: "yes-no",
        question: "Can the tenant cut an opening for the duct?",
        answer: "Yes.",
        evidence: "The tenant can cut an opening not wider than the duct.",
      },
      null,
    ],
    [
      "an answer about a sentence",
      { answer: "The deposit of 900 euros, as the sentence says" },
      "gives-itself-away",
    ],
    [
      "a comparison of figures",
      { kind: "comparison", question: "What is the difference between 900 and 14?" },
      "unsupported",
    ],
    [
      "a difference that is two figures",
      { question: "How do deposit and fee differ?", ...figures },
      "unsupported",
    ],
    ["a figure for each", { question: "What are the deposit and the fee?", ...figures }, null],
    [
      "one figure for two",
      { question: "What is the deposit of tenants compared to landlords?", ...figures, answer: "900" },
      "unsupported",
    ],
    [
      "one figure between two",
      {
        question: "How much higher is the deposit of tenants compared to the fee?",
        ...figures,
        answer: "450",
      },
      null,
    ],
    [
      "a comparison of what figures are of",
      { kind: "comparison", question: "How do the deposit and its 14 days differ at signing?" },
      null,
    ],
    ["an empty answer", { answer: "" }, "unusable"],
    ["a question without words", { question: "???" }, "unusable"],
  ])("%s", (_, change, reason) => {
    expect(refusalOf({ ...draft, ...change }, change.evidence ?? evidence, words)).toBe(reason);
  });

  test("what another passage says is not said to be absent", () => {
    const absent: Draft = { ...draft, kind: "not-in-text", evidence: "" };
    expect(refusalOf(absent, evidence, words)).toBe("answered");
    expect(refusalOf(absent, "The landlord repairs the roof.", words)).toBeNull();
  });
});

describe("Asked again", () => {
  test("agreement leaves no doubt; more or less than the answer leaves some; another answer throws it away", () => {
    expect(doubtOf({})).toBe(0);
    expect(doubtOf({ first: "14 days" })).toBeGreaterThan(0);
    expect(doubtOf({ second: "Rent is due within 14 days of signing." })).toBe(0.05);
    expect(doubtOf({ first: "after three years" })).toBe("disagrees");
    expect(doubtOf({ second: "The landlord repairs the roof." })).toBe("disagrees");
    expect(doubtOf({ first: null })).toBe("disagrees");
  });

  test("a model that says the text does not say disagrees", () => {
    expect(doubtOf({ first: "The text does not say." })).toBe("disagrees");
  });

  test("a model that knows the answer without the passage leaves a doubt, but keeps it", () => {
    expect(doubtOf({ fromMemory: "within 14 days of signing" })).toBe(0.05);
  });

  test("a question that leaves out some of its sentence leaves a doubt: it may be a condition", () => {
    const [half, less] = ["By when does the tenant pay the deposit?", "By when is it paid?"];
    expect(doubtOf({}, { question: half })).toBeGreaterThan(0);
    expect(doubtOf({}, { question: less })).toBeGreaterThan(doubtOf({}, { question: half }) as number);
  });

  test("yes or no must be the same one", () => {
    const yes = {
      kind: "yes-no",
      answer: `Yes. ${evidence}`,
      question: "Does the tenant pay the deposit within 14 days of signing?",
    } as const;
    expect(doubtOf({ first: "Yes", second: evidence }, yes)).toBeLessThan(0.1);
    expect(doubtOf({ first: "No", second: evidence }, yes)).toBe("disagrees");
  });

  test("what is not in a text: the model says so in one of two ways, and does not give the answer", () => {
    const absent = { kind: "not-in-text", evidence: "" } as const;
    expect(doubtOf({ first: "The text does not say", second: "No" }, absent)).toBe(0);
    expect(doubtOf({ first: "Within 14 days", second: "No" }, absent)).toBe("answered");
    expect(doubtOf({ first: "Next year", second: "No" }, absent)).toBe(0.15);
    expect(doubtOf({ first: "Next year", second: "Yes" }, absent)).toBe("answered");
  });
});
