/** What a teacher recorded of a step's batches, weighted as the plan says. */
import { labelPlaces } from "../../../native-models/training/batch.ts";
import type { Batch, Batcher, TokenRow } from "../../../native-models/training/batch.ts";
import type { DistillationTargets } from "../../../native-models/training/trainee.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import { taughtRow } from "./teacher.ts";
import type { Curriculum, TeacherBatch, Teacher } from "./teacher.ts";

/** A batch as it is trained. */
export interface DistillationBatch {
  readonly batch: Batch;
  /** Labels that belong to answers. */
  readonly answers: number;
  /** 1 for each label of an answer, else 0; null if all labels are answers'. [n] */
  readonly isAnswer: Float32Array | null;
}

/** The batch of some rows. If the teacher teaches everywhere, there are labels after each token. */
export function distillationBatch(
  batcher: Batcher,
  rows: readonly TokenRow[],
  curriculum: Curriculum | null,
): DistillationBatch {
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

export async function teacherRecords(
  teacher: Teacher,
  batches: readonly { indices: readonly number[] }[],
): Promise<TeacherBatch[]> {
  return Promise.all(batches.map(({ indices }) => teacher.of(indices)));
}

/** The targets of each batch of a step: every loss is a mean over the step. */
export function distillationTargets(
  { distillation }: Pick<TrimPlan["trim"], "distillation">,
  { tokens: recorded }: Curriculum,
  records: readonly TeacherBatch[],
): DistillationTargets[] {
  const total = (of: (one: TeacherBatch) => number) => records.reduce((sum, one) => sum + of(one), 0);
  const factor = distillation / total(({ hidden }) => (hidden ? squares(hidden) : 0));
  const places = recorded ? total(({ tokens: own }) => own!.ids.length / recorded.count) : 0;
  const strength = 1 / places;
  return records.map(({ hidden, tokens: own }) => ({
    hidden: hidden ? { target: hidden, factor } : undefined,
    tokens: own && recorded ? { ...own, temperature: recorded.temperature, strength } : undefined,
  }));
}

function squares(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  return sum;
}
