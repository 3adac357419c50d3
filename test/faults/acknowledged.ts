/** The rows that test/main/home/writer-process.ts saw acknowledged, and whether they are on disk. */
import assert from "node:assert/strict";
import { openServices } from "../../main/services/open.ts";
import { Line, phaseOf } from "../main/home/writer-line.ts";

export interface Told {
  /** Undefined if it was killed before it reported. */
  readonly run: string | undefined;
  readonly conversation: number | undefined;
  readonly steps: number;
}

/** What lines of the writer acknowledge. */
export function told(lines: readonly Line[]): Told {
  const made = lines.find(({ run }) => run !== undefined);
  const steps = lines.findLast(({ step }) => step !== undefined)?.step ?? 0;
  return { run: made?.run, conversation: made?.conversation, steps };
}

/** The same of its standard output; a last line may be cut. */
export function toldIn(text: string): Told {
  const lines = text.split("\n").slice(0, -1);
  return told(lines.map((line) => Line.parse(JSON.parse(line))));
}

/** Throws unless the home has every row that was acknowledged, and its run can be resumed. */
export function checkAcknowledged(home: string, ...all: readonly Told[]): void {
  const { runs, conversations, close } = openServices(home);
  try {
    for (const { run, conversation, steps } of all) {
      if (run === undefined) continue;
      const upTo = Array.from({ length: steps }, (_, index) => index + 1);
      const first = <T>(values: readonly T[]) => values.slice(0, steps);
      assert.equal(runs.get(run).state, "paused");
      assert.deepEqual(first(runs.metrics(run).map(({ step }) => step)), upTo);
      assert.deepEqual(first(runs.log(run).map(({ event }) => event)), upTo.map(phaseOf));
      assert.ok(first(runs.rounds(run)).every(({ scores }) => scores.length === 4));
      assert.deepEqual(
        first(conversations.messages(conversation!).map(({ content }) => content)),
        upTo.map((step) => `question ${step}`),
      );
    }
  } finally {
    close();
  }
}
