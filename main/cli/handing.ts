/**
 * Commands on a home that an open application is using: the application runs them, and the command follows the run through the
 * database.
 */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError, failureOf } from "../../native-models/failure.ts";
import type { TrimDone } from "../../preload/contract/runs/run.ts";
import { doneText } from "../../preload/contract/words/figures.ts";
import { readOutcome } from "../home/run-folder.ts";
import { writerOf } from "../home/writer-lock.ts";
import { handOver, takesHandedCommands } from "../home/writer-socket.ts";
import type { HandedCommand } from "../home/writer-socket.ts";
import { doneOf } from "../services/runs/running-trim.ts";
import type { Services } from "../services/open.ts";
import type { Context } from "./context.ts";
import { emitRun, sayHowToContinue, showOutcome } from "./following.ts";
import { Progress } from "./progress.ts";
import { onStop } from "./stoppable.ts";
import { Unfinished } from "./unfinished.ts";

const pollMs = 500;
/** A run that is being cancelled counts as paused until its trainer has ended, which may take two seconds. */
const cancellingMs = 3_000;

/**
 * Opens the home for writing while `use` runs. If an application has it open, sends `command` to the application instead, and
 * follows the run after `begin` has shown it. Failures: home-in-use by a program that accepts no commands, and those of both
 * ways.
 */
export async function writingOrHanding(
  context: Context,
  use: (services: Services) => Promise<void>,
  command: () => Promise<HandedCommand>,
  begin: (services: Services, id: string) => void,
): Promise<void> {
  try {
    return await context.writing(use);
  } catch (error) {
    if (failureOf(error).code !== "home-in-use" || !takesHandedCommands(context.home)) throw error;
    const id = await handOver(context.home, await command());
    if (id === null) throw error;
    await context.reading(async (services) => {
      begin(services, id);
      context.terminal.say("The open application runs this job. Ctrl-C stops only this display.");
      const done = await followHanded(context, services, id);
      showOutcome(context, services, done);
      context.terminal.emit(done);
    });
  }
}

/** Follows a run of the application to its end. Throws the run's failure, or `Unfinished` with how to continue. */
async function followHanded(context: Context, services: Services, id: string): Promise<TrimDone> {
  const { runs, home } = services;
  const run = runs.get(id);
  emitRun(context.terminal, run);
  const { trim, improvement } = run.plan;
  const progress = new Progress(context.terminal, trim.unit, improvement !== undefined);
  const leaving = new AbortController();
  const ended = onStop((exitCode) => leaving.abort(exitCode));
  let shown: string | undefined;
  let pollsPaused = 0;
  try {
    for (;;) {
      const { state, phase, round, fraction, secondsLeft, failure } = runs.get(id);
      const howToContinue = `Run "coppice resume ${id}" to continue.`;
      if (state === "done") return doneOf(id, readOutcome(join(home.runs, id))!);
      if (state === "failed" && failure) {
        sayHowToContinue(context.terminal, services, { id, failure });
        throw new AppError(failure);
      }
      if (state === "cancelled") throw new Unfinished("The run was cancelled in the application.");
      if (leaving.signal.aborted)
        throw new Unfinished(
          `The application continues the run. Run "coppice runs ${id}" to see its state.`,
          leaving.signal.reason as number,
        );
      if (writerOf(home.folder) === null)
        throw new Unfinished(`The application has closed. The progress is saved. ${howToContinue}`);
      const now = JSON.stringify([state, phase, round, fraction, secondsLeft]);
      pollsPaused = state === "paused" ? pollsPaused + 1 : 0;
      if (pollsPaused * pollMs > cancellingMs)
        throw new Unfinished(`Paused at ${doneText(fraction)}; ${howToContinue}`);
      if (now !== shown && state === "queued")
        context.terminal.say("The run is waiting for the runs before it.");
      if (now !== shown && phase !== null) {
        progress.show({ event: "phase", phase, ...(round !== null && { round }) });
        progress.show({ event: "progress", phase, done: 0, total: 0, fraction, secondsLeft });
      }
      shown = now;
      await sleep(pollMs, undefined, { signal: leaving.signal }).catch(() => {});
    }
  } finally {
    ended();
    progress.end();
  }
}
