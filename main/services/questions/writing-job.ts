/** Runs a writing: a few passages at a time, stored each time, until all are done or it is stopped. */
import { NearGroups } from "../../documents/passages/near-duplicates.ts";
import { AwakeClock } from "../../engines/process/awake-clock.ts";
import type { AskedModel } from "./batch-model.ts";
import { writeFromPassages } from "./writing-from-passages.ts";
import type { WrittenFromPassages } from "./writing-from-passages.ts";
import type { AskedAndAnswered, Writings } from "./writings.ts";

export interface WritingOptions {
  /** Opens the writing's model. */
  readonly open: () => Promise<AskedModel>;
  /** Called after each batch of passages. */
  readonly onProgress?: () => void;
  /** Whether the next batch may begin; if not, the job ends and frees its memory. */
  readonly mayGoOn?: () => boolean;
}

/** Passages per batch: a stop or a kill loses no more than these, and they are enough to keep the batch engine's rows busy. */
const PASSAGES = 4;

/** Why a writing ended without a failure: all passages are done, its time is up, or it may not continue now. */
export type WritingEnd = "done" | "time" | "not-now";

/** Writes from the passages that are not done. Failures: those of opening and asking the model, not-found, disk-full, unwritable. */
export async function writeOn(
  writings: Writings,
  id: number,
  { open, onProgress, mayGoOn = () => true }: WritingOptions,
): Promise<WritingEnd> {
  const { kinds } = writings.get(id);
  const { ask, stop } = await open();
  const clock = new AwakeClock();
  try {
    const before = new NearGroups();
    for (const question of writings.all(id)) before.add(textOf(question));
    for (let began = clock.milliseconds(); ; began = clock.milliseconds()) {
      const passages = writings.next(id, PASSAGES);
      if (passages.length === 0) return "done";
      if (isOver(writings, id)) return "time";
      if (!mayGoOn()) return "not-now";
      const written = await writeFromPassages(passages, ask, { kinds, known: writings.known(id) });
      const different = withoutDuplicates(written, before);
      writings.record(id, passages, different, (clock.milliseconds() - began) / 1000);
      onProgress?.();
    }
  } finally {
    clock.stop();
    await stop();
  }
}

function isOver(writings: Writings, id: number): boolean {
  const { seconds, mostSeconds } = writings.get(id);
  return mostSeconds !== null && seconds >= mostSeconds;
}

/** Removes questions that, with their answers, are nearly the same as earlier ones. "Not in the text" is exempt: it reuses questions. */
function withoutDuplicates({ kept, thrown }: WrittenFromPassages, before: NearGroups): WrittenFromPassages {
  const different = kept.filter(
    (question) => question.kind === "not-in-text" || before.add(textOf(question)),
  );
  const duplicate = kept.length - different.length;
  return { kept: different, thrown: { ...thrown, ...(duplicate > 0 && { duplicate }) } };
}

const textOf = ({ question, answer }: AskedAndAnswered) => `${question} ${answer}`;
