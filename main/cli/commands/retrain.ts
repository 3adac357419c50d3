import type { Command } from "commander";
import { bytesText, counted } from "../../../preload/contract/words/figures.ts";
import { rowCount } from "../../../preload/contract/data/data.ts";
import { homeIn } from "../../home/home.ts";
import { prepareEverything } from "../../services/runs/everything.ts";
import { preparedBefore } from "../../services/runs/trimming.ts";
import type { PreparedTrim } from "../../services/runs/trimming.ts";
import type { Context } from "../context.ts";
import { followTrim, runIdOf, showOutcome } from "../following.ts";
import { writingOrHanding } from "../handing.ts";
import { confirmTime } from "../long-run.ts";
import { textOption } from "../options.ts";

interface RetrainOptions {
  name?: string;
  yes?: boolean;
}

/** coppice retrain: learns from everything, once the choice is made and measured. */
export function addRetrain(command: Command, contextOf: (command: Command) => Context): void {
  command
    .description(
      "Repeats a finished run's epochs and cuts on all of its rows: training, validation and test. Nothing is left to measure it with, so its figures are those of the run before.",
    )
    .argument("<run>", "the run's id or folder")
    .option("--name <name>", "the new run's name", textOption)
    .option("--yes", "start a long run without asking")
    .action(async (reference: string, { name, yes = false }: RetrainOptions, command: Command) => {
      const context = contextOf(command);
      await writingOrHanding(
        context,
        async (services) => {
          const { run } = await context.withReader(async (reading) => {
            const confirm = confirmTime(context, homeIn(context.home), { yes });
            const asked = { run: runIdOf(services, reference), name, language: "en" as const };
            const prepared = await prepareEverything(services, reading, asked, { confirm });
            showPlanned(context, prepared);
            return prepared;
          });
          const done = await followTrim(context, services, run);
          showOutcome(context, services, done);
          context.terminal.emit(done);
        },
        () =>
          context.reading((services) => ({
            command: "retrain",
            request: { run: runIdOf(services, reference), name },
          })),
        (services, id) => showPlanned(context, preparedBefore(services, id)),
      );
    });
}

/** The run, and what it learns from. */
function showPlanned({ terminal }: Context, { run, dataset, estimate }: PreparedTrim): void {
  const { bold, dim } = terminal.colours;
  const { valid, test } = dataset.report.splits;
  const held = rowCount(valid) + rowCount(test);
  terminal.say(`${bold(run.name)} ${dim(run.id)}`);
  terminal.say(`${dim("Data")}  all rows, ${counted(held, "held-out one")} included, of ${dataset.name}`);
  terminal.say(
    `${dim("Needs")} about ${bytesText(estimate.memoryBytes)} of memory and ${bytesText(estimate.diskBytes)} of disk`,
  );
}
