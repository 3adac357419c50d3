/** Accuracies without any knowledge: the baselines for an accuracy. */
import type { Question } from "./choices.ts";
import { mean } from "./statistics.ts";

/** The expected accuracy of guessing: the mean of 1 / number of choices; null without questions. */
export function chanceLevel(questions: readonly Question[]): number | null {
  return questions.length === 0 ? null : mean(questions.map(({ choices }) => 1 / choices.length));
}

/**
 * The accuracy of the best constant answer, and that answer: always the same text, or always the same place in the list,
 * whichever is right more often; null without questions.
 */
export function bestConstantAnswer(
  questions: readonly Question[],
): { accuracy: number; answer: string } | null {
  const counts = new Map<string, number>();
  const count = (answer: string) => counts.set(answer, (counts.get(answer) ?? 0) + 1);
  for (const { choices, answer } of questions) {
    count(`“${choices[answer]!}”`);
    count(`choice ${answer + 1}`);
  }
  let best: { accuracy: number; answer: string } | null = null;
  for (const [answer, right] of counts) {
    if (right > (best?.accuracy ?? 0) * questions.length)
      best = { accuracy: right / questions.length, answer };
  }
  return best;
}

/** The accuracy of always giving each task's most frequent answer; equals the best constant answer if no task is named. */
export function bestConstantAnswerByTask(questions: readonly Question[]): number | null {
  if (questions.length === 0) return null;
  const tasks = new Map<string | undefined, Question[]>();
  for (const question of questions) {
    if (!tasks.has(question.task)) tasks.set(question.task, []);
    tasks.get(question.task)!.push(question);
  }
  const right = [...tasks.values()].map((group) => bestConstantAnswer(group)!.accuracy * group.length);
  return right.reduce((a, b) => a + b, 0) / questions.length;
}

/** The shares of questions that random choices and the most frequent answer get right; null without questions. */
export function guessingOf(questions: readonly Question[]): { chance: number; bestConstant: number } | null {
  const [chance, best] = [chanceLevel(questions), bestConstantAnswer(questions)];
  return chance === null || best === null ? null : { chance, bestConstant: best.accuracy };
}
