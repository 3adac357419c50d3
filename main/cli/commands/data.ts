import { noteText } from "../../../preload/contract/words/notes.ts";
import { Option } from "commander";
import type { Command } from "commander";
import { resolve } from "node:path";
import { bytesText, counted } from "../../../preload/contract/words/figures.ts";
import { SPLITS } from "../../../preload/contract/data/data-files.ts";
import type { SplitReport } from "../../../preload/contract/data/data.ts";
import type { DataSet, Descendant } from "../../../preload/contract/data/data-set.ts";
import { DataSetFormat } from "../../../preload/contract/data/data-set.ts";
import { exportDataSet } from "../../services/data/exporting-data.ts";
import type { Services } from "../../services/open.ts";
import { eraseDataSet } from "../../services/runs/correction-sets.ts";
import { refuseUsedFolder } from "../../services/runs/output-folder.ts";
import type { Context } from "../context.ts";
import { findDataSet } from "../data-set-reference.ts";
import { SPLIT_NAMES } from "../inspected-data.ts";
import { textOption } from "../options.ts";
import { stoppable } from "../stoppable.ts";
import { tableText } from "../table.ts";

interface DataOptions {
  export?: string;
  format?: DataSetFormat;
  name?: string;
  delete?: boolean;
}

/** coppice data: the data sets of this computer, or one of them. */
export function addData(command: Command, contextOf: (command: Command) => Context): void {
  command
    .description(
      "Lists the data that was read on this computer, or shows one data set: its rows, where they came from, and the runs that were trained on it.",
    )
    .argument("[set]", "a data set's number or name; of several versions, the newest")
    .addOption(
      new Option("--export <folder>", "write its rows and a card into a new folder")
        .argParser(textOption)
        .conflicts(["name", "delete"]),
    )
    .addOption(
      new Option("--format <format>", "the format of an export (jsonl)").choices(DataSetFormat.options),
    )
    .option(
      "--name <name>",
      "give it this name; a named data set stays when its last run is deleted",
      textOption,
    )
    .addOption(
      new Option(
        "--delete",
        "delete its rows and the questions written from them; runs that were trained on it keep their figures",
      ).conflicts("name"),
    )
    .action(async (reference: string | undefined, options: DataOptions, command: Command) => {
      const context = contextOf(command);
      if (reference === undefined && Object.keys(options).length > 0)
        return command.error(
          "Name the data set to export, name or delete; without an option, all are listed.",
        );
      if (options.format !== undefined && options.export === undefined)
        return command.error("--format is the format of an export: name its folder with --export, too.");
      if (reference === undefined)
        return context.reading((services) => list(context, services.dataSets.list()));
      if (options.export !== undefined)
        return exportOne(context, reference, options.export, options.format ?? "jsonl");
      if (options.name === undefined && !options.delete)
        return context.reading((services) => show(context, services, reference));
      await context.writing(async (services) => {
        const { dataSets } = services;
        const { id, runs } = findDataSet(dataSets.list(), reference);
        const descendants = dataSets.descendants(id);
        if (options.name !== undefined) dataSets.rename(id, options.name);
        const freedBytes = options.delete ? await eraseDataSet(services, id) : 0;
        if (options.delete) {
          context.terminal.say(`Deleted, ${bytesText(freedBytes)} freed.`);
          if (runs.length > 0) context.terminal.say(trainedText(runs));
          if (descendants.length > 0) context.terminal.say(carriedText(descendants));
        } else context.terminal.say(`Its name is "${options.name}".`);
        context.terminal.emit({ event: "done", id, freedBytes, runs, descendants });
      });
    });
}

/** "2 runs were trained on it and keep their figures: Leases, Leases again." */
function trainedText(runs: DataSet["runs"]): string {
  const trained = counted(
    runs.length,
    "run was trained on it and keeps its",
    "runs were trained on it and keep their",
  );
  return `${trained} figures: ${runs.map(({ name }) => name).join(", ")}.`;
}

/** "1 other run carries its data: Winter (started from the model of Leases)." */
function carriedText(descendants: readonly Descendant[]): string {
  const carry = counted(descendants.length, "other run carries", "other runs carry");
  const named = descendants.map(({ name, from }) => `${name} (started from the model of ${from})`);
  return `${carry} its data: ${named.join(", ")}.`;
}

function list({ terminal }: Context, sets: readonly DataSet[]): void {
  if (sets.length === 0)
    terminal.say("No data has been read here yet. A run reads its data, and so does the wizard's data step.");
  else {
    const rows = sets.map(({ id, name, version, rows, runs, usedAt }) => [
      String(id),
      name,
      String(version),
      ...SPLITS.map((split) => (rows[split] === 0 ? "" : String(rows[split]))),
      String(runs.length),
      usedAt.slice(0, 10),
    ]);
    const splits = SPLITS.map((split) => SPLIT_NAMES[split]);
    const header = ["number", "name", "version", ...splits, "runs", "used"];
    const [head, ...lines] = tableText(header, rows, "left");
    terminal.say(terminal.colours.dim(head!));
    for (const line of lines) terminal.say(line);
  }
  terminal.emit({ event: "done", dataSets: sets });
}

async function show({ terminal }: Context, { dataSets }: Services, reference: string): Promise<void> {
  const set = await dataSets.get(findDataSet(dataSets.list(), reference).id);
  const { name, version, report, sizeBytes, source, runs, kept } = set;
  terminal.say(`${name}, version ${version}, ${bytesText(sizeBytes)}`);
  for (const split of SPLITS) {
    const files = report.splits[split];
    if (files)
      terminal.say(`  ${SPLIT_NAMES[split]}: ${counted(set.rows[split], "row")} from ${filesText(files)}`);
  }
  const used = runs.map(({ name }) => name).join(", ");
  terminal.say(used === "" ? "  No run has used it." : `  Used by ${used}.`);
  if (!kept && used !== "") terminal.say("  It is deleted with its last run; --name NAME keeps it.");
  for (const note of report.notes) terminal.say(`  ${noteText(note)}`);
  terminal.say(`To use it again: coppice trim --data "${source}" …`);
  terminal.emit({ event: "done", dataSet: set });
}

function filesText({ files, moreFiles = 0 }: SplitReport): string {
  return files.join(", ") + (moreFiles > 0 ? ` and ${moreFiles} more` : "");
}

async function exportOne(
  context: Context,
  reference: string,
  folder: string,
  format: DataSetFormat,
): Promise<void> {
  const output = resolve(folder);
  refuseUsedFolder(output);
  await context.reading(({ dataSets }) =>
    context.withReader(async (reading) => {
      const { id } = findDataSet(dataSets.list(), reference);
      const { files } = await stoppable("Stopped. Nothing was exported.", (signal) =>
        exportDataSet(dataSets, reading, { id, format, output }, { signal }),
      );
      for (const { file, rows } of files) context.terminal.say(`${file}: ${counted(rows, "row")}`);
      context.terminal.say(`It is in "${output}"`);
      context.terminal.emit({ event: "done", folder: output, files });
    }),
  );
}
