import { noteText } from "../../../preload/contract/words/notes.ts";
import { Option } from "commander";
import type { Command } from "commander";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { bytesText, counted } from "../../../preload/contract/words/figures.ts";
import { SPLITS } from "../../../preload/contract/data/data-files.ts";
import type { SplitReport } from "../../../preload/contract/data/data.ts";
import type { DataSetDetail } from "../../../preload/contract/calls/data-sets.ts";
import type { DataSet, Descendant } from "../../../preload/contract/data/data-set.ts";
import { DataSetFormat } from "../../../preload/contract/data/data-set.ts";
import { exportDataSet } from "../../services/data/exporting-data.ts";
import type { DataSources } from "../../services/data/reading.ts";
import type { Services } from "../../services/open.ts";
import { eraseDataSet } from "../../services/runs/correction-sets.ts";
import { refuseUsedFolder } from "../../services/runs/output-folder.ts";
import type { Context } from "../context.ts";
import { findDataSet } from "../data-set-reference.ts";
import { SPLIT_NAMES } from "../inspected-data.ts";
import { textOption, wholeNumber } from "../options.ts";
import { addSources, sourcesOf } from "../reading-options.ts";
import type { SourceOptions } from "../reading-options.ts";
import { recognitionShown } from "../recognition.ts";
import { stoppable } from "../stoppable.ts";
import { tableText } from "../table.ts";

interface DataOptions extends SourceOptions {
  model?: string;
  seed?: number;
  export?: string;
  format?: DataSetFormat;
  name?: string;
  delete?: boolean;
}

/** coppice data: reads data, or lists the data sets of this computer, or handles one of them. */
export function addData(command: Command, contextOf: (command: Command) => Context): void {
  command
    .description(
      "Reads files and folders into a data set, with how they are read; or lists the data sets, or shows one: its rows, where they came from, and the runs that were trained on it.",
    )
    .argument(
      "[data...]",
      "files and folders to read; or a data set's number or name (of several versions, the newest), unless a file has that name",
    )
    .option(
      "--name <name>",
      "the data set's name; a named data set stays when its last run is deleted",
      textOption,
    );
  addSources(command)
    .option("--model <model>", "the model to train, so that passages of texts fit its tokens", textOption)
    .option("--seed <n>", "decides which rows are split off and drawn (1)", wholeNumber(0))
    .addOption(
      new Option("--export <folder>", "write a data set's rows and a card into a new folder")
        .argParser(textOption)
        .conflicts(["name", "delete"]),
    )
    .addOption(
      new Option("--format <format>", "the format of an export (jsonl)").choices(DataSetFormat.options),
    )
    .addOption(
      new Option(
        "--delete",
        "delete a data set's rows and the questions written from them; runs that were trained on it keep their figures",
      ).conflicts("name"),
    )
    .action(async (references: string[], options: DataOptions, command: Command) => {
      const context = contextOf(command);
      const { name, export: folder, format, delete: isDeleted = false, ...reading } = options;
      const { model, seed, ...sources } = reading;
      const [reference] = references;
      if (reference === undefined && Object.keys(options).length > 0)
        return command.error(
          "Name the data to read, or the data set to export, name or delete; without an option, all are listed.",
        );
      if (format !== undefined && folder === undefined)
        return command.error("--format is the format of an export: name its folder with --export, too.");
      if (reference === undefined)
        return context.reading((services) => list(context, services.dataSets.list()));
      const isSet = folder !== undefined || isDeleted;
      if (!isSet && (references.length > 1 || existsSync(reference)))
        return read(context, sourcesOf(references, sources), { name, model, seed });
      if (Object.keys(reading).length > 0)
        return command.error(`"${reference}" is no file or folder, and only those are read.`);
      if (folder !== undefined) return exportOne(context, reference, folder, format ?? "jsonl");
      if (name === undefined && !isDeleted)
        return context.reading((services) => show(context, services, reference));
      await context.writing(async (services) => {
        const { dataSets } = services;
        const { id, runs } = findDataSet(dataSets.list(), reference);
        const descendants = dataSets.descendants(id);
        if (name !== undefined) dataSets.rename(id, name);
        const freedBytes = isDeleted ? await eraseDataSet(services, id) : 0;
        if (isDeleted) {
          context.terminal.say(`Deleted, ${bytesText(freedBytes)} freed.`);
          if (runs.length > 0) context.terminal.say(trainedText(runs));
          if (descendants.length > 0) context.terminal.say(carriedText(descendants));
        } else context.terminal.say(`Its name is "${name}".`);
        context.terminal.emit({ event: "done", id, freedBytes, runs, descendants });
      });
    });
}

/** Reads data into a data set that stays, and shows it. */
async function read(
  context: Context,
  sources: DataSources,
  {
    name,
    model,
    seed = 1,
  }: { name: string | undefined; model: string | undefined; seed: number | undefined },
): Promise<void> {
  const { terminal } = context;
  const path = model === undefined ? null : (await context.model(model)).path;
  await context.writingWithReader(async ({ home, datasets, dataSets }, reading) => {
    const found = await stoppable("Stopped. Nothing was read.", (signal) =>
      reading.dataset(sources, path, seed, home.datasets, {
        onPage: recognitionShown(terminal),
        onProgress: ({ done, of }) => terminal.status(`Read ${done} of ${counted(of, "file")}`),
        signal,
      }),
    );
    terminal.endStatus();
    const { id, name: named } = datasets.remember(datasets.named(found, sources.data));
    dataSets.rename(id, name ?? named);
    showSet(context, await dataSets.get(id));
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

async function show(context: Context, { dataSets }: Services, reference: string): Promise<void> {
  showSet(context, await dataSets.get(findDataSet(dataSets.list(), reference).id));
}

function showSet({ terminal }: Context, set: DataSetDetail): void {
  const { id, name, version, report, sizeBytes, runs, kept } = set;
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
  terminal.say(`To train on it: coppice trim --data ${id} …`);
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
