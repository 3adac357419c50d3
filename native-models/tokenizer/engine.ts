/**
 * Runs a definition on @huggingface/tokenizers: its search for added tokens and its normalisers; the pre-tokenizers
 * (pre-tokenize.ts) and byte-pair encoding (byte-pairs.ts) are ours.
 */
import { withinTime } from "../time-limit.ts";
import { bytePairModel } from "./byte-pairs.ts";
import { unsupportedTokenizer } from "./definition.ts";
import type { AddedToken, Definition, PipelineStep } from "./definition.ts";
import { PreTokenizer, Tokenizer } from "./huggingface.ts";
import type { Model } from "./huggingface.ts";
import { MARK } from "./mark.ts";
import { compile, patternOf, preTokenizer } from "./pre-tokenize.ts";
import type { Cut } from "./pre-tokenize.ts";
import { cutUnbroken } from "./unbroken.ts";

/** Text to ids. With `special`, special tokens in the text are parsed; without it, no special id can result. */
export type Encode = (text: string, special: boolean) => number[];

/**
 * Represents the unknown token, whose own name is plain text in a document. It starts with half of a surrogate pair, so that no text
 * can contain it: texts are made well-formed before they are encoded.
 */
const UNKNOWN = "\ud800unknown";

/** Time limits far above what any terminating pattern needs: per text, and in addition per million characters. */
const LONGEST_MS = 2_000;
const LONGEST_MS_PER_MILLION_CHARACTERS = 20_000;

const SUPPORTED_NORMALIZERS = ["Prepend", "Replace", "NFC", "NFD", "NFKC", "NFKD", "Lowercase", "Strip"];

/**
 * `special` contains the ids of special tokens. Throws `unsupported-tokenizer`; encoding throws it too if a pattern of the file
 * does not terminate.
 */
export function encoder(definition: Definition, special: ReadonlySet<number>): Encode {
  const plain = definition.addedTokens.filter(({ id }) => !special.has(id));
  const { model, ...pairs } = bytePairModel(definition, special, UNKNOWN);
  const cut = preTokenizer(definition.preTokenizers);
  const unbroken = cutUnbroken(definition.vocabulary);
  const document = engine(definition, plain, model, new Chain(cut, unbroken.cut));
  const prompt = engine(definition, definition.addedTokens, model, new UnmarkingChain(cut, unbroken.cut));
  const hasPatterns = [...definition.normalizers, ...definition.preTokenizers].some(({ pattern }) => pattern);
  return (text, parseSpecial) => {
    if (text === "") return [];
    pairs.prepare();
    unbroken.prepare(text.length);
    const encode = () =>
      (parseSpecial ? prompt : document).encode(wellFormed(text), { add_special_tokens: false });
    const limitMs = Math.ceil(LONGEST_MS + (text.length / 1e6) * LONGEST_MS_PER_MILLION_CHARACTERS);
    const { ids } = hasPatterns ? withinTime(limitMs, encode, endless) : encode();
    // Characters without a token are undefined; the reference drops them.
    return ids.filter((id): id is number => id !== undefined);
  };
}

function endless(): never {
  return unsupportedTokenizer("patterns that do not come to an end");
}

/** The engine extracts added tokens from a text and passes the rest to the model, which both engines share. */
function engine(definition: Definition, added: readonly AddedToken[], model: Model, chain: Chain) {
  const tokenizer = new Tokenizer(
    {
      added_tokens: added,
      normalizer: { type: "Sequence", normalizers: definition.normalizers.map(normalizer) },
      pre_tokenizer: null,
      model: { type: "BPE", vocab: {}, merges: [] },
      post_processor: null,
      decoder: null,
    },
    {},
  );
  tokenizer.model = model;
  tokenizer.pre_tokenizer = chain;
  return tokenizer;
}

function normalizer(step: PipelineStep): PipelineStep {
  if (!SUPPORTED_NORMALIZERS.includes(step.type)) unsupportedTokenizer(`normaliser ${step.type}`);
  if (step.type === "Prepend" && typeof step["prepend"] !== "string")
    unsupportedTokenizer("normaliser Prepend without a text");
  if (step.type !== "Replace") return step;
  compile(patternOf(step["pattern"], "normaliser Replace"));
  // The engine passes the replacement to String.replaceAll, where a dollar sign has a meaning.
  const content = step["content"];
  if (typeof content !== "string") return unsupportedTokenizer("normaliser Replace without a text");
  return { ...step, content: content.split("$").join("$$") };
}

class Chain extends PreTokenizer {
  readonly cut: Cut;
  readonly cutUnbroken: (piece: string) => string[];

  constructor(cut: Cut, cutUnbroken: (piece: string) => string[]) {
    super();
    this.cut = cut;
    this.cutUnbroken = cutUnbroken;
  }

  override pre_tokenize_text(text: string, options?: { section_index?: number }): string[] {
    return this.cut(text, options?.section_index === 0).flatMap((piece) => this.cutUnbroken(piece));
  }
}

class UnmarkingChain extends Chain {
  override pre_tokenize_text(text: string, options?: { section_index?: number }): string[] {
    return super.pre_tokenize_text(text.split(MARK).join(""), options);
  }
}

/** Lone surrogates become U+FFFD, as in every UTF-8 encoder. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\ufffd");
}
