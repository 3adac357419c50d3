/** Which answers are written anew, and which of these count. */
import { describe, expect, test } from "vitest";
import {
  askedAgain,
  freeAnswers,
  freeTokens,
  rewrittenRows,
  rewrittenText,
  verdictOn,
} from "../../../../../main/engine/recipes/rows/rewritten-answers.ts";
import { trainingExamples } from "../../../../../main/engine/recipes/rows/rows.ts";
import type { Example, Split } from "../../../../../preload/contract/data/data.ts";
import { characters } from "../run/tiny-run.ts";

const ANSWER = " the lease ends on the last day of May";
const free = { prompt: "When does it end?\n", completion: ANSWER };
const plan = { maxTokens: 200, rewriting: { share: 1, agreement: 0.5 } };

const rowsOf = (examples: Example[], maxTokens = plan.maxTokens) =>
  trainingExamples(characters, { examples, questions: [] }, maxTokens);
const none: Split = { examples: [], questions: [] };
const questions = [{ question: "Which?", choices: ["a", "b"], answer: 0 }];

const freeOf = (examples: Example[], { held = none, maxTokens = plan.maxTokens, context = 4096 } = {}) =>
  freeAnswers(
    characters,
    { train: rowsOf(examples, maxTokens), valid: held, test: none },
    { ...plan, maxTokens },
    context,
  ).map(({ row }) => row);

describe("An answer is written anew", () => {
  test("if it is free text of some length to a prompt, and fits in the context when it gets longer", () => {
    expect(freeOf([free])).toEqual([0]);
    expect(freeOf([{ ...free, completion: " it ends in May" }, free])).toEqual([1]);
    expect(freeOf([{ ...free, prompt: "" }])).toEqual([]);
    expect(freeOf([free], { maxTokens: 40 })).toEqual([]); // the row is cut
    expect(freeOf([free], { context: 60 })).toEqual([]);
  });

  test("not where it is a choice, listed or not, or a quotation of the prompt", () => {
    const letters = `When?\nA. never, as far as anyone who signed it knows\nB.${ANSWER}\nAnswer:`;
    expect(freeOf([{ prompt: letters, completion: ` B.${ANSWER}` }])).toEqual([]);
    expect(freeOf([{ prompt: `Copy:${ANSWER}.`, completion: ANSWER }])).toEqual([]);
    const plain = { prompt: "When does it end?\nAnswer:", completion: ANSWER };
    expect(freeOf([plain])).toEqual([0]);
    expect(freeOf([plain], { held: { ...none, questions } })).toEqual([]);
    const inTemplate = { ...plain, prompt: `<user>${plain.prompt}<assistant>`, special: true };
    expect(freeOf([inTemplate], { held: { ...none, questions } })).toEqual([]);
  });

  test("of no row if the plan wants none, of an even share otherwise; its tokens are those of the rows", () => {
    const train = rowsOf(Array.from({ length: 8 }, () => free));
    const all = freeAnswers(characters, { train, valid: none, test: none }, plan, 4096);
    expect(askedAgain(all, { share: 0.25 }).map(({ row }) => row)).toEqual([2, 6]);
    const among = (rows: number[]) => askedAgain(all, { share: 0.25 }, new Set(rows)).map(({ row }) => row);
    expect(among([1, 4, 5, 7])).toEqual([4, 7]); // as many of fewer
    expect(among([5])).toEqual([5]);
    expect(freeTokens(all.slice(0, 1))).toEqual({
      freePrompts: free.prompt.length + 1,
      freeAnswers: ANSWER.length + 1,
    });
    const off = { ...plan, rewriting: { ...plan.rewriting, share: 0 } };
    expect(freeAnswers(characters, { train, valid: none, test: none }, off, 4096)).toEqual([]);
  });
});

describe("What was written", () => {
  const verdict = (text: string, { ended = true, own = ANSWER } = {}) =>
    verdictOn({ text, ended }, own, characters.encode, plan.rewriting);

  test.each([
    [" on the last day of May the lease ends", "kept"],
    [`${ANSWER}  `, "same"],
    ["  \n", "empty"],
    [" nobody has agreed on anything so far, as it seems", "different"],
    [`${ANSWER}${ANSWER}${ANSWER}`, "repetitive"],
  ])("%j is %s", (text, expected) => {
    expect(verdict(text)).toBe(expected);
  });

  test("does not count if it was broken off, or has other numbers than the row's answer", () => {
    expect(verdict(" on the last day of May the lease ends", { ended: false })).toBe("unfinished");
    const own = " the lease ends on the 31st of May 2026";
    expect(verdict(" on the 31st of May 2026 the lease ends", { own })).toBe("kept");
    expect(verdict(" on the 30th of May 2026 the lease ends", { own })).toBe("different");
  });

  test("may repeat as much as the row's own answer does", () => {
    const own = " yes, yes, yes, yes, yes, yes, yes, yes, no";
    expect(verdict(" yes, yes, yes, yes, yes, yes, yes, no", { own })).toBe("kept");
  });

  test("takes the place of a row's answer if it counts; all other rows stay, and each is counted once", () => {
    const train = rowsOf([free, free, { ...free, completion: " no" }, free]);
    const asked = freeAnswers(characters, { train, valid: none, test: none }, plan, 4096);
    const better = " on the last day of May the lease ends";
    const written = [better, "", ANSWER].map((text) => ({ text, ended: true }));
    const { rows, rewritten } = rewrittenRows(characters, train, asked, written, plan);
    expect(rewritten).toMatchObject({ asked: 3, kept: 1, same: 1, empty: 1, different: 0 });
    expect(rows.slice(1)).toEqual(train.slice(1).map(({ row }) => row));
    expect(rows[0]).toEqual(rowsOf([{ ...free, completion: better }])[0]!.row);
    expect(rewrittenText(rewritten)).toContain("Of 3 answers");
  });
});
