import type { UnitScore } from "../schedule/scoring.ts";
import { halfOf, unitsOf } from "../schedule/units.ts";
import { eachWithout, isLowest, leaveOneOut, observed } from "../scoring/scan.ts";
import type { Scored } from "../scoring/scan.ts";
import { choiceLogLikelihoods } from "../evaluation/evaluate.ts";
import { choiceRows } from "../evaluation/held-out-rows.ts";
import type { QuestionRows } from "../rows/rows.ts";
import type { ScorerMethod } from "./method.ts";

/**
 * TrimLLM (arXiv 2412.11242): drops the unit without which most questions are answered right. Its score (100 − a) / ((1 + δ²) +
 * (1 + δ) · a) of an accuracy a falls with a for every δ > −1, so 1 − a gives the same order without a δ, which the paper does not
 * state. Ties: MLP halves go before attention halves, then the unit that adds the largest activations goes first. If rows have no choices,
 * the NLL decides instead of the accuracy.
 */
export const accuracyNorm: ScorerMethod = {
  kind: "scorer",
  score: async (scored) => {
    const { rows, kind } = scored;
    const questions = rows.flatMap(({ question }) => question ?? []);
    const areAsked = rows.length > 0 && questions.length === rows.length;
    const seen = areAsked
      ? { ...scored, rows: choiceRows(rows).map((row) => ({ row, answer: null })) }
      : scored;
    const norms = new Map<number, number>();
    for (const { unit, squares } of await observed(seen, ({ addedSquares }) => ({ squares: addedSquares })))
      norms.set(unit, Math.sqrt(squares));
    const smallest = Math.min(...norms.values());
    const tieOf = (unit: number) =>
      (100 * smallest) / norms.get(unit)! + (halfOf(kind, unit) === "attention" ? ATTENTION_LATER : 0);
    const scores = await (areAsked ? answersWithout(seen, questions) : leaveOneOut(seen));
    return scores.map((score) => ({ ...score, tie: tieOf(score.unit) }));
  },
};

/** More than the largest tie-break by norm. */
const ATTENTION_LATER = 1000;

/** The share of questions answered wrong without each unit: a question's answer is the choice with the lowest NLL, as in evaluations. */
async function answersWithout(scored: Scored, questions: readonly QuestionRows[]): Promise<UnitScore[]> {
  const units = unitsOf(scored.stack.kept, scored.kind);
  const nll = units.map((): Float32Array[] => []);
  await eachWithout(scored, units, (candidate, row, labels) => {
    nll[candidate]![row] = labels.slice();
  });
  return units.map((unit, i) => {
    const right = choiceLogLikelihoods(questions, nll[i]!).filter((choices, question) =>
      isLowest(
        choices.map((value) => -value),
        questions[question]!.answer,
      ),
    );
    const accuracy = right.length / questions.length;
    return { unit, score: 1 - accuracy, accuracy };
  });
}
