/** Meaningless texts, always the same ones, to time and compare decoders with. */

/** The id at a position, below V. */
export const arbitraryToken = (position: number, vocabularySize: number): number =>
  (position * 7919 + 11) % vocabularySize;

/** The first `length` ids. */
export const arbitraryTokens = (length: number, vocabularySize: number): number[] =>
  Array.from({ length }, (_, position) => arbitraryToken(position, vocabularySize));
