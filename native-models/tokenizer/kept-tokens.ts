/**
 * Which tokens of a vocabulary are kept when it is trimmed to a field (docs/decisions/0042-vocabulary.md). A text made of kept tokens is
 * encoded as before, because the intermediate merges are kept too; any other text is spelled in more of them, at worst in bytes.
 */
import { fail } from "../failure.ts";
import { CHARACTER_OF_BYTE } from "./byte-alphabet.ts";
import { byteToken, merger, NO_ID, rankedMerges } from "./byte-pairs.ts";
import type { Definition } from "./definition.ts";
import type { Tokenizer } from "./from-files.ts";

/** Vocabulary sizes are multiples of this if the model has enough tokens, because matrix products are then faster. */
export const VOCABULARY_STEP = 64;

/** Names of tokens that occur in no training text: "<unused12>", "<|reserved_special_token_3|>", "[PAD151700]". */
const PLACEHOLDER = /^[<[]\|?(unused|reserved|extra|dummy|placeholder|special|pad)\w*\d\|?[>\]]$/i;

/**
 * The ids to keep, ascending: special and added tokens, all bytes, the `used` ones with every intermediate piece of their merges, then
 * the likeliest others, up to `size`, which is exceeded if the former are more. Ids without a token are never kept. Throws
 * `unsuited-model` for a vocabulary without tokens for bytes.
 */
export function keptTokens(tokenizer: Tokenizer, used: Iterable<number>, size: number): Int32Array {
  const { definition } = tokenizer;
  if (!spellsBytes(definition)) fail({ code: "unsuited-model", to: "smaller-vocabulary" });
  const kept = new Set<number>();
  const merges = definition.merges(); // made of scores in some files, which takes seconds
  const leadingTo = derivation(tokenizer, merges);
  for (const id of used) if (!kept.has(id)) leadingTo(id).forEach((piece) => kept.add(piece));
  for (const id of needed(tokenizer)) kept.add(id);
  for (const id of likeliestFirst(tokenizer, merges, kept)) {
    if (kept.size >= size && kept.size % VOCABULARY_STEP === 0) break;
    if (!kept.has(id)) leadingTo(id).forEach((piece) => kept.add(piece));
  }
  return Int32Array.from(kept).sort();
}

/** Whether any text can be written: in characters that represent bytes, or in bytes where a character is missing. */
const spellsBytes = ({ byteFallback, decoders }: Definition): boolean =>
  decoders.some(({ type }) => type === (byteFallback ? "ByteFallback" : "ByteLevel"));

/** The tokens that are kept whatever the texts. */
function* needed({ definition, eosIds, bosId, namedTokens, isSpecial }: Tokenizer): Generator<number> {
  const { vocabulary, addedTokens, unknownToken, byteFallback } = definition;
  yield* eosIds;
  if (bosId !== null) yield bosId;
  for (const { id, content } of addedTokens)
    if (!PLACEHOLDER.test(content) || namedTokens.has(content)) yield id;
  const bytes = byteFallback ? Array.from({ length: 256 }, (_, byte) => byteToken(byte)) : CHARACTER_OF_BYTE;
  const ascii = Array.from({ length: 0x7f - 0x20 }, (_, at) => String.fromCodePoint(0x20 + at));
  const spelling = [...bytes, ...ascii].map((text) => vocabulary.get(text));
  const unknown = unknownToken === null ? undefined : vocabulary.get(unknownToken);
  for (const id of [...spelling.filter((id) => id === undefined || !isSpecial(id)), unknown])
    if (id !== undefined) yield id;
}

/**
 * Returns a function that gives what a token is made of: itself, its characters, and each piece that byte-pair encoding makes on the way
 * from them to it. Inside a longer text these are the same, because no merge across a token's ends came first.
 */
function derivation({ definition, isSpecial }: Tokenizer, merges: Int32Array): (id: number) => Set<number> {
  const { vocabulary, addedTokens } = definition;
  const whole = new Set(addedTokens.map(({ id }) => id)); // in a text
  const merge = merger(rankedMerges(merges, isSpecial));
  const textOf = (id: number) => (whole.has(id) ? "" : (vocabulary.textOf(id) ?? ""));
  return (id) => {
    const pieces = new Set([id]);
    const characters = Array.from(textOf(id), (character) => vocabulary.get(character) ?? NO_ID);
    const add = (piece: number) => {
      if (piece !== NO_ID && !isSpecial(piece)) pieces.add(piece);
    };
    characters.forEach(add);
    merge(characters, () => {}, add);
    return pieces;
  };
}

/**
 * All tokens, likeliest first: those that merges make of characters of the kept tokens, since most vocabularies have many scripts; then
 * those that merges make of any characters; then all others. Merges are in the order of the tokenizer's training, most frequent first.
 */
function likeliestFirst(
  { definition, tokenBytes }: Tokenizer,
  merges: Int32Array,
  kept: ReadonlySet<number>,
): Set<number> {
  const { vocabulary, addedTokens } = definition;
  const decoder = new TextDecoder();
  const charactersOf = (id: number) => Array.from(decoder.decode(tokenBytes(id)));
  const known = new Set(Array.from(kept, charactersOf).flat());
  known.delete("\ufffd"); // of bytes that are no character by themselves
  const made = new Set<number>();
  for (let at = 2; at < merges.length; at += 3) made.add(merges[at]!);
  const ofKnown = Array.from(made).filter((id) =>
    charactersOf(id).every((character) => known.has(character)),
  );
  const others = [...vocabulary.values(), ...addedTokens.map(({ id }) => id)].sort((a, b) => a - b);
  return new Set([...ofKnown, ...made, ...others]);
}
