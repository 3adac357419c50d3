/** How much of its training text a depth of a run recites, measured when a person asks for it. */
import { join } from "node:path";
import { fail } from "../../../native-models/failure.ts";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import type { Answer } from "../../../preload/contract/chat/chat.ts";
import type { Beginning, Continuation, Recited } from "../../../preload/contract/results/recited.ts";
import { now } from "../../database/time.ts";
import { RECITED_WORDS } from "../../documents/stored/reciting.ts";
import type { EngineOptions } from "../../engines/process/host.ts";
import { readOutcome, readRecited, writeRecited } from "../../home/run-folder.ts";
import { BatchEngine } from "../answers/batch-engine.ts";
import type { Reading } from "../data/reading.ts";
import { useDepth } from "../runs/exporting.ts";
import type { TrimServices } from "../runs/trim-services.ts";

export interface ReciteRequest {
  readonly run: string;
  /** The result by default. */
  readonly depth?: string | undefined;
  /** How many training rows are asked; as many held-out rows are asked, too. */
  readonly rows?: number | undefined;
}

export interface ReciteOptions {
  /** Called after each answer. */
  readonly onAnswer?: (done: number, of: number) => void;
  readonly engine?: EngineOptions;
  readonly signal?: AbortSignal;
}

const DEFAULT_ROWS = 50;
/** Enough for the longest verbatim runs that a figure distinguishes. */
const ANSWER_TOKENS = 160;

/**
 * Lets the depth continue the beginnings of training rows and of held-out rows greedily, measures how much is verbatim, and stores the
 * result with the run. Failures: unknown-run, bad-choice (the run is not finished), not-found (its data was deleted), too-little-data
 * (no row is long enough), cancelled, and those of exporting a depth and of `BatchEngine`.
 */
export async function recite(
  services: TrimServices,
  reading: Pick<Reading, "beginnings" | "hash" | "inspect" | "recited">,
  { run, depth, rows = DEFAULT_ROWS }: ReciteRequest,
  { onAnswer, engine, signal }: ReciteOptions = {},
): Promise<Recited & { readonly depth: string }> {
  const { home, runs } = services;
  const { plan } = runs.get(run);
  const outcome = readOutcome(join(home.runs, run));
  if (!outcome) return refuseChoice("reciting-unfinished");
  const name = depth ?? outcome.metrics.trimmed.name;
  const folder = plan.data.path;
  const beginnings = await reading.beginnings(folder, rows);
  if (!beginnings.some(({ split }) => split === "train"))
    fail({
      code: "too-little-data",
      what: { code: "long-rows", words: RECITED_WORDS },
      rows: 0,
      needed: 1,
    });
  const options = { ...(engine && { engine }), ...(signal && { signal }) };
  const { path } = await useDepth(services, reading, { run, depth: name }, options);
  const batch = await BatchEngine.open(home, await reading.inspect(path), options);
  try {
    const answers: Continuation[] = [];
    await batch.answer(
      beginnings.map(({ prompt, special }, i) => ({ id: String(i), prompt, special })),
      {
        sampling: { temperature: 0, maxTokens: ANSWER_TOKENS },
        signal,
        onAnswer: (answer) => {
          answers.push(continuationOf(answer, beginnings));
          onAnswer?.(answers.length, beginnings.length);
        },
      },
    );
    if (signal?.aborted) fail({ code: "cancelled" }); // it may have been aborted at the last answer
    const found = await reading.recited(folder, answers);
    const recited: Recited = { words: RECITED_WORDS, ...found, measuredAt: now() };
    await writeRecited(join(home.runs, run), { ...readRecited(join(home.runs, run)), [name]: recited });
    return { ...recited, depth: name };
  } finally {
    await batch.stop();
  }
}

/** A prompt that does not fit the model's context has no answer, so nothing of it is recited. */
function continuationOf(answer: Answer, beginnings: readonly Beginning[]): Continuation {
  const { split, row } = beginnings[Number(answer.id)]!;
  return { split, row, text: "text" in answer ? answer.text : "" };
}
