/**
 * The data of a plan's run. An improvement is measured on its run's data, and trained on corrections and rows drawn from them; learning from
 * everything trains on the held-out rows, too.
 */
import { questionExample } from "../../../native-models/evaluation/choices.ts";
import { Random } from "../../../native-models/random.ts";
import type { TokenRow } from "../../../native-models/training/batch.ts";
import type { Example, Question, Split } from "../../../preload/contract/data/data.ts";
import { rehearsedRows } from "../../../preload/contract/plans/plan.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import { readCorrections, withoutLearnt } from "../../documents/stored/corrections.ts";
import type { Corrections } from "../../documents/stored/corrections.ts";
import { readSplits } from "../../documents/stored/split-files.ts";
import type { Splits } from "../../documents/stored/split-files.ts";
import type { CorrectionNlls } from "../schedule/operations.ts";
import { total } from "../evaluation/evaluate.ts";
import { exampleRow } from "../rows/rows.ts";
import type { Encoder } from "../rows/rows.ts";

export interface PlannedData extends Splits {
  /** Of an improvement; null for other runs. */
  readonly corrections: Corrections | null;
}

/** Reads a plan's data. Throws as `readSplits` and `readCorrections` do. */
export function readPlanned({
  data,
  improvement,
  everything,
  seed,
}: Pick<TrimPlan, "data" | "improvement" | "everything" | "seed">): PlannedData {
  const splits = readSplits(data.path);
  if (everything) return { ...splits, train: allRows(splits), corrections: null };
  if (!improvement) return { ...splits, corrections: null };
  const corrections = readCorrections(improvement.corrections.path);
  const { examples } = splits.train;
  const count = rehearsedRows(improvement, corrections.right.length, examples.length);
  const drawn = new Random(seed, "rehearsal").permutation(examples.length).subarray(0, count);
  const rehearsed = [...drawn].map((index) => examples[index]!);
  return {
    ...splits,
    train: { examples: [...corrections.right, ...rehearsed], questions: [] },
    test: withoutLearnt(splits.test, corrections),
    corrections,
  };
}

/** The rows of training, validation and test as training rows. */
function allRows({ train, valid, test, style }: Splits): Split {
  const learnt = (question: Question): Example => {
    const example = questionExample(question, style);
    if (question.rendered === undefined) return example;
    return { prompt: question.rendered, completion: example.completion.trimStart(), special: true };
  };
  const held = [valid, test].flatMap(({ examples, questions }) => [...examples, ...questions.map(learnt)]);
  return { examples: [...train.examples, ...held], questions: [] };
}

/** Corrections as rows to score: both answers of each. */
export interface CorrectionRows {
  readonly rows: readonly TokenRow[];
  /** The answers' NLLs, from those of each row's labels. */
  nlls(ofRows: readonly Float32Array[]): CorrectionNlls;
}

export function correctionRows(
  encoder: Encoder,
  { right, wrong }: Corrections,
  maxTokens: number,
): CorrectionRows {
  const rows: TokenRow[] = [];
  const add = (example: Example | null): number | null => {
    const row = example && exampleRow(encoder, example, maxTokens);
    return row ? rows.push(row) - 1 : null;
  };
  const pairs = right.flatMap((example, index) => {
    const first = add(example);
    return first === null ? [] : [{ right: first, wrong: add(wrong[index]!) }];
  });
  return {
    rows,
    nlls: (ofRows) =>
      pairs.map(({ right, wrong }) => ({
        right: total(ofRows[right]!),
        wrong: wrong === null ? null : total(ofRows[wrong]!),
      })),
  };
}
