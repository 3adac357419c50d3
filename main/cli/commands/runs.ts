import type { Command } from "commander";
import { join } from "node:path";
import { doneText, durationText } from "../../../preload/contract/words/figures.ts";
import { sentence } from "../../../preload/contract/words/sentence.ts";
import { readOutcome } from "../../home/run-folder.ts";
import type { RunSummary } from "../../services/runs/runs.ts";
import type { Context } from "../context.ts";
import { runIdOf, showOutcome } from "../following.ts";
import { tableText } from "../table.ts";

/** coppice runs: all runs, or the result of one. */
export function addRuns(program: Command, contextOf: (command: Command) => Context): void {
  program
    .command("runs")
    .summary("list your runs, or show one")
    .description(
      "Lists all runs, or shows the state or result of one. Works while another Coppice is running.",
    )
    .argument("[run]", "a run's id or folder")
    .action(async (reference: string | undefined, _options: object, command: Command) => {
      const context = contextOf(command);
      await context.reading((services) => {
        const { terminal } = context;
        if (reference === undefined) return list(context, services.runs.list());
        const run = services.runs.get(runIdOf(services, reference));
        const outcome = readOutcome(join(services.home.runs, run.id));
        terminal.say(`${run.name}: ${stateText(run)}`);
        if (outcome) showOutcome(context, services, { event: "done", runId: run.id, ...outcome });
        terminal.emit({ event: "done", run, outcome });
      });
    });
}

function list({ terminal }: Context, runs: readonly RunSummary[]): void {
  if (runs.length === 0) terminal.say('There are no runs yet. "coppice demo" creates one in a few minutes.');
  else {
    const rows = runs.map((run) => [
      run.id,
      run.name,
      run.createdAt.slice(0, 16).replace("T", " "),
      stateText(run),
    ]);
    const [header, ...lines] = tableText(["run", "name", "made (UTC)", "state"], rows, "left");
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
