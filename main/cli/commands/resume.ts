import type { Command } from "commander";
import { percentText } from "../../../preload/contract/figures.ts";
import { prepareResume } from "../../services/trimming.ts";
import type { Context } from "../context.ts";
import { followTrim, runIdOf, showOutcome } from "../following.ts";

/** coppice resume: goes on with a run that was paused, interrupted or failed. */
export function addResume(program: Command, contextOf: (command: Command) => Context): void {
  program
    .command("resume")
    .summary("go on with a run that is not finished")
    .description("Goes on with a run that was paused, interrupted or failed, from its last save.")
    .argument("<run>", "the run's id or folder")
    .action(async (reference: string, _options: object, command: Command) => {
      const context = contextOf(command);
      await context.writing(async (services) => {
        const id = runIdOf(services, reference);
        const run = await context.withReader((reading) => prepareResume(services, reading, id));
        const { terminal } = context;
        terminal.say(
          `${terminal.colours.bold(run.name)} ${terminal.colours.dim(id)} goes on from ${percentText(run.fraction)}`,
        );
        const done = await followTrim(context, services, run);
        showOutcome(context, services, done);
        terminal.tell(done);
      });
    });
}
