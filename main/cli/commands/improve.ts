import type { Command } from "commander";
import { resolve } from "node:path";
import { rowCount } from "../../../preload/contract/data/data.ts";
import { bytesText, countText, counted } from "../../../preload/contract/words/figures.ts";
import { rehearsedRows } from "../../../preload/contract/plans/plan.ts";
import type { Services } from "../../services/open.ts";
import { addCorrections } from "../../services/runs/correcting.ts";
import { correctionsOf } from "../../services/runs/correction-sets.ts";
import { prepareImprovement } from "../../services/runs/improving.ts";
import type { ImprovementRequest } from "../../services/runs/improving.ts";
import type { Context } from "../context.ts";
import { followTrim, runIdOf, showOutcome } from "../following.ts";
import { writingOrHanding } from "../handing.ts";
import { fewCorrections } from "../improvement.ts";
import { confirmTime } from "../long-run.ts";
import { deviceOption, textOption, threadsOption, wholeNumber } from "../options.ts";
import type { StartOptions } from "../options.ts";
import { homeIn } from "../../home/home.ts";

interface ImproveOptions extends StartOptions {
  corrections?: string;
}

/** coppice improve: trains a run's model on corrections of its answers. */
export function addImprove(command: Command, contextOf: (command: Command) => Context): void {
  command
    .description(
      "Trains a finished run's model on the answers that you corrected in chat, mixed with rows that it knew, and says what it won and lost on the run's test questions.",
    )
    .argument("<run>", "the run's id or folder")
    .option(
      "--corrections <file>",
      'also use the corrections in a file: questions with right answers, or "messages" that end with one; optionally the "wrong" answer and a "passage"',
      textOption,
    )
    .option("--seed <n>", "the same seed gives the same model (the run's)", wholeNumber(0))
    .addOption(threadsOption())
    .addOption(deviceOption("trains"))
    .option("--out <folder>", "the folder for the improved model", textOption)
    .option("--name <name>", "the new run's name", textOption)
    .option("--yes", "start a long run without asking")
    .action(async (reference: string, options: ImproveOptions, command: Command) => {
      const context = contextOf(command);
      const { corrections: file, seed, threads, device, name, out, yes = false } = options;
      const choices = { seed, threads, device };
      await writingOrHanding(
        context,
        async (services) => {
          const run = runIdOf(services, reference);
          const output = out;
          await improve(context, services, { run, choices, name, output, language: "en" }, { file, yes });
        },
        () =>
          context.reading((services) => ({
            command: "improve",
            request: {
              run: runIdOf(services, reference),
              choices,
              name,
              ...(file !== undefined && { file: resolve(file) }),
              ...(out !== undefined && { output: resolve(out) }),
            },
          })),
        (services, id) => showPlanned(context, services, id),
      );
    });
}

async function improve(
  context: Context,
  services: Services,
  request: ImprovementRequest,
  { file, yes }: { file: string | undefined; yes: boolean },
): Promise<void> {
  const { terminal } = context;
  const { run } = await context.withReader(async (reading) => {
    if (file !== undefined) {
      const { added, heldOut } = await addCorrections(services, reading, { run: request.run, file });
      terminal.say(`${counted(added, "new correction")} from "${file}".`);
      if (heldOut > 0)
        terminal.warn(
          `${countText(heldOut)} of them ${heldOut === 1 ? "is" : "are"} kept, but not trained on: the run's test, validation or off-domain data has the same questions, or texts with sentences of the answers, and measures the model.`,
        );
    }
    const confirm = confirmTime(context, homeIn(context.home), { yes });
    const prepared = await prepareImprovement(services, reading, request, { confirm });
    showPlanned(context, services, prepared.run.id);
    const { memoryBytes, diskBytes } = prepared.estimate;
    terminal.say(
      `${terminal.colours.dim("Needs")} about ${bytesText(memoryBytes)} of memory and ${bytesText(diskBytes)} of disk`,
    );
    return prepared;
  });
  const done = await followTrim(context, services, run);
  showOutcome(context, services, done);
  terminal.emit(done);
}

/** The run, what it improves, and what it trains on. */
function showPlanned({ terminal }: Context, { runs, datasets, dataSets }: Services, id: string): void {
  const { name, plan, datasetId } = runs.get(id);
  const improvement = plan.improvement!;
  const count = correctionsOf(dataSets.list(), id)?.rows.train ?? 0;
  const own = rowCount(datasets.get(datasetId!).report.splits.train);
  const rehearsed = rehearsedRows(improvement, count, own);
  const { bold, dim } = terminal.colours;
  terminal.say(`${bold(name)} ${dim(id)}`);
  terminal.say(`${dim("Improves")} ${runs.find(improvement.of)?.name ?? improvement.of}`);
  terminal.say(
    `${dim("Data")}  ${counted(count, "correction")} and ${counted(rehearsed, "row")} that the model knows`,
  );
  const few = fewCorrections(count);
  if (few !== null) terminal.warn(few);
}
