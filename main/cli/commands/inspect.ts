import type { Command } from "commander";
import { chatGain } from "../../../native-models/estimate.ts";
import { bytesText, countText, formatText } from "../../../preload/contract/figures.ts";
import type { ModelReport } from "../../../preload/contract/model.ts";
import { LEFT_OUT_SENTENCES } from "../../../preload/contract/sentence.ts";
import type { Context } from "../context.ts";

/** coppice inspect: the metadata of a model file. */
export function addInspect(program: Command, contextOf: (command: Command) => Context): void {
  program
    .command("inspect")
    .summary("inspect a model file")
    .description("Shows the contents of a model file without loading it.")
    .argument("<model>", "GGUF file, model folder, finished run, or sample")
    .action(async (reference: string, _options: object, command: Command) => {
      const context = contextOf(command);
      const { path } = context.model(reference);
      const model = await context.withReader((reading) => reading.inspect(path));
      for (const line of lines(model)) context.terminal.say(line);
      for (const notice of model.notices) context.terminal.warn(notice);
      for (const part of model.leftOut ?? []) context.terminal.warn(LEFT_OUT_SENTENCES[part]);
      context.terminal.emit({ event: "done", model });
    });
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
