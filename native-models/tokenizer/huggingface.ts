/**
 * The used part of @huggingface/tokenizers, with its types: the package's own declarations import each other without file
 * extensions, which TypeScript cannot resolve in an ES module.
 */
import * as library from "@huggingface/tokenizers";

/** A model as called by the engine: pieces of text in, tokens out. */
export interface Model {
  (pieces: readonly string[]): string[];
  readonly tokens_to_ids: { get(token: string): number | undefined };
}

interface Library {
  readonly Tokenizer: new (
    json: object,
    config: object,
  ) => {
    model: Model;
    pre_tokenizer: object;
    /** An id is undefined if neither the vocabulary nor an unknown token covers a character. */
    encode(text: string, options: { add_special_tokens: boolean }): { ids: (number | undefined)[] };
  };
  readonly PreTokenizer: abstract new () => {
    /** `section_index` counts the parts of a text between its added tokens. */
    pre_tokenize_text(text: string, options?: { section_index?: number }): string[];
  };
  readonly SplitPreTokenizer: new (step: object) => { readonly pattern: RegExp };
}

export const { Tokenizer, PreTokenizer, SplitPreTokenizer } = library as unknown as Library;
