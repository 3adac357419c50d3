/** Comparisons of two models on the same rows: of the answers that they generated, and of the scores that they gave. */
import { pairedDifference } from "../../../native-models/evaluation/bootstrap.ts";
import { accuracyOf } from "../../../native-models/evaluation/statistics.ts";
import type { Rounding, TextComparison } from "../../../preload/contract/runs/measures.ts";
import type { ChangeInChat, Evaluation } from "../../../preload/contract/runs/run.ts";
import type { AnsweredRow, ChatMeasured } from "../schedule/operations.ts";
import { comparisonOf, textDifference } from "../schedule/versus.ts";

/** The first model's generated answers minus the second's, over the rows that both answered. */
export function answersVersus(
  first: readonly (AnsweredRow | null)[],
  second: readonly (AnsweredRow | null)[],
): Pick<TextComparison, "rougeL" | "repetition" | "stops"> {
  const pairs = first.flatMap((one, index) => {
    const other = second[index];
    return one && other ? [[one, other] as const] : [];
  });
  const difference = (of: (row: AnsweredRow) => number | null) => {
    const values = pairs.flatMap(([one, other]) => {
      const [a, b] = [of(one), of(other)];
      return a === null || b === null ? [] : [[a, b] as const];
    });
    return pairedDifference(
      values.map(([a]) => a),
      values.map(([, b]) => b),
    );
  };
  return {
    rougeL: difference(({ rougeL }) => rougeL),
    repetition: difference(({ repetition }) => repetition),
    stops: difference(({ stopped }) => (stopped === null ? null : Number(stopped))),
  };
}

/** A chat model against the trained one, on the rows that both scored; null if either's scores were not stored. */
export function roundingOf(
  { precision, prompted, questions, texts, evaluation: chat }: NonNullable<ChatMeasured["scored"]>,
  trained: Evaluation,
): Rounding | null {
  const { correct = [], nlls, textTokens } = trained;
  if (!nlls || !textTokens || !chat.nlls) return null;
  const pick = <T>(values: readonly T[], at: readonly number[]) => at.map((index) => values[index]!);
  const right = pick(correct, questions);
  const before: Evaluation = {
    ...trained,
    accuracy: accuracyOf(right),
    correct: right,
    nlls: [...pick(nlls, questions), ...pick(nlls.slice(correct.length), texts)],
    textTokens: pick(textTokens, texts),
  };
  const changed = changedChoices(chat, before);
  const choices = changed && {
    trained: changed.without,
    chat: changed.with,
    versus: changed.versus,
    answerNll: changed.answerNll,
  };
  return { precision, ...(prompted && { prompted }), choices, texts: textDifference(chat, before) };
}

/** What changes in a model's choices on the same questions, `after` minus `before`; null without questions. */
export function changedChoices(after: Evaluation, before: Evaluation): ChangeInChat["choices"] {
  const versus = comparisonOf(after, before);
  if (!after.accuracy || !before.accuracy || !versus) return null;
  const answerNlls = ({ correct = [], nlls = [] }: Evaluation) => nlls.slice(0, correct.length);
  const answerNll = pairedDifference(answerNlls(after), answerNlls(before));
  return { without: before.accuracy, with: after.accuracy, versus, answerNll };
}
