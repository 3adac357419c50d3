import type { Command } from "commander";
import { doneText } from "../../../preload/contract/words/figures.ts";
import type { Services } from "../../services/open.ts";
import { takeNamed } from "../../services/runs/moved-models.ts";
import { prepareResume } from "../../services/runs/trimming.ts";
import type { Context } from "../context.ts";
import { followTrim, runIdOf, showOutcome } from "../following.ts";
import { writingOrHanding } from "../handing.ts";
import { movedModelOption } from "../options.ts";

/** coppice resume: continues a run that was paused, interrupted or failed. */
export function addResume(command: Command, contextOf: (command: Command) => Context): void {
  command
    .description("Continues a run that was paused, interrupted or failed, from its last save.")
    .argument("<run>", "the run's id or folder")
    .addOption(movedModelOption())
    .action(async (reference: string, { model }: { model?: string }, command: Command) => {
      const context = contextOf(command);
      const sayGoesOn = ({ runs }: Services, id: string) => {
        const { name, fraction } = runs.get(id);
        const { bold, dim } = context.terminal.colours;
        context.terminal.say(`${bold(name)} ${dim(id)} continues from ${doneText(fraction)}`);
      };
      await writingOrHanding(
        context,
        async (services) => {
          const id = runIdOf(services, reference);
          const run = await context.withReader(async (reading) => {
            if (model !== undefined) await takeNamed(services, reading, id, model);
            return prepareResume(services, reading, id);
          });
          sayGoesOn(services, id);
          const done = await followTrim(context, services, run);
          showOutcome(context, services, done);
          context.terminal.emit(done);
        },
        () =>
          context.reading((services) => ({
            command: "resume",
            id: runIdOf(services, reference),
            ...(model !== undefined && { model }),
          })),
        sayGoesOn,
      );
    });
}
