/** A writing at the terminal: its pace, and its end. */
import { counted, durationText } from "../../preload/contract/words/figures.ts";
import type { ThrownReason, Writing } from "../../preload/contract/questions/written-questions.ts";
import { failureOf } from "../../native-models/failure.ts";
import { findModel } from "../services/models/model-reference.ts";
import type { Reading } from "../services/data/reading.ts";
import type { Services } from "../services/open.ts";
import { openBatchModel } from "../services/questions/batch-model.ts";
import { writeOn } from "../services/questions/writing-job.ts";
import type { Context } from "./context.ts";
import { stoppable } from "./stoppable.ts";

interface How {
  readonly minutes: number | null;
  readonly threads: number | undefined;
}

/** Writes until all passages are done or the time is up. Ctrl-C stops it: throws `Unfinished` with how to continue. */
export async function writeQuestions(
  context: Context,
  services: Services,
  reading: Reading,
  id: number,
  { minutes, threads }: How,
): Promise<void> {
  const { terminal, engine } = context;
  const { writings } = services;
  const onProgress = () => {
    const writing = writings.get(id);
    terminal.status(writingLine(writing));
    terminal.emit({ event: "progress", ...writing });
  };
  const goOn = `Run "coppice questions resume ${id}" to continue.`;
  await stoppable(`Stopped. ${goOn}`, async (signal) => {
    writings.begin(id, minutes);
    try {
      const { path } = findModel(writings.get(id).model, () => services.runs);
      const open = () => openBatchModel(services.home, path, { reading, engine, threads, signal });
      const end = await writeOn(writings, id, { open, onProgress });
      writings.end(id, end === "done" ? "done" : "stopped");
    } catch (error) {
      if (!writings.has(id)) throw error;
      const isStopped = signal.aborted;
      writings.end(id, isStopped ? "stopped" : "failed", isStopped ? null : failureOf(error));
      terminal.endStatus();
      if (!isStopped) terminal.say(goOn);
      throw error;
    } finally {
      terminal.endStatus();
    }
  });
  const writing = writings.get(id);
  terminal.say(writingLine(writing));
  for (const line of thrownLines(writing)) terminal.say(line);
  terminal.say(`Look through them: coppice questions show ${id}`);
  terminal.say(`Make a data set of them: coppice questions make ${id}`);
  terminal.emit({ event: "done", ...writing });
}

/** "12 of 340 passages, 31 questions, 120 an hour, 5 h left". */
export function writingLine({ passages, questions, seconds, secondsLeft, state }: Writing): string {
  const count = Object.values(questions).reduce((sum, some) => sum + some, 0);
  const pace = seconds > 0 ? [`${Math.round((3600 * count) / seconds)} an hour`] : [];
  const left = secondsLeft !== null && state === "writing" ? [`${durationText(secondsLeft)} left`] : [];
  return [
    `${passages.done} of ${counted(passages.of, "passage")}`,
    counted(count, "question"),
    ...pace,
    ...left,
  ].join(", ");
}

const REASONS: Record<ThrownReason, string> = {
  "cut-off": "cut off by their length",
  unusable: "without a question and an answer",
  "gives-itself-away": "that give away their answer, or mention the sentence that they are about",
  unsupported: "whose answers are not in their sentence",
  disagrees: "that the model answered differently when asked again",
  answered: "that the passage does answer",
  duplicate: "that were asked before",
};

function thrownLines({ thrown }: Writing): string[] {
  const all = Object.entries(thrown) as [ThrownReason, number][];
  return all.map(([reason, count]) => `Thrown away: ${count} ${REASONS[reason]}.`);
}
