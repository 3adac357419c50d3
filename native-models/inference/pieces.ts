/** Tokens read at a time: the fastest in measurements, and a bound on the memory of a long prompt. */
export const PIECE_TOKENS = 128;
/** The same for the prompt graph and the native decoder. */
export const PROMPT_PIECE_TOKENS = 256;
