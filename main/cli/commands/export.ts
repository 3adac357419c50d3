import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import { Programs } from "../../../preload/contract/plans/plan.ts";
import type { ProgramName } from "../../../preload/contract/plans/plan.ts";
import { isParcel, PARCEL_EXTENSION } from "../../../preload/contract/results/parcel-name.ts";
import { ExportFormat, ExportMix } from "../../../preload/contract/runs/exporting.ts";
import type { Exported, ExportNote } from "../../../preload/contract/runs/exporting.ts";
import { bytesText, signedText } from "../../../preload/contract/words/figures.ts";
import { jobOfRun } from "../../services/runs/elsewhere.ts";
import { exportDepth } from "../../services/runs/exporting.ts";
import { takeNamed } from "../../services/runs/moved-models.ts";
import type { Context } from "../context.ts";
import { writingJob } from "../elsewhere.ts";
import { runIdOf } from "../following.ts";
import { movedModelOption, textOption } from "../options.ts";
import { Progress } from "../progress.ts";
import { stoppable } from "../stoppable.ts";

interface ExportOptions {
  out: string;
  plan?: string;
  yes?: boolean;
  depth?: string;
  format: ExportFormat;
  quantize?: ExportMix;
  for?: ProgramName;
  model?: string;
}

/** coppice export: any saved depth of a run, in the format of a program; or the plan of a run, for another computer. */
export function addExport(command: Command, contextOf: (command: Command) => Context): void {
  command
    .description(
      "Writes a saved depth of a run for this or another program, reads it back, and compares what it computes with the run's model.",
    )
    .argument("[run]", "the run's id or folder")
    .requiredOption(
      "--out <place>",
      "a new folder for the model; with parcel, a new file; with lmstudio, the folder of LM Studio's models",
      textOption,
    )
    .option(
      "--plan <run>",
      "a run to carry out on another computer with PyTorch: its plan, rows and base model",
      textOption,
    )
    .option("--yes", "let the rows of a plan leave this computer without asking")
    .option("--depth <name|n>", "a depth's name, or its number of units (the run's model)")
    .addOption(
      new Option("--format <format>", "the format to write").choices(ExportFormat.options).default("coppice"),
    )
    .addOption(
      new Option("--quantize <type>", "the type of weights in a GGUF file (Q4_K_M) or an ONNX graph (INT8)")
        .choices(ExportMix.options)
        .argParser(mixOf),
    )
    .addOption(
      new Option("--for <program>", "refuse the export if this program could not load it").choices(Programs),
    )
    .addOption(movedModelOption())
    .action(async (reference: string | undefined, options: ExportOptions, command: Command) => {
      const context = contextOf(command);
      const { plan, out, yes = false } = options;
      if (plan !== undefined)
        return writingJob(context, { out, yes }, (services, reading) =>
          jobOfRun(services, reading, runIdOf(services, plan)),
        );
      if (reference === undefined) return command.error("error: missing required argument 'run'");
      const { terminal } = context;
      const progress = new Progress(terminal);
      const exported = await stoppable("Stopped. Nothing was exported.", (signal) =>
        context.writingWithReader(async (services, reading) => {
          const run = runIdOf(services, reference);
          if (options.model !== undefined) await takeNamed(services, reading, run, options.model);
          return exportDepth(
            services,
            reading,
            {
              run,
              depth: options.depth,
              output: placeOf(options),
              format: options.format,
              mix: options.quantize,
              program: options.for,
            },
            { engine: context.engine, signal, onEvent: (event) => progress.show(event) },
          );
        }),
      );
      progress.end();
      for (const line of linesOf(exported)) terminal.say(line);
      terminal.emit({ event: "done", ...exported });
    });
}

/** Where to export: a parcel gets its extension, by which the system opens it with Coppice. */
const placeOf = ({ out, format }: ExportOptions): string =>
  format === "parcel" && !isParcel(out) ? out + PARCEL_EXTENSION : out;

/** A mix by its name, in upper or lower case. */
function mixOf(text: string): ExportMix {
  const mix = ExportMix.options.find((known) => known === text.toUpperCase());
  if (mix === undefined)
    throw new InvalidArgumentError(`Allowed choices are ${ExportMix.options.join(", ")}.`);
  return mix;
}

const NOTES: Record<ExportNote, string> = {
  "ollama-chooses-template":
    "Its chat template cannot be written in Ollama's language: Ollama chooses one by the template in the GGUF file.",
  "dated-template": "Its chat template contains today's date, which stays as it is in Ollama.",
  "without-prompt":
    "The vectors before each text are not in it: other programs cannot begin texts with them. To chat with them, use the format coppice.",
};

function linesOf({ output, units, sizeBytes, files, check, notes, signedBy }: Exported): string[] {
  const { largestDifference, sameTop, perplexity, roundedBefore } = check;
  return [
    `${units} units, ${bytesText(sizeBytes)}, in ${output}`,
    ...files.map(({ name, sizeBytes: bytes, sha256 }) => `  ${sha256}  ${bytesText(bytes)}  ${name}`),
    `Read back: logits differ by up to ${largestDifference.toPrecision(2)} on ${check.prompts} prompts, and the likeliest token is the same at ${(100 * sameTop).toFixed(0)}% of their ends.`,
    ...(perplexity
      ? [
          `Perplexity of held-out texts: ${perplexity.before.toFixed(3)} before, ${perplexity.after.toFixed(3)} after (${signedText(perplexity.after / perplexity.before - 1)}%).`,
        ]
      : []),
    ...(roundedBefore === null
      ? []
      : [
          `The base model was stored as ${roundedBefore}, so its weights are now rounded for the second time.`,
        ]),
    ...notes.map((note) => NOTES[note]),
    ...(signedBy === undefined
      ? []
      : [`Signed with your key. Tell its fingerprint to whoever gets the file: ${signedBy}`]),
  ];
}
