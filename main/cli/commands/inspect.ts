import type { Command } from "commander";
import { existsSync, readdirSync } from "node:fs";
import { chatGain } from "../../../native-models/estimates/chat.ts";
import { AppError } from "../../../native-models/failure.ts";
import type { Failure } from "../../../native-models/failure.ts";
import { remove } from "../../../native-models/formats/atomic.ts";
import { isFolder } from "../../../native-models/formats/bytes.ts";
import { bySplit, isDataFile, SPLITS } from "../../../preload/contract/data/data-files.ts";
import type { SplitName } from "../../../preload/contract/data/data.ts";
import type { InspectedFile } from "../../../preload/contract/data/inspection.ts";
import type { PreviewRow } from "../../../preload/contract/data/inspection.ts";
import type { ModelReport } from "../../../preload/contract/plans/model.ts";
import { bytesText, countText, counted, formatText } from "../../../preload/contract/words/figures.ts";
import { LEFT_OUT_SENTENCES, sentence } from "../../../preload/contract/words/sentence.ts";
import { newWorkFolder } from "../../home/home-cache.ts";
import { homeIn, makeHome } from "../../home/home.ts";
import { runMarker } from "../../home/run-folder.ts";
import type { DataSources, Reading } from "../../services/data/reading.ts";
import { sampleName } from "../../services/models/sample.ts";
import type { Context } from "../context.ts";
import { fileLines, notReadText, textsLines, usedLines } from "../inspected-data.ts";
import type { UsedData } from "../inspected-data.ts";
import { textOption, textsOption, wholeNumber } from "../options.ts";
import { addSources, sourcesOf } from "../reading-options.ts";
import type { SourceOptions } from "../reading-options.ts";
import { recognitionShown } from "../recognition.ts";
import { stoppable } from "../stoppable.ts";

/** Rows of a split that are reported. */
const USED_ROWS = 20;

interface InspectOptions extends SourceOptions {
  model?: string;
  seed?: number;
}

/** coppice inspect: the metadata of a model file, or how data is read. */
export function addInspect(command: Command, contextOf: (command: Command) => Context): void {
  const inspecting = command
    .description(
      "Shows the contents of a model file without loading it, or how data would be read and used by a run.",
    )
    .argument(
      "<path...>",
      "GGUF file, model folder, finished run, or sample; or files and folders of data",
      textsOption,
    )
    .option("--model <model>", "for data: a model, to count the rows' lengths in its tokens", textOption)
    .option(
      "--seed <n>",
      "for data: the run's seed, which decides which rows are split off (1)",
      wholeNumber(0),
    );
  addSources(inspecting).action(async (references: string[], options: InspectOptions, command: Command) => {
    const context = contextOf(command);
    const [reference] = references as [string];
    if (references.length > 1 || options.model !== undefined || isData(reference))
      return inspectData(context, references, options);
    const { path } = await context.model(reference);
    const model = await context.withReader((reading) => reading.inspect(path));
    for (const line of lines(model)) context.terminal.say(line);
    for (const notice of model.notices) context.terminal.warn(notice);
    for (const part of model.leftOut) context.terminal.warn(LEFT_OUT_SENTENCES[part]);
    context.terminal.emit({ event: "done", model });
  });
}

/** Whether a path is data rather than a model, by the names of files. */
function isData(reference: string): boolean {
  if (reference === sampleName || !existsSync(reference)) return isDataFile(reference);
  if (!isFolder(reference)) return !/\.(gguf|safetensors|onnx)$/i.test(reference);
  if (existsSync(runMarker(reference))) return false;
  return !readdirSync(reference).some(
    (name) => name === "config.json" || /\.(gguf|safetensors)$/i.test(name),
  );
}

