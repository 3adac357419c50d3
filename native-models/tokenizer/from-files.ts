/** A tokenizer from the contents of its files, from any source: the Hugging Face layout or GGUF metadata. */
import { addedToken, definitionOf, recordOf } from "./definition.ts";
import type { AddedToken, Definition, Pieces, PipelineStep } from "./definition.ts";
import { encoder } from "./engine.ts";
import { streamDecoder, tokenText } from "./token-text.ts";
import type { TokenText } from "./token-text.ts";

/** A tokenizer. Ids are rows of the model's embedding, which may have more rows than there are ids. */
export interface Tokenizer extends TokenText {
  /**
   * The ids of a text. By default the text is a document: special tokens in it are plain text. `special` parses special tokens,
   * for a rendered chat template. `addBos` prepends the beginning-of-sequence token; `addsBos` says whether the model expects it.
   * Lone surrogates become U+FFFD.
   */
  encode(text: string, options?: { special?: boolean; addBos?: boolean }): number[];
  /** The text of ids, without special tokens if `skipSpecial`. An id without a token gives nothing. */
  decode(ids: Iterable<number>, options?: { skipSpecial?: boolean }): string;
  /** What it was made of, with all added tokens. */
  readonly definition: Definition;
  /** The texts of tokens that its files give a role: bos, eos, pad and others. */
  readonly namedTokens: ReadonlySet<string>;
  /** The texts of special tokens. */
  readonly specialTokens: readonly string[];
  /** The highest id plus one. */
  readonly vocabularySize: number;
  readonly bosId: number | null;
  readonly bosToken: string | null;
  readonly eosToken: string | null;
  /** The ids that end an answer. The first is written after a completion. */
  readonly eosIds: readonly number[];
  /** Whether a standalone text starts with `bosId`. */
  readonly addsBos: boolean;
  /** A Jinja template for chat-template.ts. */
  readonly chatTemplate: string | null;
  /** The two files of the Hugging Face layout, to be written with a model. */
  readonly files: TokenizerFiles;
  /** The metadata of the GGUF file that describes it; null if it comes from other files. */
  readonly gguf: ReadonlyMap<string, unknown> | null;
  /** Assumptions that had to be made, one sentence each. */
  readonly notices: readonly string[];
}

export interface TokenizerFiles {
  readonly "tokenizer.json": unknown;
  readonly "tokenizer_config.json": unknown;
}

/** The sources of a tokenizer. `path` is for failures; `eosIds` are those declared in other files of the model. */
export interface TokenizerSource {
  readonly path: string;
  readonly files: TokenizerFiles;
  /** Replaces the vocabulary and the merges in the files, which are then optional. */
  readonly pieces?: Pieces;
  /** The complete files, created on request; `files` by default. */
  readonly allFiles?: () => TokenizerFiles;
  readonly eosIds?: readonly number[];
  readonly chatTemplate?: string | null;
  readonly gguf?: ReadonlyMap<string, unknown>;
  readonly notices?: readonly string[];
}

/**
 * Ends of a turn in the chat formats of known models. Not every file declares its own: a model tuned for chat often keeps the
 * base's end of text as its end of sequence.
 */
export const END_OF_TURN: readonly string[] = [
  "<|im_end|>",
  "<|eot_id|>",
  "<|eom_id|>",
  "<|end|>",
  "<|eot|>",
  "<end_of_turn>",
  "<|endoftext|>",
  "<|end_of_text|>",
];

/**
 * Tokens between turns in the same formats. Whatever a file says, they are no plain text: programs that tune models often add them, and ends of a
 * turn, without marking them as special.
 */
const TURN_TOKENS: ReadonlySet<string> = new Set([
  ...END_OF_TURN,
  ...["<|im_start|>", "<|im_sep|>", "<|start_header_id|>", "<|end_header_id|>", "<start_of_turn>"],
  ...["<|start_of_role|>", "<|end_of_role|>", "<|system|>", "<|user|>", "<|assistant|>", "<|tool|>"],
  ...["[|system|]", "[|user|]", "[|assistant|]", "[|endofturn|]", "<｜User｜>", "<｜Assistant｜>"],
  ...["[INST]", "[/INST]", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]"],
]);

