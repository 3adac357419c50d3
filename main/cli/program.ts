/** The command line: its commands, and the exit code of each outcome. Each command is loaded only when it is named. */
import { Argument, Command, CommanderError } from "commander";
import { version } from "../version.ts";
import type { Shell } from "./completions.ts";
import type { Context, Listed, NewContext, Surroundings } from "./context.ts";
import { getCommand } from "./get-command.ts";
import { textOption } from "./text-option.ts";
import { Terminal } from "./terminal.ts";
import { Unfinished } from "./unfinished.ts";

const commands: Readonly<Record<string, Listed>> = {
  demo: {
    summary: "run the whole job on the built-in sample",
    add: async (...given) => (await import("./commands/demo.ts")).addDemo(...given),
  },
  trim: {
    summary: "specialise a model on your data and trim it",
    add: async (...given) => (await import("./commands/trim.ts")).addTrim(...given),
  },
  improve: {
    summary: "teach a run's model what you corrected",
    add: async (...given) => (await import("./commands/improve.ts")).addImprove(...given),
  },
  retrain: {
    summary: "repeat a finished run on all of its rows",
    add: async (...given) => (await import("./commands/retrain.ts")).addRetrain(...given),
  },
  resume: {
    summary: "continue an unfinished run",
    add: async (...given) => (await import("./commands/resume.ts")).addResume(...given),
  },
  runs: {
    summary: "list your runs, or show or delete one",
    add: async (...given) => (await import("./commands/runs.ts")).addRuns(...given),
  },
  data: {
    summary: "read data; list your data sets, or show, name, export or delete one",
    add: async (...given) => (await import("./commands/data.ts")).addData(...given),
  },
  questions: {
    summary: "have a local model write questions from your documents",
    add: async (...given) => (await import("./commands/questions.ts")).addQuestions(...given),
  },
  devices: {
    summary: "list and test compute devices",
    add: async (...given) => (await import("./commands/devices.ts")).addDevices(...given),
  },
  ...getCommand,
  inspect: {
    summary: "inspect a model file, or data",
    add: async (...given) => (await import("./commands/inspect.ts")).addInspect(...given),
  },
  evaluate: {
    summary: "measure a model on a test set",
    add: async (...given) => (await import("./commands/evaluate.ts")).addEvaluate(...given),
  },
  generate: {
    summary: "generate one answer, or many",
    add: async (...given) => (await import("./commands/generate.ts")).addGenerate(...given),
  },
  chat: {
    summary: "chat with a model",
    add: async (...given) => (await import("./commands/chat.ts")).addChat(...given),
  },
  serve: {
    summary: "let other programs use your models",
    add: async (...given) => (await import("./commands/serve.ts")).addServe(...given),
  },
  export: {
    summary: "export a depth of a run for other programs",
    add: async (...given) => (await import("./commands/export.ts")).addExport(...given),
  },
  import: {
    summary: "open a model that somebody handed on",
    add: async (...given) => (await import("./commands/import.ts")).addImport(...given),
  },
  recite: {
    summary: "measure how much of its training text a model recites",
    add: async (...given) => (await import("./commands/recite.ts")).addRecite(...given),
  },
  report: {
    summary: "write a problem report",
    add: async (...given) => (await import("./commands/report.ts")).addReport(...given),
  },
};

const exitCode = { done: 0, notDone: 1, wrongUsage: 2 } as const;

const COMPLETIONS = "completions";

const overview = `
A first look, in a few minutes:   coppice demo
Your own model and data:          coppice trim --model MODEL.gguf --data FOLDER --keep 0.5
What you have:                    coppice runs`;

/**
 * Runs one command and returns the exit code: 0 done, 2 wrong usage, 128 and a signal's number if that stopped it (130: Ctrl-C), 1
 * otherwise, with one sentence on standard error.
 */
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
  let newContext!: NewContext;
  const contextOf = (command: Command) => {
    context = newContext(command, surroundings);
    terminal = context.terminal;
    return context;
  };
  try {
    const isNamed = (name: string) => args.includes(name) || args.includes(COMPLETIONS);
    const program = await coppice(contextOf, isNamed);
    program.hook("preAction", async () => {
      await surroundings.ready;
      newContext = (await import("./context.ts")).newContext;
    });
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: "user" });
    return exitCode.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.wrongUsage;
    if (error instanceof Unfinished) {
      terminal.emit({ event: "stopped", reason: error.message });
      terminal.fail(error.message);
      return error.exitCode;
    }
    const [{ failureOf }, { sentence }] = await Promise.all([
      import("../../native-models/failure.ts"),
      import("../../preload/contract/words/sentence.ts"),
    ]);
    const failure = failureOf(error);
    if (process.env.COPPICE_DEBUG) console.error(error);
    terminal.emit({ event: "failed", failure });
    terminal.fail(sentence(failure));
    return exitCode.notDone;
  } finally {
    context?.close();
  }
}

/** All commands; those that `isNamed` accepts have their options. `contextOf` creates the context of the one that runs. */
export async function coppice(
  contextOf: (command: Command) => Context,
  isNamed = (_: string): boolean => true,
): Promise<Command> {
  const program = new Command("coppice")
    .description(
      "Specialises an open language model for your field on this computer and trims it to half its depth.",
    )
    .version(version)
    .option("--json", "print one JSON object per line, for programs")
    .option("--home <folder>", "Coppice's home folder (COPPICE_HOME)", textOption)
    .addHelpText("after", overview)
    .helpCommand(false) // commander's would answer an unknown name with the whole list
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(capital(text.replace(/^error: /, ""))) });
  for (const [name, { summary, add }] of Object.entries(commands)) {
    const command = program.command(name).summary(summary);
    if (isNamed(name)) await add(command, contextOf);
  }
  program
    .command(COMPLETIONS)
    .summary("print a script that completes commands and options")
    .description("Prints a script for a shell that completes the commands, options and values of coppice.")
    .addArgument(new Argument("<shell>").choices(["bash", "zsh", "fish", "powershell"]))
    .action(async (shell: Shell) => {
      const { completions } = await import("./completions.ts");
      process.stdout.write(completions(program, shell));
    });
  program
    .command("help")
    .summary("show what a command does, and its options")
    .argument("[command...]")
    .action((names: string[]) => {
      let shown: Command = program;
      for (const name of names)
        shown =
          shown.commands.find((one) => one.name() === name) ?? program.error(`Unknown command '${name}'.`);
      shown.outputHelp();
    });
  return program;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
