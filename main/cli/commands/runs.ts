import { Option } from "commander";
import type { Command } from "commander";
import { join } from "node:path";
import { bytesText, doneText, durationText } from "../../../preload/contract/words/figures.ts";
import { sentence } from "../../../preload/contract/words/sentence.ts";
import { readOutcome } from "../../home/run-folder.ts";
import { verdictWords } from "../../../preload/contract/results/verdict-words.ts";
import type { Services } from "../../services/open.ts";
import { keepAllCorrections } from "../../services/runs/correction-sets.ts";
import { doneOf } from "../../services/runs/running-trim.ts";
import type { RunSummary } from "../../services/runs/runs.ts";
import { agrees } from "../asking.ts";
import { correctionsName } from "../../services/settings/given-names.ts";
import type { Context } from "../context.ts";
import { runIdOf, showOutcome } from "../following.ts";
import { tableText } from "../table.ts";
import { Unfinished } from "../unfinished.ts";

interface DeleteOptions {
  delete?: boolean;
  yes?: boolean;
}

/** coppice runs: all runs, or the result of one; or deletes it. */
export function addRuns(command: Command, contextOf: (command: Command) => Context): void {
  command
    .description(
      "Lists all runs, or shows the state or result of one, also while another Coppice is running. With --delete, deletes one.",
    )
    .argument("[run]", "a run's id or folder")
    .option("--delete", "delete the run: its model, its checkpoints, and the data that only it used")
    .addOption(new Option("--yes", "delete it without asking"))
    .action(async (reference: string | undefined, options: DeleteOptions, command: Command) => {
      const context = contextOf(command);
      if (options.delete) {
        if (reference === undefined) return command.error("Name the run to delete.");
        return deleteRun(context, reference, options);
      }
      await context.reading((services) => {
        const { terminal } = context;
        if (reference === undefined) return list(context, services);
        const run = services.runs.get(runIdOf(services, reference));
        const outcome = readOutcome(join(services.home.runs, run.id));
        terminal.say(`${run.name}: ${stateText(run)}`);
        const done = outcome && doneOf(run.id, outcome);
        if (done) showOutcome(context, services, done);
        terminal.emit({ event: "done", run, outcome, ...(done && { verdict: done.verdict }) });
      });
    });
}

/** Deletes a run after a person at the terminal has agreed; conversations with its model stay. */
async function deleteRun(context: Context, reference: string, { yes = false }: DeleteOptions): Promise<void> {
  const { terminal } = context;
  await context.writingWithReader(async (services, reading) => {
    const { eraser, runs } = services;
    const { id, name } = runs.get(runIdOf(services, reference));
    const { parts, stays, bytes } = await eraser.look([id]);
    for (const { path, bytes } of parts) terminal.say(`${path}, ${bytesText(bytes)}`);
    for (const { path } of stays) terminal.say(`${path} stays.`);
    if (
      !yes &&
      terminal.live &&
      process.stdin.isTTY === true &&
      !(await agrees(`Delete the run "${name}" (${bytesText(bytes)})?`))
    )
      throw new Unfinished("Nothing was deleted.");
    await keepAllCorrections(services, reading, (run) => correctionsName("en", run)); // they go with the last run
    const freedBytes = await eraser.erase([id], { conversations: false });
    terminal.say(`Deleted, ${bytesText(freedBytes)} freed.`);
    terminal.emit({ event: "done", id, freedBytes });
  });
}

function list({ terminal }: Context, services: Services): void {
  const runs = services.runs.list();
  const verdicts = new Map(services.library.runs().map(({ id, verdict }) => [id, verdict]));
  const verdictOf = (id: string) => {
    const verdict = verdicts.get(id);
    return verdict ? verdictWords[verdict] : "";
  };
  if (runs.length === 0) terminal.say('There are no runs yet. "coppice demo" creates one in a few minutes.');
  else {
    const rows = runs.map((run) => [
      run.id,
      run.name,
      run.createdAt.slice(0, 16).replace("T", " "),
      stateText(run),
      verdictOf(run.id),
    ]);
    const [header, ...lines] = tableText(["run", "name", "made (UTC)", "state", "verdict"], rows, "left");
    terminal.say(terminal.colours.dim(header!));
    for (const line of lines) terminal.say(line);
  }
  terminal.emit({ event: "done", runs });
}

function stateText({
  state,
  pauseReason,
  fraction,
  secondsLeft,
  failure,
  activeSeconds,
}: RunSummary): string {
  switch (state) {
    case "queued":
      return "waiting";
    case "running":
      return `running, ${doneText(fraction)}${secondsLeft === null ? "" : `, about ${durationText(secondsLeft)} left`}`;
    case "paused":
      return `paused at ${doneText(fraction)}${pauseReason === "interrupted" ? " (interrupted)" : ""}`;
    case "done":
      return `done in ${durationText(activeSeconds)}`;
    case "failed":
      return `failed at ${doneText(fraction)}: ${failure ? sentence(failure) : "for an unknown reason"}`;
    case "cancelled":
      return "cancelled";
  }
}
