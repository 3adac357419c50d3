/** What a study stores of a run: its models' figures, with the outcome of each row where models are compared. */
import { createHash } from "node:crypto";
import { readSplits } from "../../../main/documents/stored/split-files.ts";
import { generatedOf } from "../../../main/trimming/evaluation/generated-answers.ts";
import type { Depth } from "../../../main/trimming/schedule/depth.ts";
import type { ChatMeasured } from "../../../main/trimming/schedule/operations.ts";
import { unitsOf } from "../../../main/trimming/schedule/units.ts";
import { bestConstantAnswerByTask } from "../../../native-models/evaluation/baselines.ts";
import { questionPrompt } from "../../../native-models/evaluation/choices.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import type { Evaluation, Subject } from "../../../preload/contract/runs/run.ts";
import { marksOf } from "./results.ts";
import type { InChat, Measured, StudyModel, TunedResult } from "./results.ts";
import type { Data } from "./sets.ts";

interface Storing {
  readonly subject: Subject;
  /** The model as it runs. */
  readonly chat: ChatMeasured | null;
  /** With the outcome of each row, as for the models that are compared: the base, the tuned one, the control, healed depths. */
  readonly isDetailed?: boolean;
}

/** The figures of one of a run's models. */
export function modelOf(
  {
    name,
    snapshot,
    healed,
    measured,
    validated,
  }: Omit<Depth, "validated"> & { validated: Depth["validated"] | null },
  { trim }: TrimPlan,
  { subject, chat, isDetailed = true }: Storing,
): StudyModel {
  const keptIndices = unitsOf(snapshot.kept, trim.unit);
  return {
    name,
    subject,
    units: keptIndices.length,
    keptIndices,
    healed,
    test: measuredOf(measured.test, isDetailed),
    valid: validated && measuredOf(validated, isDetailed),
    chat: chat && inChatOf(chat),
  };
}

function inChatOf({
  tokensPerSecond,
  sizeBytes,
  exactMatch,
  answered = [],
  scored,
}: ChatMeasured): InChat | null {
  if (!scored) return null;
  const { accuracy, perplexity, correct } = scored.evaluation;
  const { precision, questions } = scored;
  return {
    precision,
    tokensPerSecond,
    sizeBytes,
    accuracy,
    perplexity,
    exactMatch,
    generated: generatedOf(answered),
    rows: {
      questions: [...questions],
      correct: marksOf(correct ?? []),
      exact: answered.map((row) => row?.exact ?? null),
      rougeL: answered.map((row) => row?.rougeL ?? null),
    },
  };
}

/** `isDetailed`: with the outcome of each row. */
export function measuredOf({ correct, nlls, textTokens, ...means }: Evaluation, isDetailed = true): Measured {
  return {
    ...means,
    correct: isDetailed && correct ? marksOf(correct) : null,
    nlls: isDetailed && nlls ? nlls : null,
    textTokens: isDetailed && textTokens ? textTokens : null,
  };
}

/** What a result says about its data. */
export function aboutData({ folder, report, validLines, written }: Data): TunedResult["data"] {
  const { train, valid, test, style } = readSplits(folder);
  const keysOf = ({ questions }: typeof test) =>
    questions.map((question) => questionKey(questionPrompt(question, style)));
  return {
    hash: report.hash,
    trainingRows: train.examples.length,
    validRows: valid.examples.length + valid.questions.length,
    testRows: test.examples.length + test.questions.length,
    validLines: [...validLines],
    questions: keysOf(test),
    tasks: test.questions.some(({ task }) => task !== undefined)
      ? test.questions.map(({ task }) => task ?? null)
      : null,
    validQuestions: keysOf(valid),
    bestConstant: bestConstantAnswerByTask(test.questions),
    written,
  };
}

/** A question's key, by which equal questions of several sets are pooled. */
const questionKey = (prompt: string): string =>
  createHash("sha256").update(prompt).digest("hex").slice(0, 12);
