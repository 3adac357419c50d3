import type { Command } from "commander";
import { writeFileAtomic } from "../../../native-models/formats/atomic.ts";
import { homeIn } from "../../home.ts";
import { reportSections, reportText } from "../../services/diagnostics/report.ts";
import { openServicesToRead } from "../../services/home/open.ts";
import type { Services } from "../../services/home/open.ts";
import { version } from "../../version.ts";
import type { Context } from "../context.ts";
import { runIdOf } from "../following.ts";

/** coppice report: what helps someone to help, as a text to read before it is passed on. */
export function addReport(program: Command, contextOf: (command: Command) => Context): void {
  program
    .command("report")
    .summary("write a report of a problem")
    .description(
      "Writes what helps someone to help: versions, this computer, states of runs, errors, the end of the log. It holds no text, name or path of yours, and is sent to nobody.",
    )
    .argument("[run]", "a run's id or folder, whose figures are in the report")
    .option("--out <file>", "where to; to standard output otherwise")
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
          await writeFileAtomic(out, text);
          terminal.say(`The report is in ${out}; read it before you pass it on.`);
        }
        terminal.tell({ event: "done", ...(out === undefined ? { sections } : { output: out }) });
      } finally {
        if ("close" in services) services.close();
      }
    });
}

/** A home that cannot be opened is one of the things that a report is about. */
function opened(home: string): Services | { problem: unknown } {
  try {
    return openServicesToRead(home);
  } catch (problem) {
    return { problem };
  }
}
