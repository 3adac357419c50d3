/** Opens a model: a GGUF file, or a folder in the Hugging Face layout. Only headers and the tokenizer are read. */
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import type {
  Architecture,
  Config,
  JsonObject,
  StoredView,
  WeightSpec,
} from "./architectures/architecture.ts";
import { SECTIONS } from "./architectures/architecture.ts";
import { architectureOf, architectureOfGguf, spellingOf } from "./architectures/registry.ts";
import { dequantised, withFactors, withoutQuantisation } from "./dequantised.ts";
import { AppError, fail } from "./failure.ts";
import { exists } from "./formats/bytes.ts";
import { FILE_TYPES } from "./formats/gguf/constants.ts";
import { ADAPTER_CONFIG, openTensorFile } from "./formats/open.ts";
import { finiteOnly, renamed } from "./formats/views.ts";
import { requireOwnFiles } from "./formats/own-files.ts";
import type { TensorFile } from "./formats/tensor-file.ts";
import { leftOut } from "./left-out.ts";
import type { SkippedPart } from "./left-out.ts";
import { modelWeights } from "./model.ts";
import type { Model, Section } from "./model.ts";
import { shown } from "./shown.ts";
import { seenThrough, unfused } from "./stored-layout.ts";
import type { Find } from "./stored-layout.ts";
import { tokenizerFromFolder, tokenizerFromGguf } from "./tokenizer.ts";
import type { Tokenizer } from "./tokenizer.ts";
import { recordOf } from "./tokenizer/definition.ts";
import { tokenizerWithin } from "./tokenizer/trimmed.ts";
import { BUFFER_LIMIT_BYTES, storedBytes } from "./weights.ts";

/** A model in an open file. Whoever opens it closes it. */
export interface OpenModel extends Model {
  readonly format: TensorFile["format"];
  readonly tokenizer: Tokenizer;
  readonly sizeBytes: number;
  /** Elements of all its weights. */
  readonly parameters: number;
  /** The licence that the file names, null if none. */
  readonly licence: string | null;
  /** The mix of tensor types that a GGUF file declares, such as "Q4_K_M"; null if it declares none. */
  readonly fileType: string | null;
  /** Parts of the file that are not read. */
  readonly leftOut: readonly SkippedPart[];
  close(): void;
}

/**
 * Opens a model and checks that every weight of its architecture exists, with the right shape and a readable type. Throws
 * `not-found`, `unreadable`, `corrupt-file`, `unsupported-format`, `adapter-only`, `unmerged-adapter`, `unsupported-architecture`,
 * `unsupported-tensor-type`, `unsupported-quantisation`, `unsupported-tokenizer`, `missing-tensors`, `weight-too-large`; reading a weight throws `not-finite`.
 */
