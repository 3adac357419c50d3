/** Tokens read at a time: the fastest in measurements, and a bound on the memory of a long prompt. */
export const PIECE_TOKENS = 128;
/** The same for the prompt graph and the native decoder. */
export const PROMPT_PIECE_TOKENS = 256;

/** The maximum number of answers that are written together: more are hardly faster (docs/decisions/0031-native-decoder.md). */
export const MOST_ROWS = 16;
