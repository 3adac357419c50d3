/** What is shown of a run before it starts: its plan, and warnings about its model, data and choices. */
import type { DatasetReport } from "../../preload/contract/data/data.ts";
import { rowCount } from "../../preload/contract/data/data.ts";
import { noteText } from "../../preload/contract/words/notes.ts";
import type { ModelReport } from "../../preload/contract/plans/model.ts";
import { idleChoices, unitName } from "../../preload/contract/plans/plan.ts";
import type { TrimPlan } from "../../preload/contract/plans/plan.ts";
import { countsAnswers } from "../../preload/methods/index.ts";
import { cutsTexts, tooFewRows } from "../../preload/contract/results/recommended.ts";
import { bytesText, counted, countText } from "../../preload/contract/words/figures.ts";
import { usedMethods } from "../../preload/methods/index.ts";
import { NOTHING_IS_CUT } from "../../preload/contract/words/idle-words.ts";
import { longRows, longRowsText } from "../../preload/contract/words/long-rows.ts";
import { LEFT_OUT_SENTENCES } from "../../preload/contract/words/sentence.ts";
import { unitsKept } from "../trimming/schedule/planned-run.ts";
import { unitsIn } from "../trimming/schedule/units.ts";
import { plannedDepth, reachedAt, withFieldVocabulary } from "../trimming/plan/goals.ts";
import type { PlannedDepth } from "../trimming/plan/goals.ts";
import { plannedShape } from "../trimming/plan/vocabulary.ts";
import type { PreparedTrim } from "../services/runs/trimming.ts";
import type { Context } from "./context.ts";
import { shownText } from "./verdict.ts";
import type { Recommending } from "./verdict.ts";

/** The plan, and what a person should know about the model and data before it starts. */
export function showPrepared({ terminal }: Context, { run, model, dataset, estimate }: PreparedTrim): void {
  const { colours } = terminal;
  const { splits, notes, tokenLengths } = dataset.report;
  const long = tokenLengths ? longRows(tokenLengths, run.plan.maxTokens) : 0;
  const rows = (name: "train" | "valid" | "test") => countText(rowCount(splits[name]));
  terminal.say(`${colours.bold(run.name)} ${colours.dim(run.id)}`);
  terminal.say(
    `${colours.dim("Model")} ${counted(model.parameters, "weight")} in ${counted(model.layers, "block")}, ${bytesText(model.sizeBytes)}`,
  );
  terminal.say(
    `${colours.dim("Data")}  ${rows("train")} training rows, ${rows("valid")} validation rows, ${rows("test")} test rows`,
  );
  terminal.say(
    `${colours.dim("Needs")} about ${bytesText(estimate.memoryBytes)} of memory and ${bytesText(estimate.diskBytes)} of disk`,
  );
  const depth = plannedDepth(run.plan, model);
  terminal.say(`${colours.dim("Keeps")} ${keptText(run.plan, model, depth)}`);
  const field = withFieldVocabulary(model, depth.blocks, run.plan);
  if (field)
    terminal.say(
      `      With --vocabulary field about ${bytesText(field.chatMemoryBytes)} and ${field.times.toFixed(1)} times.`,
    );
  const leftOut = model.leftOut.map((part) => LEFT_OUT_SENTENCES[part]);
  for (const notice of [...model.notices, ...leftOut, ...notes.map(noteText)]) terminal.warn(notice);
  if (long > 0) terminal.warn(longRowsText(long, tokenLengths!.rows, run.plan.maxTokens));
  if (countsAnswers(run.plan.trim.scorer) && !splits.valid?.questions)
    terminal.warn(
      "Without validation questions there are no right answers to count: the likelihood of the answers decides what is cut.",
    );
}

/** "15 of 30 blocks, in chat about 210 MB and 1.9 times as fast (estimated)". */
function keptText(plan: TrimPlan, model: ModelReport, { units, blocks }: PlannedDepth): string {
  const what = `${unitName[plan.trim.unit]}s`;
  const { chatMemoryBytes, times } = reachedAt(model, blocks, plan);
  const words = plan.vocabulary
    ? ` and at least ${countText(plannedShape(model, plan).vocabularySize)} of ${countText(model.vocabularySize)} tokens`
    : "";
  const least = plan.floor === undefined ? "" : "at least ";
  return `${least}${units.kept} of ${units.total} ${what}${words}, in chat about ${bytesText(chatMemoryBytes)} and ${times.toFixed(1)} times as fast (estimated)`;
}

/** What a person should know about a plan's choices, in a sentence each. */
export function choiceWarnings({ run: { plan }, model, dataset: { report } }: PreparedTrim): string[] {
  const sentences = [
    fewRowsSentence(plan, report),
    textsSentence(plan, model, report),
    ...idleSentences(plan, model),
  ];
  return sentences.filter((sentence) => sentence !== "");
}

/** Why a run that is to result in the recommended depth will, or may, recommend none. Empty if its rows suffice. */
export function fewRowsSentence(
  plan: Recommending,
  { splits: { valid } }: Pick<DatasetReport, "splits">,
): string {
  const few = plan.floor === undefined ? null : tooFewRows(valid, plan);
  if (!few) return "";
  const { kind, rows, least, usual } = few;
  const more =
    usual > least ? `, or about ${countText(usual)} for a chance of 80% if one answer in five changes` : "";
  return `${rows < least ? "No depth" : "Perhaps no depth"} will be recommended: to ${shownText(kind, plan)} takes at least ${least} validation ${kind}${more}. There ${rows === 1 ? "is" : "are"} ${rows}; add more with coppice data --valid.`;
}

/** What a plan asks for, but its run will not do, in a sentence each. */
export function idleSentences(plan: TrimPlan, model: Pick<ModelReport, "layers" | "sections">): string[] {
  const total = unitsIn(model, plan.trim.unit);
  const sentences = {
    base: `All weights are trained, so none are frozen and stored as ${plan.base.storage}.`,
    ...NOTHING_IS_CUT,
  };
  const cuts = unitsKept(plan, total) < total;
  const idleMethods = cuts ? [] : usedMethods(plan, "rows");
  return [
    ...idleChoices(plan, cuts).map((choice) => sentences[choice]),
    ...idleMethods.map(({ spec }) => `Nothing is cut, so the method "${spec.id}" changes nothing.`),
  ];
}

/** A warning of what a cut costs if the rows are texts without choices. Empty if nothing is cut, or if rows choose the depth. */
export function textsSentence(
  plan: Pick<TrimPlan, "trim" | "floor">,
  model: Pick<ModelReport, "layers" | "sections">,
  { splits }: Pick<DatasetReport, "splits">,
): string {
  const total = unitsIn(model, plan.trim.unit);
  if (!cutsTexts(splits, { kept: unitsKept(plan, total), total }, plan)) return "";
  return "Your rows are texts without choices. A small model that we measured wrote much worse with half of its blocks (perplexity 23 instead of 7), and worse with 80% of them (11), while choosing between given answers suffered little: --keep more of them, or try several depths with --target without-loss. From held-out documents, coppice data --make-questions makes questions with choices, and coppice questions write has a local model write some.";
}