export async function openModel(path: string): Promise<OpenModel> {
  const file = openTensorFile(path);
  try {
    refuseAdapter(file);
    const { architecture, json, generation, tokenizer, find, fileType } = await (file.format === "gguf"
      ? fromGguf(file)
      : fromFolder(file));
    const config = architecture.config(json, path);
    const sections = sectionsOf(json, config, path);
    const specs = modelWeights(config, sections);
    const lookup = unfused(specs, find(config), path);
    const names = checkWeights(path, config, specs, lookup);
    return {
      path,
      architecture,
      config,
      sections,
      json: writtenOut(json, config, architecture),
      generation,
      names,
      format: file.format,
      tokenizer: tokenizerWithin(tokenizer, config.vocabularySize, path),
      licence: typeof json.license === "string" ? json.license : null,
      fileType,
      leftOut: leftOut(file.tensors.keys(), config.blocks.length),
      sizeBytes: file.sizeBytes,
      parameters: names.reduce((sum, name) => sum + lookup(name)!.rows * lookup(name)!.columns, 0),
      weight: (name) =>
        finiteOnly(lookup(name) ?? fail({ code: "missing-tensors", path, tensors: [name] }), path),
      close: () => file.close(),
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Opens a model while `use` runs. Throws as `openModel`. */
export async function withModel<T>(path: string, use: (model: OpenModel) => Promise<T>): Promise<T> {
  const model = await openModel(path);
  try {
    return await use(model);
  } finally {
    model.close();
  }
}

/** Throws `adapter-only`: a GGUF file says what it is, and the PEFT library begins all names alike. */
function refuseAdapter({ path, metadata, tensors }: TensorFile): void {
  const isAdapter =
    metadata.get("general.type") === "adapter" ||
    [...tensors.keys()].some((name) => name.startsWith("base_model.model."));
  if (isAdapter) fail({ code: "adapter-only", path });
}

/** The common result of the two layouts; `find` looks up weights by their names in the Hugging Face layout. */
interface Layout {
  readonly architecture: Architecture;
  readonly json: JsonObject;
  readonly generation: JsonObject;
  readonly tokenizer: Tokenizer;
  readonly fileType: string | null;
  readonly find: (config: Config) => Find;
}

async function fromGguf(file: TensorFile): Promise<Layout> {
  const name = file.metadata.get("general.architecture");
  if (typeof name !== "string") {
    return fail({
      code: "corrupt-file",
      path: file.path,
      section: "metadata",
      reason: "it does not name its architecture",
    });
  }
  const { gguf } = architectureOfGguf(name, file.metadata);
  const config = gguf.config({
    metadata: file.metadata,
    has: (tensor) => file.tensors.has(tensor),
    vector: (tensor) => file.tensors.get(tensor)?.readFloat32() ?? null,
  });
  const license = file.metadata.get("general.license");
  const find = withFactors(file);
  return {
    architecture: architectureOf(shown(config.model_type)), // some names of GGUF's hold models of several types
    json: typeof license === "string" ? { ...config, license } : config, // so that a folder made of it names it, too
    generation: {},
    tokenizer: tokenizerFromGguf(file.metadata, file.path),
    fileType: FILE_TYPES.get(Number(file.metadata.get("general.file_type"))) ?? null,
    find: (config) => through((name) => gguf.view(name, config), find, file.path),
  };
}

/** Finds weights of the file `path` by their upstream names, which are not its own. */
const through =
  (view: (name: string) => StoredView, find: Find, path: string): Find =>
  (upstream) => {
    const where = view(upstream);
    const stored = find(where.name);
    return stored && seenThrough(stored, where, upstream, path);
  };

/** Files that are copied unchanged to an export. */
const TEXT_FILES = [
  ...["config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json"],
  ...["special_tokens_map.json", "chat_template.jinja"],
];

async function fromFolder(file: TensorFile): Promise<Layout> {
  const folder = file.path.endsWith(".safetensors") ? dirname(file.path) : file.path;
  requireOwnFiles(folder, TEXT_FILES);
  if (exists(join(folder, ADAPTER_CONFIG))) fail({ code: "unmerged-adapter", path: folder });
  const path = join(folder, "config.json");
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return fail({ code: "not-found", path, what: "configuration" });
    return fail({ code: "unreadable", path, reason: { code: "system", detail: error.message } });
  });
  const stored = jsonObject(text, path);
  const found = dequantised(file, stored);
  const find: Find = (name) => {
    const as = namesInWhole(name).find((candidate) => found(candidate));
    return as === undefined ? undefined : renamed(found(as)!, name);
  };
  const part = languagePart(withoutQuantisation(stored), find);
  const spelling = spellingOf(shown(part.model_type));
  const json = spelling?.json(part, path) ?? part;
  const architecture = architectureOf(shown(json.model_type));
  refuseOtherTask(stored);
  return {
    architecture,
    json,
    generation: generationIn(folder),
    tokenizer: await tokenizerFromFolder(folder),
    fileType: null,
    find: (config) => (spelling ? through((name) => spelling.view(name, config), find, path) : find),
  };
}

/** Ends of upstream's class names: models that write text, and models of the same families that classify texts or make vectors of them. */
const TASKS = ["ForCausalLM", "ForConditionalGeneration"];
const OTHER_TASK = /(Classification|QuestionAnswering|(?<!LMHead)Model)$/;

/** Throws `unsupported-architecture` for a model that does not write text. */
function refuseOtherTask({ architectures }: JsonObject): void {
  const names: readonly unknown[] = Array.isArray(architectures) ? architectures : [];
  const other = names.find((name) => OTHER_TASK.test(shown(name)));
  if (other !== undefined)
    fail({ code: "unsupported-architecture", modelType: shown(other), supported: TASKS });
}

function generationIn(folder: string): JsonObject {
  const path = join(folder, "generation_config.json");
  try {
    return recordOf(JSON.parse(readFileSync(path, "utf8"))) ?? {};
  } catch {
    return {}; // a damaged one is no reason to stop: nothing depends on it
  }
}

/** Keys that the configuration of a model with more parts than its language model may have outside that part. */
const OUTSIDE = ["tie_word_embeddings", "bos_token_id", "eos_token_id", "license"];

/**
 * The configuration of the language model, which is nested in that of a model that also reads images or sound. Its head is the
 * embedding if the file has no other: the key is left out for the whole model's default, which may not be the language model's.
 */
function languagePart(json: JsonObject, find: Find): JsonObject {
  const { text_config: part } = json;
  if (typeof part !== "object" || part === null || Array.isArray(part)) return json;
  const outside = OUTSIDE.filter((key) => json[key] !== undefined).map((key) => [key, json[key]] as const);
  const inside: JsonObject = { ...Object.fromEntries(outside), ...part };
  return find("lm_head.weight") ? inside : { ...inside, tie_word_embeddings: true };
}

/** A weight's name in a language model by itself, and its names as a part of another model. */
const namesInWhole = (name: string) => [
  name,
  name.replace(/^model\./, "model.language_model."),
  name.replace(/^model\./, "model.text_model."),
  `language_model.${name}`,
];

function jsonObject(text: string, path: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
    return fail({ code: "corrupt-file", path, section: "configuration", reason: "it is not a JSON object" });
  } catch (error) {
    if (error instanceof AppError) throw error;
    const reason = `it is not valid JSON: ${(error as Error).message}`;
    return fail({ code: "corrupt-file", path, section: "configuration", reason });
  }
}

