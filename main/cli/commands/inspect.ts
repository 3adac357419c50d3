import { existsSync, readdirSync } from "node:fs";
import type { Command } from "commander";
import { chatGain } from "../../../native-models/estimate.ts";
import { bytesText, countText, formatText } from "../../../preload/contract/figures.ts";
import type { ModelReport } from "../../../preload/contract/model.ts";
import { LEFT_OUT_SENTENCES } from "../../../preload/contract/sentence.ts";
import type { InspectedFile } from "../../../preload/contract/inspection.ts";
import { isDataFile } from "../../../preload/contract/data-files.ts";
import { isFolder } from "../../../native-models/formats/bytes.ts";
import { runMarker } from "../../run-folder.ts";
import { sampleName } from "../../services/models/sample.ts";
import type { Context } from "../context.ts";
import { fileLines, notReadText } from "../inspected-data.ts";
import { ocrOption, sampleOption } from "../options.ts";
import { addFiles, filesOf } from "../reading-options.ts";
import type { FileOptions } from "../reading-options.ts";
import { recognitionShown } from "../recognition.ts";

interface InspectOptions extends FileOptions {
  model?: string;
  valid?: string[];
  test?: string[];
  ocr?: boolean;
  sampleRows?: number;
}

/** coppice inspect: the metadata of a model file, or what data is read as. */
export function addInspect(program: Command, contextOf: (command: Command) => Context): void {
  const inspecting = program
    .command("inspect")
    .summary("inspect a model file, or data")
    .description("Shows the contents of a model file without loading it, or how data would be read.")
    .argument("<path...>", "GGUF file, model folder, finished run, or sample; or files and folders of data")
    .option("--model <model>", "for data: a model, in whose tokens its rows are measured")
    .option("--valid <path...>", "validation data")
    .option("--test <path...>", "test data, of which no row may be unusable")
    .addOption(sampleOption())
    .addOption(ocrOption());
  addFiles(inspecting).action(async (references: string[], options: InspectOptions, command: Command) => {
    const context = contextOf(command);
    const [reference] = references as [string];
    if (references.length > 1 || options.model !== undefined || isData(reference))
      return inspectData(context, references, options);
    const { path } = context.model(reference);
    const model = await context.withReader((reading) => reading.inspect(path));
    for (const line of lines(model)) context.terminal.say(line);
    for (const notice of model.notices) context.terminal.warn(notice);
    for (const part of model.leftOut ?? []) context.terminal.warn(LEFT_OUT_SENTENCES[part]);
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
  { model, sampleRows, valid = [], test = [], ocr = false, ...options }: InspectOptions,
): Promise<void> {
  const measured = model === undefined ? {} : { model: context.model(model).path };
  const onFile = (file: InspectedFile) => {
    for (const line of fileLines(file)) context.terminal.say(line);
    context.terminal.say();
  };
  const inspection = await context.withReader((reading) =>
    reading.inspectData(
      { data, valid, test, sampleRows, ocr, ...filesOf(options) },
      { ...measured, onFile, onPage: recognitionShown(context.terminal) },
    ),
  );
  if (inspection.notRead.length > 0) context.terminal.warn(notReadText(inspection));
  context.terminal.emit({ event: "done", data: inspection });
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
function blocksText({ layers, blockKinds = {} }: ModelReport): string {
  const kinds = Object.entries(blockKinds).map(([kind, count]) => `${count} ${kind}`);
  return kinds.length > 1 ? `${layers} (${kinds.join(", ")})` : String(layers);
}
