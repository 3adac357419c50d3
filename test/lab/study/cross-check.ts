/** Scores an exported result on the set's test questions, both with lm-evaluation-harness and with this program. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { readSplits } from "../../../main/documents/stored/split-files.ts";
import { choiceLogLikelihoods } from "../../../main/trimming/evaluation/evaluate.ts";
import { questionRows } from "../../../main/trimming/rows/rows.ts";
import { choiceTexts, questionPrompt } from "../../../native-models/evaluation/choices.ts";
import type { ChoiceStyle, Question } from "../../../native-models/evaluation/choices.ts";
import { openModel } from "../../../native-models/open-model.ts";
import { lmEvalPython, runReference } from "../reference/setup.ts";
import { marksOf } from "./results.ts";
import type { CheckResult } from "./results.ts";
import { scoreFrozen } from "./score-frozen.ts";

/** The log-likelihood of each choice of each question, in nats. */
type Scores = readonly (readonly number[])[];

const Answer = z.object({
  versions: z.record(z.string(), z.string()),
  logLikelihoods: z.array(z.array(z.number())),
});

/** Longer than any question of the sets, so that nothing is cut off. */
const MAX_TOKENS = 2048;

/** A local server that offers the model. */
export interface Served {
  readonly url: string;
  readonly name: string;
  readonly token: string;
}

type Checked = Pick<CheckResult, "versions" | "here" | "there" | "largestDifference">;

/**
 * Compares both on the test questions in `data`. Throws if there are none, and whatever opening the model and running the harness
 * throw.
 */
export async function crossCheck(model: string, data: string, threads: number): Promise<Checked> {
  const { test, style } = readSplits(data);
  const { questions } = test;
  if (questions.length === 0)
    throw new Error("The set has no questions, which lm-evaluation-harness is for.");
  return bothOn(questions, style, { model, threads });
}

/** The same on these questions; where the model is `served`, the harness asks the server instead of opening it. */
export async function bothOn(
  questions: readonly Question[],
  style: ChoiceStyle,
  { model, threads, served }: { readonly model: string; readonly threads: number; readonly served?: Served },
): Promise<Checked> {
  const here = await scoredHere(model, questions, style, threads);
  const { versions, logLikelihoods: there } = scoredThere(model, questions, style, served);
  const differences = here.flatMap((choices, question) =>
    choices.map((value, choice) => Math.abs(value - there[question]![choice]!)),
  );
  const marks = (scores: Scores) =>
    marksOf(scores.map((choices, question) => likeliest(choices) === questions[question]!.answer));
  return {
    versions,
    here: marks(here),
    there: marks(there),
    largestDifference: Math.max(...differences),
  };
}

const likeliest = (values: readonly number[]): number => values.indexOf(Math.max(...values));

async function scoredHere(
  path: string,
  questions: readonly Question[],
  style: ChoiceStyle,
  threads: number,
): Promise<Scores> {
  const model = await openModel(path);
  try {
    const asked = questions.map((one) => questionRows(model.tokenizer, one, style, MAX_TOKENS));
    const rows = asked.flatMap((one) => one.rows);
    return choiceLogLikelihoods(asked, await scoreFrozen(model, rows, threads));
  } finally {
    model.close();
  }
}

function scoredThere(model: string, questions: readonly Question[], style: ChoiceStyle, served?: Served) {
  const folder = mkdtempSync(join(tmpdir(), "coppice-harness-"));
  const [asked, answered] = [join(folder, "questions.jsonl"), join(folder, "answers.json")];
  try {
    const lines = questions.map((one) =>
      JSON.stringify({
        prompt: questionPrompt(one, style),
        choices: choiceTexts(one, style),
        answer: one.answer,
      }),
    );
    writeFileSync(asked, lines.join("\n"));
    const server = served ? [served.url, served.name] : [];
    runReference("lm-eval.py", [model, asked, answered, ...server], lmEvalPython(), {
      OPENAI_API_KEY: served?.token,
    });
    return Answer.parse(JSON.parse(readFileSync(answered, "utf8")));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
