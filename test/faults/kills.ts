/** kill -9 at a random moment of a trim, and whether going on from there ends as if nothing had happened. */
import { isDeepStrictEqual } from "node:util";
import { holderOf } from "../../main/folder-lock.ts";
import type { Random } from "../../native-models/random.ts";
import { coppice, start } from "../main/cli/command.ts";
import type { Ended, Started } from "../main/cli/command.ts";
import { doneOf, figuresOf, onlyRun, weightsOf } from "../main/cli/trimmed.ts";

/** `trainer`: its process alone; `program`: all processes at once. */
export type Victim = "trainer" | "program";

/** An undisturbed run: what it gave, and how long it took from the program's start. */
export interface Undisturbed {
  readonly outcome: unknown;
  /** When the trainer had begun. */
  readonly trainingFromMs: number;
  readonly endMs: number;
}

export interface Kill {
  readonly victim: Victim;
  readonly afterMs: number;
  /** The last phase that it had told of. */
  readonly phase: string;
  readonly resumedMs: number;
  /** Whether weights and figures are those of the undisturbed run. */
  readonly same: boolean;
}

/** Runs the command `trim` in a new home, undisturbed. */
export async function undisturbed(home: string, trim: readonly string[]): Promise<Undisturbed> {
  const started = performance.now();
  const program = start(home, trim);
  await program.event(({ event }) => event === "phase");
  const trainingFromMs = performance.now() - started;
  const outcome = outcomeOf(await program.ended);
  return { outcome, trainingFromMs, endMs: performance.now() - started };
}

/** Runs it in another home, kills the victim at a random moment, and goes on. A moment after its end is drawn again. */
export async function killAtRandom(
  newHome: () => string,
  trim: readonly string[],
  victim: Victim,
  whole: Undisturbed,
  random: Random,
): Promise<Kill> {
  for (;;) {
    const from = victim === "trainer" ? whole.trainingFromMs : 0;
    const afterMs = from + random.uniform() * (whole.endMs - from);
    const home = newHome();
    const killed = await killedAfter(start(home, trim), home, victim, afterMs);
    const run = killed && (await unfinishedRun(home));
    if (!run) continue;
    const started = performance.now();
    const ended = await coppice(home, run.id === null ? trim : ["resume", run.id, "--json"]);
    const resumedMs = performance.now() - started;
    const phase = String(killed.events.findLast(({ event }) => event === "phase")?.phase ?? "before the run");
    return { victim, afterMs, phase, resumedMs, same: isDeepStrictEqual(outcomeOf(ended), whole.outcome) };
  }
}

/** How the program ended that was killed; null if it was done before. */
async function killedAfter(
  program: Started,
  home: string,
  victim: Victim,
  afterMs: number,
): Promise<Ended | null> {
  const done = program.ended.then(() => true);
  const early = await Promise.race([done, new Promise((resolve) => setTimeout(resolve, afterMs, false))]);
  if (early) return null;
  if (victim === "program") program.killAll();
  else {
    const trainer = holderOf(onlyRun(home).folder, "trainer");
    if (trainer === null) return program.ended.then(() => null);
    process.kill(trainer, "SIGKILL");
  }
  return program.ended;
}

/** The run that a killed program left, `id` null if it had not made one yet; null if it was done. */
async function unfinishedRun(home: string): Promise<{ id: string | null } | null> {
  const { events } = await coppice(home, ["runs", "--json"]);
  const [run] = events[0]!["runs"] as { id: string; state: string }[];
  if (!run) return { id: null };
  return run.state === "done" ? null : { id: run.id };
}

function outcomeOf(ended: Ended): unknown {
  const done = doneOf(ended);
  return { weights: weightsOf(done), figures: figuresOf(done) };
}