/** A configuration with the defaults that programs do not agree on. */
function writtenOut(json: JsonObject, { json: read }: Config, { writtenOut = [] }: Architecture): JsonObject {
  return { ...Object.fromEntries(writtenOut.map((key) => [key, read[key]])), ...json };
}

/** `coppice_sections` of a model that was trimmed by half-blocks; whole blocks if absent. */
function sectionsOf(json: JsonObject, { blocks }: Config, path: string): Section[] {
  const layers = blocks.length;
  const sections = json.coppice_sections ?? Array.from({ length: layers }, () => "block");
  const parsed = z.array(z.enum(SECTIONS)).length(layers).safeParse(sections);
  if (parsed.success) return parsed.data;
  return fail({
    code: "corrupt-file",
    path,
    section: "configuration",
    reason: `coppice_sections does not describe ${layers} blocks`,
  });
}

/** The upstream names of all weights of a model. Throws `missing-tensors`, `corrupt-file`, `unsupported-tensor-type`, `weight-too-large`. */
function checkWeights(path: string, { ends }: Config, expected: readonly WeightSpec[], find: Find): string[] {
  const missing = expected.filter(({ name }) => !find(name)).map(({ name }) => name);
  if (missing.length > 0) fail({ code: "missing-tensors", path, tensors: missing });
  for (const { name, shape } of expected) {
    const weight = find(name)!;
    if (weight.shape.join() !== shape.join()) {
      const reason = `it is [${weight.shape.join(", ")}], the configuration says [${shape.join(", ")}]`;
      fail({ code: "corrupt-file", path, section: `tensor "${name}"`, reason });
    }
    void weight.storage; // throws if it cannot be read
    const bytes = storedBytes("f32", weight.rows, weight.columns);
    if (bytes >= BUFFER_LIMIT_BYTES && name !== ends.embedding.name && name !== ends.head.name)
      fail({ code: "weight-too-large", path, tensor: name, bytes, limitBytes: BUFFER_LIMIT_BYTES });
  }
  return expected.map(({ name }) => name);
}
