import { describe, expect, test } from "vitest";
import { conversationExample, renderedSplit } from "../../../../main/engine/documents/conversation.ts";
import type { ChatForm } from "../../../../main/engine/documents/conversation.ts";
import { questionRows } from "../../../../main/engine/recipes/rows.ts";
import { hasThinkingSwitch, renderChat } from "../../../../native-models/chat-template.ts";
import { THINKING_TEMPLATE } from "../../../native-models/thinking-template.ts";

function chatOf(source: string): ChatForm {
  const template = { source, bosToken: null, eosToken: null, specialTokens: ["<|im_start|>", "<|im_end|>"] };
  return {
    hasTemplate: true,
    hasThinkingMode: hasThinkingSwitch(template),
    render: (messages, thinking = false) =>
      renderChat(template, { messages, addGenerationPrompt: true, thinking }),
  };
}

const thinking = chatOf(THINKING_TEMPLATE);
const opening = chatOf(`${THINKING_TEMPLATE}{%- if enable_thinking %}{{- '<think>\\n' }}{% endif %}`);
const without = chatOf("{% for m in messages %}{{ m.role + ': ' + m.content + '\\n' }}{% endfor %}");

const question = { question: "Is it a lien?", choices: ["Yes", "No"], answer: 1 };
const user = (content: string) => ({ role: "user" as const, content });
const assistant = (content: string) => ({ role: "assistant" as const, content });

describe("a model with a thinking mode", () => {
  test("learns an answer after an empty thought, without earlier thoughts", () => {
    const conversation = [
      user("Hi"),
      assistant("<think>\nA greeting.\n</think>\n\nHello"),
      user("Bye"),
      assistant("Goodbye"),
    ];
    expect(conversationExample(conversation, thinking)).toEqual({
      prompt:
        "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello<|im_end|>\n<|im_start|>user\nBye<|im_end|>\n" +
        "<|im_start|>assistant\n<think>\n\n</think>\n\n",
      completion: "Goodbye",
      special: true,
    });
  });

  test("learns an answer's own thought if it has one, with one opening tag", () => {
    const conversation = [user("Hi"), assistant("<think>\nA greeting.\n</think>\n\nHello")];
    expect(conversationExample(conversation, thinking)).toMatchObject({
      prompt: "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n",
      completion: "<think>\nA greeting.\n</think>\n\nHello",
    });
    expect(conversationExample(conversation, opening)).toMatchObject({
      prompt: "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n<think>\n",
      completion: "A greeting.\n</think>\n\nHello",
    });
  });

  test("gets prompts and questions through its template; text without a prompt stays unchanged", () => {
    const examples = [
      { prompt: "2 + 2 =", completion: " 4" },
      { prompt: "", completion: "A text." },
    ];
    const split = renderedSplit({ examples, questions: [question] }, "plain", thinking);
    const asked = (text: string) =>
      `<|im_start|>user\n${text}<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n`;
    expect(split.examples).toEqual([
      { prompt: asked("2 + 2 ="), completion: "4", special: true },
      examples[1],
    ]);
    expect(split.questions).toEqual([{ ...question, rendered: asked("Is it a lien?\nAnswer:") }]);
  });

  test("scores choices right after the empty thought", () => {
    const [rendered] = renderedSplit({ examples: [], questions: [question] }, "plain", thinking).questions;
    const characters = {
      encode: (text: string) => Array.from(text, (character) => character.codePointAt(0)!),
      addsBos: false,
      bosToken: null,
      tokenBytes: (id: number) => Buffer.from(String.fromCodePoint(id)),
      eosIds: [],
    };
    const { rows } = questionRows(characters, rendered!, "plain", 500);
    const texts = rows.map(({ ids }) => String.fromCodePoint(...ids));
    expect(texts).toEqual(["Yes", "No"].map((choice) => `${rendered!.rendered}${choice}`));
    expect(rows.map(({ ids, promptLength }) => ids.length - promptLength)).toEqual([3, 2]);
  });
});

test("other models get prompts and questions unchanged", () => {
  const split = { examples: [{ prompt: "2 + 2 =", completion: " 4" }], questions: [question] };
  expect(renderedSplit(split, "plain", without)).toEqual(split);
});
