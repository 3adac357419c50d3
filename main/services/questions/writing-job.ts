/** A writing at work: a few passages at a time, each time written down, until all are done or it is stopped. */
import { nearDuplicates } from "../../engine/documents/near-duplicates.ts";
import type { EngineOptions } from "../../engine/host.ts";
import type { Home } from "../../home.ts";
import { BatchEngine } from "../answers/batch-engine.ts";
import type { Reading } from "../data/reading.ts";
import { findModel } from "../models/model-reference.ts";
import type { RunModels } from "../models/run-models.ts";
import type { Free } from "../plans/admission.ts";
import { askBatch } from "./ask-batch.ts";
import { writeFromPassages } from "./writing-from-passages.ts";
import type { KnownQuestion, WrittenFromPassages } from "./writing-from-passages.ts";
import type { Writings } from "./writings.ts";

export interface WritingServices {
  readonly home: Home;
  readonly runs: RunModels;
  readonly writings: Writings;
}

export interface WritingOptions {
  readonly reading: Pick<Reading, "chatPrompt" | "inspect">;
  readonly engine?: EngineOptions;
  readonly threads?: number | undefined;
  readonly free?: Free;
  /** Called after each few passages. */
  readonly onProgress?: () => void;
  /** Stops it at once; what is being written from these passages is lost. */
  readonly signal?: AbortSignal;
  /** Whether it should end after the passages at work, so that its memory is free. */
  readonly mayGoOn?: () => boolean;
}

/** At once: a stop or a kill loses no more, and the batch engine's rows are busy. */
const PASSAGES = 4;

/** Why a writing ended without a failure: all is done, its time is over, or it should not go on. */
export type WritingEnd = "done" | "time" | "not-now";

/**
 * Writes from the passages that are not done. Failures: not-found, cancelled, engine-stopped, not-enough-memory, disk-full, and those
 * of opening a model.
 */
export async function writeOn(
  { home, runs, writings }: WritingServices,
  id: number,
  options: WritingOptions,
): Promise<WritingEnd> {
  const { reading, engine, threads, free, signal, onProgress, mayGoOn = () => true } = options;
  const { model, kinds } = writings.get(id);
  const { path } = findModel(model, () => runs);
  const opening = { threads, ...(engine && { engine }), ...(free && { free }) };
  const batch = await BatchEngine.open(home, await reading.inspect(path), opening);
  try {
    const ask = askBatch(batch, reading, signal);
    for (let began = Date.now(); ; began = Date.now()) {
      const passages = writings.next(id, PASSAGES);
      if (passages.length === 0) return "done";
      if (isOver(writings, id)) return "time";
      if (!mayGoOn()) return "not-now";
      const known = writings.known(id);
      const written = await writeFromPassages(passages, ask, { kinds, known });
      writings.record(id, passages, withoutDuplicates(written, known), (Date.now() - began) / 1000);
      onProgress?.();
    }
  } finally {
    await batch.stop();
  }
}

function isOver(writings: Writings, id: number): boolean {
  const { seconds, mostSeconds } = writings.get(id);
  return mostSeconds !== null && seconds >= mostSeconds;
}

/** Without questions that were written before, or nearly: with nearly the same answer. What is not in a text was asked before. */
function withoutDuplicates(
  { kept, thrown }: WrittenFromPassages,
  known: readonly KnownQuestion[],
): WrittenFromPassages {
  const textOf = ({ question, answer }: Pick<KnownQuestion, "question" | "answer">) =>
    `${question} ${answer}`;
  const texts = [...known, ...kept].map(textOf);
  const first = nearDuplicates(texts);
  const different = kept.filter(
    ({ kind }, i) => kind === "not-in-text" || first[known.length + i] === known.length + i,
  );
  const duplicate = kept.length - different.length;
  return { kept: different, thrown: { ...thrown, ...(duplicate > 0 && { duplicate }) } };
}
