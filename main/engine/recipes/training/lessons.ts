/** What a teacher recorded of a step's batches, weighted as the plan says. */
import type { Kept } from "../../../../native-models/model.ts";
import { labelPlaces } from "../../../../native-models/training/batch.ts";
import type { Batch, Batcher, TokenRow } from "../../../../native-models/training/batch.ts";
import type { Lesson, StreamTarget } from "../../../../native-models/training/trainee.ts";
import type { TrimPlan } from "../../../../preload/contract/plans/plan.ts";
import { taughtRow } from "./teacher.ts";
import type { Curriculum, Spoken, Teacher } from "./teacher.ts";

/** A batch as it is trained. */
export interface TaughtBatch {
  readonly batch: Batch;
  /** Labels that belong to answers. */
  readonly answers: number;
  /** 1 for each label of an answer, else 0; null if all labels are answers'. [n] */
  readonly isAnswer: Float32Array | null;
}

/** The batch of some rows. If the teacher teaches everywhere, there are labels after each token. */
export function taughtBatch(
  batcher: Batcher,
  rows: readonly TokenRow[],
  curriculum: Curriculum | null,
): TaughtBatch {
  if (!curriculum?.everywhere) {
    const batch = batcher.batch(rows);
    return { batch, answers: batch.labels.length, isAnswer: null };
  }
  const batch = batcher.batch(rows.map((row) => taughtRow(row, curriculum)));
  const isAnswer = new Float32Array(batch.labels.length);
  for (const [index, row] of rows.entries())
    for (const place of labelPlaces(row)) isAnswer[batch.labelStarts[index]! + place - 1] = 1;
  return { batch, answers: isAnswer.reduce((sum, answer) => sum + answer, 0), isAnswer };
}

export async function spokenOf(
  teacher: Teacher,
  batches: readonly { indices: readonly number[] }[],
): Promise<Spoken[]> {
  return Promise.all(batches.map(({ indices }) => teacher.of(indices)));
}

/** The lesson of each batch of a step, for a model of width D: every loss is a mean over the step. */
export function lessonsOf(
  { distillation, tokens, streams }: TrimPlan["trim"],
  { kept, width }: { kept: readonly Kept[]; width: number },
  { blocks, tokens: recorded }: Curriculum,
  spoken: readonly Spoken[],
): Lesson[] {
  const total = (of: (one: Spoken) => number) => spoken.reduce((sum, one) => sum + of(one), 0);
  const factor = distillation / total(({ hidden }) => (hidden ? squares(hidden) : 0));
  const places = recorded ? total(({ tokens: own }) => own!.ids.length / recorded.count) : 0;
  const strength = tokens.weight / places;
  const matched = blocks.filter((block) => kept[block]);
  const streamTokens = matched.length * total(({ streams: [first] }) => (first ? first.length / width : 0));
  return spoken.map(({ hidden, tokens: own, streams: ofBlocks }) => ({
    hidden: hidden ? { target: hidden, factor } : undefined,
    tokens: own && recorded ? { ...own, temperature: recorded.temperature, strength } : undefined,
    streams: matched.map((block): StreamTarget => {
      const target = ofBlocks[blocks.indexOf(block)]!;
      return { block, target, factors: relativeFactors(target, width, streams.weight / streamTokens) };
    }),
  }));
}

/** `weight` / ‖target‖² of each token: some have streams a hundred times as long as others, which would dominate the loss. [N] */
function relativeFactors(target: Float32Array, width: number, weight: number): Float32Array {
  return Float32Array.from(
    { length: target.length / width },
    (_, token) => weight / (squares(target.subarray(token * width, (token + 1) * width)) || 1),
  );
}

function squares(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  return sum;
}
