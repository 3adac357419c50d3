/** Text to token ids and back: tokenizers of model folders and GGUF files, over @huggingface/tokenizers. */
export { tokenizerFromFiles } from "./tokenizer/from-files.ts";
export type { Tokenizer, TokenizerFiles } from "./tokenizer/from-files.ts";
export { tokenizerFromFolder } from "./tokenizer/from-folder.ts";
export { tokenizerFromGguf } from "./tokenizer/from-gguf.ts";
export { marker } from "./tokenizer/mark.ts";
export { streamDecoder } from "./tokenizer/token-text.ts";
export type { StreamDecoder, TokenText } from "./tokenizer/token-text.ts";
