/** The command line: its commands, and the exit code of each outcome. */
import { Command, CommanderError } from "commander";
import { failureOf } from "../../native-models/failure.ts";
import { sentence } from "../../preload/contract/words/sentence.ts";
import { version } from "../version.ts";
import { addBench } from "./commands/bench.ts";
import { addChat } from "./commands/chat.ts";
import { addData } from "./commands/data.ts";
import { addDemo } from "./commands/demo.ts";
import { addDevices } from "./commands/devices.ts";
import { addEvaluate } from "./commands/evaluate.ts";
import { addExport } from "./commands/export.ts";
import { addGenerate } from "./commands/generate.ts";
import { addGet } from "./commands/get.ts";
import { addImprove } from "./commands/improve.ts";
import { addInspect } from "./commands/inspect.ts";
import { addQuestions } from "./commands/questions.ts";
import { addRecite } from "./commands/recite.ts";
import { addReport } from "./commands/report.ts";
import { addResume } from "./commands/resume.ts";
import { addRuns } from "./commands/runs.ts";
import { addTrim } from "./commands/trim.ts";
import { Context } from "./context.ts";
import type { Surroundings } from "./context.ts";
import { textOption } from "./options.ts";
import { Terminal } from "./terminal.ts";
import { Unfinished } from "./unfinished.ts";

const exitCode = { done: 0, notDone: 1, wrongUsage: 2 } as const;

const overview = `
A first look, in a few minutes:   coppice demo
Your own model and data:          coppice trim --model MODEL.gguf --data FOLDER --keep 0.5
What you have:                    coppice runs`;

/** Runs one command and returns the exit code: 0 done, 2 wrong usage, 1 otherwise with one sentence on standard error. */
export async function runCommandLine(
  args: readonly string[],
  surroundings: Surroundings = {},
): Promise<number> {
  let terminal = new Terminal({
    json: args.includes("--json"),
    output: process.stdout,
    errors: process.stderr,
  });
  let context: Context | undefined;
  const program = coppice((command) => {
    context = Context.of(command, surroundings);
    terminal = context.terminal;
    return context;
  });
  try {
    program.hook("preAction", async () => void (await surroundings.ready));
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: "user" });
    return exitCode.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.wrongUsage;
    if (error instanceof Unfinished) {
      terminal.emit({ event: "stopped", reason: error.message });
      terminal.fail(error.message);
      return exitCode.notDone;
    }
    const failure = failureOf(error);
    if (process.env.COPPICE_DEBUG) console.error(error);
    terminal.emit({ event: "failed", failure });
    terminal.fail(sentence(failure));
    return exitCode.notDone;
  } finally {
    context?.close();
  }
}

/** All commands; `contextOf` creates the context of the one that runs. */
export function coppice(contextOf: (command: Command) => Context): Command {
  const program = new Command("coppice")
    .description(
      "Specialises an open language model for your field on this computer and trims it to half its depth.",
    )
    .version(version)
    .option("--json", "print one JSON object per line, for programs")
    .option("--home <folder>", "Coppice's home folder (COPPICE_HOME)", textOption)
    .addHelpText("after", overview)
    .helpCommand(false)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(capital(text.replace(/^error: /, ""))) });
  addDemo(program, contextOf);
  addTrim(program, contextOf);
  addImprove(program, contextOf);
  addResume(program, contextOf);
  addRuns(program, contextOf);
  addData(program, contextOf);
  addQuestions(program, contextOf);
  addDevices(program, contextOf);
  addGet(program, contextOf);
  addInspect(program, contextOf);
  addEvaluate(program, contextOf);
  addGenerate(program, contextOf);
  addChat(program, contextOf);
  addExport(program, contextOf);
  addRecite(program, contextOf);
  addReport(program, contextOf);
  addBench(program);
  return program;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
