/**
 * Tokens that absorb the white space after them, in GGUF files, which have no field for that: we read them from a key of our own, and
 * llama.cpp assumes them by a model's name (src/llama-vocab.cpp).
 */
import type { Definition } from "./definition.ts";

/** A list of these tokens' texts. */
export const RIGHT_STRIPPED = "coppice.right_stripped_tokens";

type Tokens = Pick<Definition, "addedTokens">;

export const rightStripped = ({ addedTokens }: Tokens): string[] =>
  addedTokens.filter(({ rstrip }) => rstrip).map(({ content }) => content);

/** Where llama.cpp assumes that tokens absorb white space, all added ones do but these. */
const EXCEPT = ["<unk>", "<s>", "<|endoftext|>"];

/** The name of a model with these tokens; it contains `stripping`, for which llama.cpp assumes it, if that is right. */
export function nameFor(name: string, tokens: Tokens, stripping: string | undefined): string {
  if (stripping === undefined || name.toLowerCase().includes(stripping.toLowerCase())) return name;
  const stripped = rightStripped(tokens);
  const others = tokens.addedTokens.filter(({ content }) => !stripped.includes(content));
  const isRight = stripped.length > 0 && others.every(({ content }) => EXCEPT.includes(content));
  return isRight ? `${name} (${stripping})` : name;
}
