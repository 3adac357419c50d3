/** The test questions of a run, and which models answered them correctly. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fail } from "../../../native-models/failure.ts";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import type { AnswerFilter, AnsweredQuestion, Answers } from "../../../preload/contract/calls/runs.ts";
import { Split } from "../../../preload/contract/data/data.ts";
import type { Question } from "../../../preload/contract/data/data.ts";
import type { EvaluationRecord, Evaluations } from "../runs/evaluations.ts";
import type { Home } from "../../home/home.ts";
import type { Runs } from "../runs/runs.ts";
import { readOutcome, wholeDepth } from "../../home/run-folder.ts";

export interface GradedQuestionsRequest {
  readonly id: string;
  /** A depth's name in the run's outcome. */
  readonly depth: string;
  readonly filter: AnswerFilter;
  readonly offset: number;
  readonly limit: number;
}

/** Longer questions are truncated: a list shows their start. */
const longestQuestion = 4000;

/** A page of the questions that match a filter, and the number that match each filter. Failures: unknown-run, not-found, bad-choice. */
export function gradedQuestions(
  { home, runs, evaluations }: { home: Home; runs: Runs; evaluations: Evaluations },
  { id, depth, filter, offset, limit }: GradedQuestionsRequest,
): Answers {
  const { plan } = runs.get(id);
  const questions = testQuestions(plan.data.path);
  const measured = evaluations.ofRun(id).filter(({ split }) => split === "test");
  const base = measured.find(({ subject }) => subject === "base");
  const tuned = measured.find(({ subject }) => subject === "tuned");
  const chosen = depth === wholeDepth ? tuned : depthOf(measured, home.runs, id, depth);
  const right = (of: EvaluationRecord | undefined, index: number) =>
    of?.depth.evaluation.correct?.[index] ?? null;

  const counts: Answers["counts"] = { all: 0, lost: 0, won: 0, differ: 0 };
  const page: AnsweredQuestion[] = [];
  for (const [index, { question, choices, answer, task }] of questions.entries()) {
    const who = { base: right(base, index), tuned: right(tuned, index), depth: right(chosen, index) };
    const kinds = kindsOf(who);
    for (const kind of kinds) counts[kind]++;
    const place = counts[filter] - 1;
    if (!kinds.includes(filter) || place < offset || place >= offset + limit) continue;
    const shown = question.slice(0, longestQuestion);
    page.push({ number: index + 1, question: shown, choices, answer, ...(task ? { task } : {}), right: who });
  }
  return { counts, questions: page };
}

function kindsOf({ tuned, depth }: AnsweredQuestion["right"]): AnswerFilter[] {
  if (tuned === null || depth === null || tuned === depth) return ["all"];
  return ["all", "differ", tuned ? "lost" : "won"];
}

function depthOf(
  measured: readonly EvaluationRecord[],
  runsFolder: string,
  id: string,
  name: string,
): EvaluationRecord {
  const depth = readOutcome(join(runsFolder, id))?.metrics.depths.find((known) => known.name === name);
  const found =
    depth &&
    measured.find(
      ({ subject, depth: { units, healed } }) =>
        subject === "trimmed" && units === depth.units && healed === depth.healed,
    );
  return found ?? refuseChoice({ code: "depth-not-measured", depth: name });
}

let last: { path: string; modified: number; questions: readonly Question[] } | null = null;

/** The questions in scoring order; those of the last folder are cached. */
function testQuestions(folder: string): readonly Question[] {
  const path = join(folder, "test.json");
  const modified = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  if (modified === undefined) return fail({ code: "not-found", path, what: "test data" });
  if (last?.path !== path || last.modified !== modified) {
    const { questions } = Split.parse(JSON.parse(readFileSync(path, "utf8")));
    last = { path, modified, questions };
  }
  return last.questions;
}