/** Throws `corrupt-file`, `unsupported-tokenizer`. */
export function tokenizerFromFiles(source: TokenizerSource): Tokenizer {
  const { path, files } = source;
  const config = recordOf(files["tokenizer_config.json"]) ?? {};
  const read = definitionOf(files["tokenizer.json"], path, source.pieces);
  const names = namedTokens(config);
  const definition = { ...read, addedTokens: [...read.addedTokens, ...missingTokens(read, config, names)] };

  const { vocabulary } = definition;
  const added = new Map(definition.addedTokens.map(({ id, content }) => [content, id]));
  const addedIds = new Set(added.values());
  const idOf = (name: string | null) =>
    name === null ? null : (added.get(name) ?? vocabulary.get(name) ?? null);
  const isKnown = (id: number) => addedIds.has(id) || vocabulary.textOf(id) !== undefined;
  const declared = [idOf(tokenName(config["eos_token"])), ...(source.eosIds ?? [])];
  const special = new Set(
    definition.addedTokens
      .filter(
        ({ id, content, special }) =>
          special || TURN_TOKENS.has(content) || names.has(content) || declared.includes(id),
      )
      .map(({ id }) => id),
  );
  const turnEnds = END_OF_TURN.map(idOf).filter((id) => id !== null && special.has(id));
  const eosIds = [...new Set([...declared, ...turnEnds])].filter(
    (id) => id !== null && isKnown(id),
  ) as number[];

  const bosName = tokenName(config["bos_token"]);
  const bosId = idOf(bosName);
  const encode = encoder(definition, special);
  const text = tokenText(definition, special);
  return {
    ...text,
    encode: (value, { special = false, addBos = false } = {}) => {
      const encoded = encode(value, special);
      return addBos && bosId !== null ? [bosId, ...encoded] : encoded;
    },
    decode: (encoded, { skipSpecial = false } = {}) => {
      const stream = streamDecoder(text, { skipSpecial });
      let decoded = "";
      for (const id of encoded) decoded += stream.push(id);
      return decoded + stream.flush();
    },
    definition,
    namedTokens: names,
    specialTokens: definition.addedTokens.filter(({ id }) => special.has(id)).map(({ content }) => content),
    vocabularySize: [...addedIds].reduce((end, id) => Math.max(end, id + 1), vocabulary.idsEnd),
    bosId,
    bosToken: bosName,
    eosToken: tokenName(config["eos_token"]),
    eosIds,
    addsBos: bosId !== null && addsBos(config, definition.postProcessors, bosName),
    chatTemplate: source.chatTemplate ?? chatTemplateOf(config),
    get files() {
      return source.allFiles?.() ?? files;
    },
    gguf: source.gguf ?? null,
    notices: [...(source.notices ?? []), ...singleWordNotice(definition)],
  };
}

/** A token's content in tokenizer_config.json or special_tokens_map.json: a string, or an object with one. */
export function tokenName(value: unknown): string | null {
  const content = recordOf(value)?.["content"] ?? value;
  return typeof content === "string" ? content : null;
}

/** The template named "default", or the only one. */
function chatTemplateOf(config: Record<string, unknown>): string | null {
  const value = config["chat_template"];
  if (!Array.isArray(value)) return typeof value === "string" ? value : null;
  const templates = value.map((entry: unknown) => recordOf(entry) ?? {});
  const { template } = templates.find(({ name }) => name === "default") ?? templates[0] ?? {};
  return typeof template === "string" ? template : null;
}

function namedTokens(config: Record<string, unknown>): Set<string> {
  const more = [config["additional_special_tokens"], config["extra_special_tokens"]].flatMap((value) =>
    Array.isArray(value) ? value : Object.values(recordOf(value) ?? {}),
  );
  const one = ["bos_token", "eos_token", "unk_token", "pad_token", "sep_token", "cls_token", "mask_token"];
  const names = [...one.map((key) => config[key]), ...more].map(tokenName);
  return new Set(names.filter((name) => name !== null && name !== "") as string[]);
}

/** Added tokens in tokenizer_config.json that tokenizer.json lacks; transformers adds them too. */
function missingTokens(
  { addedTokens, vocabulary }: Definition,
  config: Record<string, unknown>,
  names: ReadonlySet<string>,
): AddedToken[] {
  const contents = new Set(addedTokens.map(({ content }) => content));
  const used = new Set(addedTokens.map(({ id }) => id));
  const isUsed = (id: number) => used.has(id) || vocabulary.textOf(id) !== undefined;
  const missing: AddedToken[] = [];
  const add = (entry: Record<string, unknown>, content: string, id: number) => {
    contents.add(content);
    used.add(id);
    missing.push(addedToken(entry, content, id));
  };
  for (const [key, value] of Object.entries(recordOf(config["added_tokens_decoder"]) ?? {})) {
    const entry = recordOf(value) ?? {};
    const content = tokenName(entry);
    const id = Number(key);
    if (content && !contents.has(content) && (vocabulary.get(content) ?? (isUsed(id) ? null : id)) === id) {
      add(entry, content, id);
    }
  }
  for (const name of names) {
    const id = vocabulary.get(name);
    if (id !== undefined && !contents.has(name)) add({ special: true }, name, id);
  }
  return missing;
}

/** `add_bos_token` decides if present, as in transformers; otherwise the template of the post-processor. */
function addsBos(
  config: Record<string, unknown>,
  steps: readonly PipelineStep[],
  bosName: string | null,
): boolean {
  const { add_bos_token: stated } = config;
  if (typeof stated === "boolean") return stated;
  return steps.some((step) => {
    const first: unknown = Array.isArray(step["single"]) ? step["single"][0] : null;
    return (
      step.type === "TemplateProcessing" && recordOf(recordOf(first)?.["SpecialToken"])?.["id"] === bosName
    );
  });
}

function singleWordNotice({ addedTokens }: Definition): string[] {
  const token = addedTokens.find(({ single_word }) => single_word);
  return token ? [`The token ${JSON.stringify(token.content)} is also matched inside words.`] : [];
}
