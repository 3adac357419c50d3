/** Chat templates of several forms. */
import { THINKING_TEMPLATE } from "../thinking-template.ts";

const CHAT_MARKS =
  "{% for m in messages %}{% if loop.first and m.role != 'system' %}{{ '<|im_start|>system\\nBe {{kind}}.<|im_end|>\\n' }}{% endif %}" +
  "{{ '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";
/** A system message stands inside the user's turn. */
export const SYSTEM_IN_USER =
  "{{ bos_token }}{% if messages[0].role == 'system' %}{% set first = messages[0].content + '\\n\\n' %}{% set rest = messages[1:] %}" +
  "{% else %}{% set first = '' %}{% set rest = messages %}{% endif %}" +
  "{% for m in rest %}{% set role = 'model' if m.role == 'assistant' else m.role %}" +
  "{{ '<turn>' + role + '\\n' + (first if loop.first else '') + m.content | trim + '<end>\\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<turn>model\\n' }}{% endif %}";
const BRACKETS =
  "{% for m in messages %}{% if m.role == 'user' %}{{ '[INST] ' + m.content + ' [/INST]' }}{% elif m.role == 'assistant' %}" +
  "{{ ' ' + m.content + eos_token }}{% else %}{{ '<<SYS>>' + m.content + '<</SYS>>' }}{% endif %}{% endfor %}";

/** A template with its special tokens. */
export const templateOf = (source: string | null) => ({
  source,
  bosToken: "<s>",
  eosToken: "</s>",
  specialTokens: [],
});

/** By what is particular about them. */
export const templates: [string, string | null][] = [
  ["a system message by default", CHAT_MARKS],
  ["a system message inside the user's turn", SYSTEM_IN_USER],
  ["no ends of turns", BRACKETS],
  ["a thinking mode", THINKING_TEMPLATE],
  ["no template", null],
];
