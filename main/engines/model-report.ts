/** What is reported about a model file. */
import { attentionsOf, isTied } from "../../native-models/architectures/architecture.ts";
import type { Config } from "../../native-models/architectures/architecture.ts";
import type { OpenModel } from "../../native-models/open-model.ts";
import { reportedSections } from "../../preload/contract/plans/model.ts";
import type { ModelReport } from "../../preload/contract/plans/model.ts";
import { licenceBeside } from "../trimming/export/licence-files.ts";

/** From its header; no weight is read. */
export function reportOf(model: OpenModel): ModelReport {
  const { path, format, config, sections, names, tokenizer, sizeBytes, parameters, licence, fileType } =
    model;
  const storage: Record<string, number> = {};
  for (const name of names) {
    const type = model.weight(name).storage;
    storage[type] = (storage[type] ?? 0) + 1;
  }
  const { modelType, hiddenSize, vocabularySize, maxPositions, blocks, ends } = config;
  const blockKinds: Record<string, number> = {};
  for (const { name } of blocks) blockKinds[name] = (blockKinds[name] ?? 0) + 1;
  const text = licenceBeside(path)?.text;
  return {
    path,
    format,
    modelType,
    config: config.json,
    blockKinds,
    layers: blocks.length,
    ...reportedSections(sections),
    hiddenSize,
    ...widthsOf(config),
    vocabularySize,
    maxPositions,
    tiedEmbedding: isTied(ends),
    parameters,
    sizeBytes,
    ...(fileType === null ? {} : { fileType }),
    storage,
    licence,
    ...(text === undefined ? {} : { licenceText: text }),
    hasChatTemplate: tokenizer.chatTemplate !== null,
    notices: [...tokenizer.notices],
    leftOut: [...model.leftOut],
  };
}

/** The widest MLP, and the heads of the first attention: those of all blocks in most models. */
function widthsOf({
  blocks,
}: Config): Pick<ModelReport, "intermediateSize" | "heads" | "kvHeads" | "headDim"> {
  const attention = attentionsOf({ blocks })[0];
  const { heads, kvHeads, headDim } = attention ?? { heads: 0, kvHeads: 0, headDim: 0 };
  const ups = blocks.flatMap(({ halves }) => halves.mlp.weights.filter(({ role }) => role === "up"));
  return { intermediateSize: Math.max(0, ...ups.map(({ shape }) => shape[0])), heads, kvHeads, headDim };
}