async function inspectData(
  context: Context,
  data: readonly string[],
  { model: reference, seed = 1, ...options }: InspectOptions,
): Promise<void> {
  const { terminal } = context;
  const model = reference === undefined ? null : (await context.model(reference)).path;
  const sources = sourcesOf(data, options);
  const onFile = (file: InspectedFile) => {
    for (const line of fileLines(file)) terminal.say(line);
    terminal.say();
  };
  const onPage = recognitionShown(terminal);
  await stoppable("Stopped.", (signal) =>
    context.withReader(async (reading) => {
      const heard = { onFile, onPage, signal };
      const inspection = await reading.inspectData(sources, { model: model ?? undefined, ...heard });
      const isUsable = inspection.files.every(({ failure }) => failure === null);
      const used = isUsable
        ? await usedOrFailure(() => usedData(context, reading, sources, { model, seed, signal }))
        : null;
      if (used && "report" in used) for (const line of usedLines(used)) terminal.say(line);
      else {
        for (const line of textsLines(inspection.files)) terminal.say(line);
        terminal.warn(used ? sentence(used.failure) : UNUSABLE);
        if (inspection.notRead.length > 0) terminal.warn(notReadText(inspection));
      }
      terminal.emit({ event: "done", data: inspection, used });
    }),
  );
}

const UNUSABLE =
  "To see the data as it would be used, fix the unusable file, remove it, or leave it out (--exclude).";

/** A failure of the data as a whole is part of the inspection's result. */
async function usedOrFailure(use: () => Promise<UsedData>): Promise<UsedData | { failure: Failure }> {
  try {
    return await use();
  } catch (error) {
    if (error instanceof AppError && error.failure.code !== "cancelled") return { failure: error.failure };
    throw error;
  }
}

interface UseRequest {
  readonly model: string | null;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** Reads data as a run would, into a work folder of the home. */
async function usedData(
  { terminal, home: folder }: Context,
  reading: Reading,
  sources: DataSources,
  { model, seed, signal }: UseRequest,
): Promise<UsedData> {
  const home = homeIn(folder);
  makeHome(home);
  const place = newWorkFolder(home);
  try {
    const { folder, report } = await reading.dataset(sources, model, seed, place, {
      onProgress: ({ done, of }) => terminal.status(`Read ${done} of ${counted(of, "file")}`),
      signal,
    });
    const rows: Record<SplitName, PreviewRow[]> = bySplit(() => []);
    for (const split of SPLITS) {
      const asked = { folder, split, search: "", offset: 0, limit: USED_ROWS };
      rows[split] = (await reading.rows(asked)).rows;
    }
    return { report, rows };
  } finally {
    terminal.endStatus();
    await remove(place);
  }
}

function lines(model: ModelReport): string[] {
  const stored = Object.entries(model.storage).map(([type, count]) => `${count} ${type}`);
  const pairs: [string, string][] = [
    ["file", model.path],
    ["format", `${formatText(model)}, ${bytesText(model.sizeBytes)}`],
    ["kind", model.modelType],
    ["weights", `${countText(model.parameters)} (tensors: ${stored.join(", ")})`],
    ["blocks", blocksText(model)],
    ["at half depth", `answers about ${chatGain(model, model.layers / 2).toFixed(1)} times as fast`],
    ["width", `${model.hiddenSize}, feed-forward ${model.intermediateSize}`],
    ["heads", `${model.heads}, ${model.headDim} wide, ${model.kvHeads} for keys and values`],
    [
      "vocabulary",
      `${countText(model.vocabularySize)} tokens${model.tiedEmbedding ? ", embedding shared with the head" : ""}`,
    ],
    ["longest text", `${countText(model.maxPositions)} tokens`],
    ["chat template", model.hasChatTemplate ? "yes" : "none"],
    ["licence", model.licence ?? "not stated in the file"],
  ];
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${name.padEnd(width)}   ${value}`);
}

/** How many blocks there are, by kind where there are several. */
function blocksText({ layers, blockKinds }: ModelReport): string {
  const kinds = Object.entries(blockKinds).map(([kind, count]) => `${count} ${kind}`);
  return kinds.length > 1 ? `${layers} (${kinds.join(", ")})` : String(layers);
}
