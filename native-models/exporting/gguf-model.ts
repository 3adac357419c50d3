/** A model as a GGUF file. */
import { attentionsOf } from "../architectures/architecture.ts";
import type { Config } from "../architectures/architecture.ts";
import { fail } from "../failure.ts";
import { FILE_TYPES } from "../formats/gguf/constants.ts";
import { writeGguf } from "../formats/gguf/write.ts";
import type { GgufEntry } from "../formats/gguf/write.ts";
import { encoded, fromFloat32, watched } from "../formats/views.ts";
import { modelWeights } from "../model.ts";
import type { Model } from "../model.ts";
import { fusedWeights, storedThrough } from "../stored-layout.ts";
import type { Tokenizer } from "../tokenizer.ts";
import { nameFor } from "../tokenizer/right-stripped.ts";
import { ggufTokenizer } from "../tokenizer/to-gguf.ts";
import { mixedTypes } from "./gguf-mix.ts";
import type { Mix } from "./mixes.ts";

export interface GgufOptions {
  readonly mix: Mix;
  readonly name: string;
  readonly licence: string | null;
  /** Receives the share written. */
  readonly onProgress?: (fraction: number) => void;
}

/**
 * Writes a model. Throws `not-expressible`, `unsupported-tokenizer`, `disk-full`, `unwritable`, and the errors of
 * reading the weights.
 */
export async function writeGgufModel(
  path: string,
  model: Model,
  tokenizer: Tokenizer,
  { mix, name, licence, onProgress = () => {} }: GgufOptions,
): Promise<void> {
  const { config, sections, architecture } = model;
  const isWhole = sections.every((section) => section === "block");
  const gguf = isWhole ? architecture.gguf : architecture.ggufOfHalves;
  if (!gguf) {
    const reason = isWhole ? "kinds" : "half-blocks";
    return fail({ code: "not-expressible", program: "llama.cpp", blocks: sections.length, reason });
  }
  const general = new Map<string, GgufEntry>([
    ["general.architecture", gguf.architecture],
    ["general.type", "model"],
    ["general.name", nameFor(name, tokenizer.definition, gguf.strippingName)],
    ...(licence === null ? [] : [["general.license", licence] as const]),
    ["general.file_type", { type: "u32", value: fileTypeOf(mix) }],
    ["general.quantization_version", { type: "u32", value: 2 }],
  ]);
  const vectors = [...gguf.vectors(config)].map(([name, values]) =>
    fromFloat32(name, [values.length], Float32Array.from(values)),
  );
  const zeros = [...(gguf.zeros?.(config, sections) ?? [])].map(([name, shape]) =>
    fromFloat32(name, shape, new Float32Array(shape.reduce((product, size) => product * size, 1))),
  );
  const stored = [
    ...vectors,
    ...zeros,
    ...fusedWeights(modelWeights(config, sections), (weight) => model.weight(weight)).map((weight) =>
      storedThrough(weight, gguf.view(weight.name, config)),
    ),
  ];
  const types = mixedTypes(mix, stored, sections.length);
  const all = stored.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
  let done = 0;
  const weights = stored.map((weight, index) =>
    watched(encoded(weight, types[index]!), (rows) => {
      done += rows * weight.columns;
      onProgress(done / all);
    }),
  );
  const metadata = new Map([
    ...general,
    ...architectureEntries(gguf.metadata(config.json, sections), gguf.architecture, config),
    ...ggufTokenizer(tokenizer, config.vocabularySize),
  ]);
  await writeGguf(path, metadata, weights);
}

const fileTypeOf = (mix: Mix): number => [...FILE_TYPES].find(([, name]) => name === mix)![0];

/** Keys whose values are f32 even where they are integers. */
const FLOAT_KEYS = /epsilon|freq_base|factor|scale|softcapping|beta_(fast|slow)|log_multiplier/;

function architectureEntries(
  metadata: ReadonlyMap<string, unknown>,
  prefix: string,
  { blocks }: Config,
): Map<string, GgufEntry> {
  const entries = new Map<string, GgufEntry>();
  for (const [key, value] of metadata) {
    const entry = entryOf(key, value);
    if (entry !== null) entries.set(key, entry);
  }
  // The head width is not always the model's width divided by the number of heads, which llama.cpp assumes where these keys are absent.
  const attention = attentionsOf({ blocks })[0];
  if (attention)
    for (const key of ["attention.key_length", "attention.value_length"])
      entries.set(`${prefix}.${key}`, { type: "u32", value: attention.headDim });
  return entries;
}

function entryOf(key: string, value: unknown): GgufEntry | null {
  if (typeof value === "number") {
    const isFloat = FLOAT_KEYS.test(key) || !Number.isInteger(value);
    return { type: isFloat ? "f32" : "u32", value };
  }
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (ArrayBuffer.isView(value)) return value as GgufEntry;
  if (!Array.isArray(value)) return null;
  if (!value.every((element) => typeof element === "number")) return value as string[] | boolean[];
  return FLOAT_KEYS.test(key) ? Float32Array.from(value) : Int32Array.from(value);
}
