import type { Command } from "commander";
import { writeChosenFile } from "../../../native-models/formats/atomic.ts";
import { homeIn } from "../../home/home.ts";
import { reportSections, reportText } from "../../services/diagnostics/report.ts";
import { openServicesToRead } from "../../services/open.ts";
import type { Services } from "../../services/open.ts";
import { version } from "../../version.ts";
import type { Context } from "../context.ts";
import { runIdOf } from "../following.ts";
import { textOption } from "../options.ts";

/** coppice report: a problem report, as a text to read before it is shared. */
export function addReport(command: Command, contextOf: (command: Command) => Context): void {
  command
    .description(
      "Writes a report for whoever helps you: versions, this computer, the state of runs, errors, the end of the log. It contains none of your texts, names or paths, and nothing is sent.",
    )
    .argument("[run]", "the id or folder of a run to include")
    .option("--out <file>", "the output file (standard output)", textOption)
    .action(async (reference: string | undefined, { out }: { out?: string }, command: Command) => {
      const context = contextOf(command);
      const { terminal, home } = context;
      const services = opened(home);
      try {
        const run = reference !== undefined && "runs" in services ? runIdOf(services, reference) : null;
        const sections = reportSections({ home: homeIn(home), services, version, run });
        const text = reportText(sections);
        if (out === undefined) terminal.say(text.trimEnd());
        else {
          await writeChosenFile(out, text);
          terminal.say(`The report is in "${out}". Read it before you share it.`);
        }
        terminal.emit({ event: "done", ...(out === undefined ? { sections } : { output: out }) });
      } finally {
        if ("close" in services) services.close();
      }
    });
}

/** A home that cannot be opened is one of the problems that a report covers. */
function opened(home: string): Services | { problem: unknown } {
  try {
    return openServicesToRead(home);
  } catch (problem) {
    return { problem };
  }
}
