/** The test questions of a run, and what its models answered. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fail } from "../../../native-models/failure.ts";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import { ANSWER_FILTERS } from "../../../preload/contract/calls/runs.ts";
import type { AnswerFilter, AnsweredQuestion, Answers, Said } from "../../../preload/contract/calls/runs.ts";
import { Split } from "../../../preload/contract/data/data.ts";
import type { EvaluationRecord, Evaluations } from "../runs/evaluations.ts";
import type { Home } from "../../home/home.ts";
import type { Runs } from "../runs/runs.ts";
import { readOutcome, wholeDepth } from "../../home/run-folder.ts";
import { askedText } from "../../documents/stored/asked-text.ts";
import { readCorrections, withoutLearnt } from "../../documents/stored/corrections.ts";
import { readJournal } from "../../trimming/journal/journal-file.ts";
import { ChatMeasured } from "../../trimming/schedule/operations.ts";
import type { AnsweredRow } from "../../trimming/schedule/operations.ts";
import { nameOf } from "../../trimming/schedule/stage-names.ts";

export interface GradedQuestionsRequest {
  readonly id: string;
  /** A depth's name in the run's outcome. */
  readonly depth: string;
  readonly filter: AnswerFilter;
  readonly offset: number;
  readonly limit: number;
}

/** Longer answers are truncated: a list shows their start. */
const LONGEST = 4000;
const SAMPLE = 10;

/**
 * A page of the test questions that match a filter, and the number that match each filter; of data without questions, the rows that chat
 * models answered. Failures: unknown-run, not-found, bad-choice, corrupt-file, unreadable.
 */
export async function gradedQuestions(
  sources: { home: Home; runs: Runs; evaluations: Evaluations },
  { id, depth, filter, offset, limit }: GradedQuestionsRequest,
): Promise<Answers> {
  const { plan } = sources.runs.get(id);
  const measured = plan.everything ? depthBefore(sources.home, plan.everything.of, depth) : { id, depth };
  const { improvement } = plan;
  const whole = testSplit(plan.data.path);
  const split = improvement ? withoutLearnt(whole, readCorrections(improvement.corrections.path)) : whole;
  const answersOf = split.questions.length > 0 ? chosen : written;
  const all = measured ? await answersOf(sources, measured, split) : [];
  const of = (kind: AnswerFilter) =>
    kind === "ten"
      ? wrongFirst(all.filter((_, index) => isSampled(index, all.length)))
      : all.filter((row) => isOfKind(row, kind));
  const counts = Object.fromEntries(ANSWER_FILTERS.map((kind) => [kind, of(kind).length]));
  return { counts: counts as Answers["counts"], questions: of(filter).slice(offset, offset + limit) };
}

/** Whether a row is one of `SAMPLE` that are spread evenly over `count`. */
const isSampled = (index: number, count: number): boolean =>
  Math.floor(((index + 1) * SAMPLE) / count) > Math.floor((index * SAMPLE) / count) || count <= SAMPLE;

/** Those that the depth answered wrong, then those that it answered right, each in their order. */
const wrongFirst = (rows: readonly AnsweredQuestion[]): AnsweredQuestion[] =>
  [...rows].sort((a, b) => Number(a.depth?.right ?? false) - Number(b.depth?.right ?? false));

function isOfKind({ tuned, depth }: AnsweredQuestion, kind: Exclude<AnswerFilter, "ten">): boolean {
  switch (kind) {
    case "all":
      return true;
    case "wrong":
      return depth?.right === false;
    case "lost":
      return tuned?.right === true && depth?.right === false;
    case "won":
      return tuned?.right === false && depth?.right === true;
  }
}

/** The depth whose figures a run has that learnt from everything, which was not measured itself; null once that run is deleted. */
function depthBefore(home: Home, id: string, depth: string): Of | null {
  const outcome = readOutcome(join(home.runs, id));
  return outcome && { id, depth: depth === wholeDepth ? depth : outcome.metrics.trimmed.name };
}

interface Of {
  readonly id: string;
  readonly depth: string;
}

/** Multiple choice, from the stored evaluations. */
function chosen(
  { home, evaluations }: { home: Home; evaluations: Evaluations },
  { id, depth }: Of,
  { questions }: Split,
): AnsweredQuestion[] {
  const measured = evaluations.ofRun(id).filter(({ split }) => split === "test");
  const base = measured.find(({ subject }) => subject === "base");
  const tuned = measured.find(({ subject }) => subject === "tuned");
  const trimmed = depth === wholeDepth ? tuned : depthOf(measured, home.runs, id, depth);
  return questions.map((row, index) => {
    const { choices, answer, task } = row;
    const said = (of: EvaluationRecord | undefined): Said | null => {
      const { correct, chosen: places } = of?.depth.evaluation ?? {};
      const right = correct?.[index];
      return right === undefined
        ? null
        : { text: choices[places?.[index] ?? (right ? answer : -1)] ?? null, right };
    };
    return {
      number: index + 1,
      question: askedText(row),
      expected: choices[answer] ?? "",
      ...(task ? { task } : {}),
      base: said(base),
      tuned: said(tuned),
      depth: said(trimmed),
    };
  });
}

const WithAnswers = ChatMeasured.pick({ answered: true });

/** Written answers of the chat models, from the run's journal. */
async function written(
  { home }: { home: Home },
  { id, depth }: Of,
  { examples }: Split,
): Promise<AnsweredQuestion[]> {
  const folder = join(home.runs, id);
  const stages = (await readJournal(folder))?.content.stages ?? [];
  const answersOf = (name: string) => {
    const stage = stages.find((one) => one.name === nameOf.chat(name));
    const rows = WithAnswers.optional().parse(stage?.result)?.answered ?? [];
    return new Map(rows.flatMap((row) => (row ? [[row.index, row]] : [])));
  };
  const [base, tuned, trimmed] = [answersOf("base"), answersOf(wholeDepth), answersOf(depth)];
  const said = (row: AnsweredRow | undefined): Said | null =>
    row ? { text: row.text.trim(), right: row.matches } : null;
  return [...trimmed.keys()].map((index, place) => ({
    number: place + 1,
    question: askedText(examples[index]!),
    expected: examples[index]!.completion.trim().slice(0, LONGEST),
    base: said(base.get(index)),
    tuned: said(tuned.get(index)),
    depth: said(trimmed.get(index)),
  }));
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

let last: { path: string; modified: number; split: Split } | null = null;

/** The test rows in scoring order; those of the last folder are cached. */
function testSplit(folder: string): Split {
  const path = join(folder, "test.json");
  const modified = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  if (modified === undefined) return fail({ code: "not-found", path, what: "test data" });
  if (last?.path !== path || last.modified !== modified) {
    last = { path, modified, split: Split.parse(JSON.parse(readFileSync(path, "utf8"))) };
  }
  return last.split;
}
