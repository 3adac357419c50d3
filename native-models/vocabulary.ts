/** A model with some of another's tokens: a view, like a cut of its blocks, so that it can be used wherever a model can. */
import { isTied } from "./architectures/architecture.ts";
import type { JsonObject } from "./architectures/architecture.ts";
import { finiteOnly, permutedRows } from "./formats/views.ts";
import type { OpenModel } from "./open-model.ts";
import { newIds, trimmedTokenizer } from "./tokenizer/trimmed.ts";
import type { NewId } from "./tokenizer/trimmed.ts";

/**
 * The model whose token i is token `kept[i]` of `model`: those rows of embedding and head as the file stores them, a tokenizer of these
 * tokens, and their new ids in both configurations. It closes with the model that it is a view of. Throws as opening a model does.
 */
export function withVocabulary(model: OpenModel, kept: Int32Array): OpenModel {
  const tokenizer = trimmedTokenizer(model.tokenizer, kept);
  const newId = newIds(kept);
  const { bos_token_id: bos, eos_token_id: eos, pad_token_id: pad } = model.json;
  const json = {
    ...withNewIds(model.json, newId),
    vocab_size: kept.length,
    // always set: a family's default may be outside the vocabulary
    bos_token_id: renumbered(bos, newId) ?? tokenizer.bosId,
    eos_token_id: renumbered(eos, newId) ?? tokenizer.eosIds,
    pad_token_id: renumbered(pad, newId) ?? null,
  };
  const config = model.architecture.config(json, model.path);
  const { embedding, head } = config.ends;
  const matrices = isTied(config.ends) ? 1 : 2;
  const gone = model.config.vocabularySize - kept.length;
  return {
    ...model,
    config,
    json,
    generation: withNewIds(model.generation, newId),
    tokenizer,
    parameters: model.parameters - matrices * gone * config.hiddenSize,
    weight: (name) => {
      const weight = model.weight(name);
      const isByToken = name === embedding.name || name === head.name;
      return isByToken ? finiteOnly(permutedRows(weight, kept), model.path) : weight;
    },
  };
}

/** Keys of config.json and generation_config.json whose values are ids, or lists of them. */
const ID_KEY = /_token_(ids?|index)$|^(begin_)?suppress_tokens$|^(bad|force)_words_ids$/;

/** The ids that a model's configurations name. */
export const namedIds = ({ json, generation }: Pick<OpenModel, "json" | "generation">): number[] =>
  [json, generation].flatMap((config) =>
    Object.entries(config).flatMap(([key, value]) => (ID_KEY.test(key) ? idsIn(value) : [])),
  );

const idsIn = (value: unknown): number[] =>
  Array.isArray(value) ? value.flatMap(idsIn) : Number.isInteger(value) ? [value as number] : [];

/** A configuration with new ids; what is not kept has none. */
function withNewIds(config: JsonObject, newId: NewId): JsonObject {
  const entries = Object.entries(config).flatMap(([key, value]) => {
    const changed = ID_KEY.test(key) && value !== null ? renumbered(value, newId) : value;
    return changed === undefined ? [] : [[key, changed]];
  });
  return Object.fromEntries(entries) as JsonObject;
}

/** An id, or those of a list that are kept; a list inside of one, such as a word of several tokens, is kept whole or not at all. */
function renumbered(value: unknown, newId: NewId, isWord = false): unknown {
  if (!Array.isArray(value)) return newId(value);
  const ids = value.map((entry) => renumbered(entry, newId, true));
  return isWord && ids.includes(undefined) ? undefined : ids.filter((id) => id !== undefined);
}
