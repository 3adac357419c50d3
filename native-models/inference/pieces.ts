/** Tokens that are read at a time: the fastest in measurements, and what bounds the memory of a long prompt. */
export const PIECE_TOKENS = 128;
/** The same where a graph for prompts reads them. */
export const PROMPT_PIECE_TOKENS = 256;
