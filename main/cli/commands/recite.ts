import type { Command } from "commander";
import { MOST_RECITED_ROWS, recitedText } from "../../../preload/contract/results/recited.ts";
import { recite } from "../../services/results/reciting.ts";
import type { Context } from "../context.ts";
import { runIdOf } from "../following.ts";
import { wholeNumber } from "../options.ts";
import { stoppable } from "../stoppable.ts";

interface ReciteOptions {
  depth?: string;
  rows?: number;
}

/** coppice recite: how much of its training text a run's model recites. */
export function addRecite(command: Command, contextOf: (command: Command) => Context): void {
  command
    .description(
      "Lets a run's model continue the beginnings of training rows, and of rows that it was not trained on, and measures how many words it repeats verbatim. The result is kept with the run and appears on the card of its exports.",
    )
    .argument("<run>", "the run's id or folder")
    .option("--depth <name>", "a depth's name (the result)")
    .option("--rows <n>", "how many training rows (50)", wholeNumber(1, MOST_RECITED_ROWS))
    .action(async (reference: string, { depth, rows }: ReciteOptions, command: Command) => {
      const context = contextOf(command);
      const { terminal } = context;
      const recited = await stoppable("Stopped. Nothing was measured.", (signal) =>
        context.writingWithReader((services, reading) =>
          recite(
            services,
            reading,
            { run: runIdOf(services, reference), depth, rows },
            { engine: context.engine, signal },
          ),
        ),
      );
      terminal.say(`The depth "${recited.depth}":`);
      for (const line of recitedText(recited)) terminal.say(`  ${line}`);
      terminal.emit({ event: "done", ...recited });
    });
}
