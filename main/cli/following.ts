/** A run from its start to its table, as shown by trim, resume and demo. */
import { fail, failureOf } from "../../native-models/failure.ts";
import type { Failure } from "../../native-models/failure.ts";
import { doneText, percentText, weightsText } from "../../preload/contract/words/figures.ts";
import { headlineOf, mayBeRecommended, verdictOf } from "../../preload/contract/results/verdict.ts";
import { verdictText } from "../../preload/contract/results/verdict-words.ts";
import { likelihoodDecided } from "../../preload/methods/index.ts";
import type { TrimDone } from "../../preload/contract/runs/run.ts";
import type { Services } from "../services/open.ts";
import type { RunRecord } from "../services/runs/runs.ts";
import { startTrim } from "../services/runs/running-trim.ts";
import type { Context } from "./context.ts";
import { Unfinished } from "./unfinished.ts";
import { improvementSentences } from "./improvement.ts";
import { Progress } from "./progress.ts";
import { onStop } from "./stoppable.ts";
import { outcomeTable } from "./table.ts";
import { reachedSpeedSentence } from "./target-speed.ts";
import { recommendedSentence, verdict } from "./verdict.ts";
import { controlTextsSentence, methodsText, writingSentence, writingTable } from "./writing.ts";
import { logText } from "../../preload/contract/words/run-log.ts";

/**
 * Runs a queued or paused run to its end and shows it. Ctrl-C saves and pauses it; a second Ctrl-C ends it immediately. Throws
 * the run's failure, or `Unfinished` with how to continue.
 */
export async function followTrim(context: Context, services: Services, run: RunRecord): Promise<TrimDone> {
  const { terminal } = context;
  const { id, plan } = run;
  emitRun(terminal, run);
  const progress = new Progress(terminal, plan.trim.unit, plan.improvement !== undefined);
  const running = startTrim(services, id, {
    engine: context.engine,
    onEvent: (event) => progress.show(event),
  });
  if (running.said !== null) terminal.warn(logText(running.said));
  let stoppedWith: number | undefined;
  let saved = "The progress is saved.";
  const stop = (exitCode: number) => {
    stoppedWith = exitCode;
    terminal.say("Saving progress. Press Ctrl-C again to stop at once …");
    running.stop();
  };
  const kill = () => {
    saved = "Only what was saved before is kept.";
    running.kill();
  };
  const ended = onStop(stop, kill);
  try {
    return await running.done;
  } catch (error) {
    const failure = failureOf(error);
    if (stoppedWith === undefined || failure.code !== "cancelled") {
      sayHowToContinue(terminal, services, { id, failure });
      throw error;
    }
    const { fraction } = services.runs.get(id);
    const howToContinue = `Run "coppice resume ${id}" to continue.`;
    throw new Unfinished(`Paused at ${doneText(fraction)}. ${saved} ${howToContinue}`, stoppedWith);
  } finally {
    ended();
    progress.end();
  }
}

/** For a program, as soon as there is a run: its id, with which it can be resumed. */
export function emitRun(
  terminal: Context["terminal"],
  { id, name, output }: Pick<RunRecord, "id" | "name" | "output">,
): void {
  terminal.emit({ event: "run", runId: id, name, output });
}

/** Failures from outside a run, after which the same run can continue. */
const OUTSIDE: ReadonlySet<Failure["code"]> = new Set(["disk-full", "unwritable", "engine-stopped"]);

/** Before a failure is shown: how to continue the run, since the command that started it would start another. */
export function sayHowToContinue(
  terminal: Context["terminal"],
  { runs }: Pick<Services, "runs">,
  { id, failure }: { readonly id: string; readonly failure: Failure },
): void {
  if (!OUTSIDE.has(failure.code)) return;
  const { fraction } = runs.summary(id);
  terminal.say(
    `Stopped at ${doneText(fraction)}. When the problem is solved, run "coppice resume ${id}" to continue.`,
  );
}

/** The table of a finished run, the guessing baselines, and the verdict. */
export function showOutcome({ terminal }: Context, services: Services, done: TrimDone): void {
  const { colours } = terminal;
  terminal.say();
  showTable(terminal, outcomeTable(done));
  const writing = writingTable(done);
  if (writing.length > 0) {
    terminal.say();
    showTable(terminal, writing);
  }
  const baselines = baselinesOf(services, done.runId);
  if (baselines) {
    terminal.say(
      colours.dim(
        `Baselines: the most frequent answer gets ${percentText(baselines.bestConstant)}, chance ${percentText(baselines.chance)}.`,
      ),
    );
  }
  const { plan } = services.runs.get(done.runId);
  const { method, base, trim } = plan;
  if (services.runs.rounds(done.runId).some(({ scores }) => likelihoodDecided(trim.scorer, scores)))
    terminal.say(
      colours.dim(
        "The likelihood of the answers decided what was cut: the validation rows had no right answers to count.",
      ),
    );
  if (method.kind === "lora" && base.storage !== "f32")
    terminal.say(colours.dim(`Trained and measured with ${weightsText(base.storage)}.`));
  terminal.say();
  const judged = verdictOf(done);
  terminal.say(colours.bold(verdictText(judged, headlineOf(done, done.metrics.trimmed))));
  const said = done.metrics.improvement
    ? [...improvementSentences(done), methodsText(done)]
    : [
        verdict(done),
        mayBeRecommended(judged.verdict) ? writingSentence(done.metrics.trimmed) : "",
        controlTextsSentence(done.metrics.trimmed),
        methodsText(done),
      ];
  terminal.say(said.filter(Boolean).join(" "));
  const recommended = recommendedSentence(done, plan);
  if (recommended !== "") terminal.say(recommended);
  const reached = reachedSpeedSentence(done, plan);
  if (reached !== "") terminal.say(reached);
  if (plan.everything)
    terminal.say(
      "It learnt from all rows, so nothing is left to measure it: the figures are those of the run before.",
    );
  terminal.say(`The model is in "${done.output}"`);
}

/** Shows a table in which the trimmed model, the last row, is highlighted. */
function showTable(terminal: Context["terminal"], [header, ...rows]: string[]): void {
  terminal.say(terminal.colours.dim(header!));
  for (const [index, row] of rows.entries())
    terminal.say(index === rows.length - 1 ? terminal.colours.green(row) : row);
}

function baselinesOf({ runs, datasets }: Services, id: string) {
  const { datasetId } = runs.get(id);
  return datasetId === null ? null : datasets.get(datasetId).report.testBaselines;
}

/** The id of the run that a person named by its id or its folder. Failure: unknown-run. */
export function runIdOf({ runs }: Services, reference: string): string {
  const known = new Set(runs.list().map(({ id }) => id));
  const last = reference
    .replace(/[/\\]+$/, "")
    .split(/[/\\]/)
    .at(-1)!;
  return known.has(last) ? last : fail({ code: "unknown-run", run: reference });
}
