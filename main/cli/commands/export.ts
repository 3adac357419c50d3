import { Option } from "commander";
import type { Command } from "commander";
import { bytesText } from "../../../preload/contract/figures.ts";
import { Programs } from "../../../preload/contract/plan.ts";
import { exportDepth } from "../../services/runs/exporting.ts";
import type { Context } from "../context.ts";
import { runIdOf } from "../following.ts";
import { Progress } from "../progress.ts";

interface ExportOptions {
  out: string;
  depth?: string;
  for?: (typeof Programs)[number];
}

/** coppice export: any saved depth of a run, as a model folder. */
export function addExport(program: Command, contextOf: (command: Command) => Context): void {
  program
    .command("export")
    .summary("write another depth of a run as a model")
    .description("Writes a saved depth of a run to a folder in the Hugging Face layout.")
    .argument("<run>", "the run's id or folder")
    .requiredOption("--out <folder>", "the folder for the model")
    .option("--depth <name|n>", "a depth's name, or its number of units (the last one)")
    .addOption(new Option("--for <program>", "refuse if this program could not load it").choices(Programs))
    .action(async (reference: string, options: ExportOptions, command: Command) => {
      const context = contextOf(command);
      const { terminal } = context;
      const progress = new Progress(terminal);
      const exported = await context.writing((services) =>
        exportDepth(
          services,
          {
            run: runIdOf(services, reference),
            depth: options.depth,
            output: options.out,
            program: options.for,
          },
          { engine: context.engine, onEvent: (event) => progress.show(event) },
        ),
      );
      progress.end();
      terminal.say(`${exported.units} units, ${bytesText(exported.sizeBytes)}, in ${exported.output}`);
      terminal.emit({ event: "done", ...exported });
    });
}
