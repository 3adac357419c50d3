/** The sample tokenizer's files in the Hugging Face layout. */
import type { BytePairEncoding } from "./byte-pair-encoding.ts";

/** Ends a document and an answer; also the padding token. */
const endOfText = "<|endoftext|>";

/** In this order, from id 0. */
export const specialTokens: readonly string[] = [endOfText, "<|user|>", "<|assistant|>"];

/**
 * A question is put as training rows put it ("… Answer: …"), between the tokens of the two speakers. A system message
 * has no place in it.
 */
const chatTemplate =
  "{% for message in messages %}" +
  "{% if message['role'] == 'user' %}<|user|>{{ message['content'] }}\n" +
  "{% elif message['role'] == 'assistant' %}<|assistant|>Answer: {{ message['content'] }}<|endoftext|>" +
  "{% endif %}{% endfor %}" +
  "{% if add_generation_prompt %}<|assistant|>Answer:{% endif %}";

/** tokenizer.json: byte-level BPE with single digits; no token is added before or after a text. */
export function tokenizerJson({ vocabulary, merges }: BytePairEncoding): object {
  const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true };
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: specialTokens.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [{ type: "Digits", individual_digits: true }, byteLevel],
    },
    post_processor: null,
    decoder: byteLevel,
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(vocabulary),
      merges,
    },
  };
}

/** tokenizer_config.json. */
export function tokenizerConfig(maxTokens: number): object {
  return {
    add_bos_token: false,
    add_prefix_space: false,
    bos_token: endOfText,
    chat_template: chatTemplate,
    clean_up_tokenization_spaces: false,
    eos_token: endOfText,
    model_max_length: maxTokens,
    pad_token: endOfText,
    tokenizer_class: "PreTrainedTokenizerFast",
  };
}
