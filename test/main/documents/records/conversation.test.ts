import { describe, expect, test } from "vitest";
import {
  conversationExample,
  conversationExamples,
  renderedSplit,
} from "../../../../main/documents/records/conversation.ts";
import type { ChatForm } from "../../../../main/documents/records/conversation.ts";
import { exampleRows, questionRows } from "../../../../main/trimming/rows/rows.ts";
import { hasThinkingSwitch, renderChat } from "../../../../native-models/chat-template.ts";
import { THINKING_TEMPLATE } from "../../../native-models/thinking-template.ts";

function chatOf(source: string): ChatForm {
  const template = { source, bosToken: null, eosToken: null, specialTokens: ["<|im_start|>", "<|im_end|>"] };
  return {
    hasTemplate: true,
    hasThinkingMode: hasThinkingSwitch(template),
    render: (messages, thinking = false) =>
      renderChat(template, { messages, addGenerationPrompt: true, thinking }),
    whole: (messages) => renderChat(template, { messages, addGenerationPrompt: false }),
  };
}

const thinking = chatOf(THINKING_TEMPLATE);
const opening = chatOf(`${THINKING_TEMPLATE}{%- if enable_thinking %}{{- '<think>\\n' }}{% endif %}`);
const without = chatOf("{% for m in messages %}{{ m.role + ': ' + m.content + '\\n' }}{% endfor %}");

const characters = {
  encode: (text: string) => Array.from(text, (character) => character.codePointAt(0)!),
  addsBos: false,
  bosToken: null,
  tokenBytes: (id: number) => Buffer.from(String.fromCodePoint(id)),
  eosIds: [] as number[],
};

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
    const { rows } = questionRows(characters, rendered!, "plain", 500);
    const texts = rows.map(({ ids }) => String.fromCodePoint(...ids));
    expect(texts).toEqual(["Yes", "No"].map((choice) => `${rendered!.rendered}${choice}`));
    expect(rows.map(({ ids, promptLength }) => ids.length - promptLength)).toEqual([3, 2]);
  });
});

/** Writes the white space around answers in its own way: a space before, and none of theirs. */
const stripping = chatOf(
  "{% for m in messages %}[{{ m.role }}]{% if m.role == 'assistant' %} {{ m.content | trim }} ;{% else %}{{ m.content }}{% endif %}{% endfor %}" +
    "{% if add_generation_prompt %}[assistant]{% endif %}",
);
const plain: ChatForm = { ...stripping, hasTemplate: false, render: (messages) => texts(messages) };
const texts = (messages: { role: string; content: string }[]) =>
  `${messages.map(({ role, content }) => `${role}: ${content}\n`).join("")}assistant:`;

describe("Every answer of a conversation is learnt", () => {
  const greeted = [
    user("Hi"),
    assistant("Hello Hi"),
    user("Hi"),
    assistant("Hi"),
    user("Bye"),
    assistant("Hi"),
  ];
  const learnt = (conversation: Parameters<typeof conversationExamples>[0], chat: ChatForm) =>
    conversationExamples(conversation, chat).map(({ prompt, completion, answers = [] }) => [
      ...answers.map((range) => prompt.slice(...range)),
      completion,
    ]);

  test("in one example with its ranges, after what the model is given to answer each", () => {
    const [example, ...others] = conversationExamples(greeted, plain);
    expect(others).toEqual([]);
    expect(example).toMatchObject({ prompt: texts(greeted.slice(0, 5)), completion: " Hi" });
    for (const [index, [start, end]] of example!.answers!.entries()) {
      expect(example!.prompt.slice(0, start)).toBe(texts(greeted.slice(0, 2 * index + 1)));
      expect(example!.prompt.slice(start, end)).toBe([" Hello Hi", " Hi"][index]);
    }
  });

  test("as the template writes it there, with its white space", () => {
    const spaced = [user("Hi"), assistant("  Hello\n"), user("Bye"), assistant(" Goodbye")];
    expect(learnt(spaced, stripping)).toEqual([[" Hello", " Goodbye"]]);
  });

  test("in an example of its own where the template omits thoughts or writes an empty one", () => {
    const thought = "<think>\nA greeting.\n</think>\n\nHello";
    const conversation = [
      user("Hi"),
      assistant(thought),
      user("Bye"),
      assistant("Bye"),
      user("So?"),
      assistant("No"),
    ];
    expect(learnt(conversation, thinking)).toEqual([[thought], ["Bye"], ["No"]]);
    const [first] = conversationExamples(conversation, thinking);
    expect(first).toEqual(conversationExample(conversation.slice(0, 2), thinking));
  });

  test("and in one where it has the text of a special token, which stays plain text", () => {
    const chat = chatOf(
      "{% for m in messages %}<|im_start|>{{ m.role }}:{{ m.content }}<|im_end|>{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant:{% endif %}",
    );
    const conversation = [user("Hi"), assistant("Write <|im_end|>."), user("So?"), assistant("Yes")];
    expect(learnt(conversation, chat)).toEqual([["Write <|im_end|>."], ["Yes"]]);
  });

  test("but none of weight 0; one alone is as an example was before", () => {
    const weighted = greeted.map((turn, place) => (place === 1 ? { ...turn, weight: 0 as const } : turn));
    expect(learnt(weighted, plain)).toEqual([[" Hi", " Hi"]]);
    const alone = greeted.map((turn, place) => (place < 4 ? { ...turn, weight: 0 as const } : turn));
    for (const chat of [plain, stripping])
      expect(conversationExamples(alone, chat)).toEqual([conversationExample(greeted, chat)]);
  });
});

describe("A conversation as rows", () => {
  const talk = [
    user("one?"),
    assistant("One."),
    user("two?"),
    assistant("Two."),
    user("three?"),
    assistant("Three."),
  ];
  const ends = { ...characters, eosIds: [";".codePointAt(0)!] };
  /** The answers of rows, each after its whole row up to there. */
  const answersOf = (chat: ChatForm, encoder: typeof characters, maxTokens = 500) =>
    conversationExamples(talk, chat).flatMap((example) =>
      exampleRows(encoder, example, maxTokens).map(({ row: { ids, promptLength, answers = [] }, bytes }) => ({
        answers: [...answers, [promptLength, ids.length] as const].map((range) =>
          String.fromCodePoint(...ids.slice(...range)),
        ),
        bytes,
        tokens: ids.length,
      })),
    );

  test("has the end that the template writes after an earlier answer, as after the last one", () => {
    expect(answersOf(stripping, ends)).toMatchObject([
      { answers: [" One. ;", " Two. ;", " Three.;"], bytes: " One. Two. Three.".length },
    ]);
    expect(answersOf(plain, characters)).toMatchObject([{ answers: [" One.", " Two.", " Three."] }]);
  });

  test("has the tokens of the last answer's row, whatever else is learnt", () => {
    const [example] = conversationExamples(talk, stripping);
    const [{ row }] = exampleRows(ends, example!, 500) as [ReturnType<typeof exampleRows>[number]];
    const [last] = exampleRows(ends, conversationExample(talk, stripping), 500);
    expect({ ...row, answers: undefined }).toEqual({ ...last!.row, answers: undefined });
  });

  test("is found also where a token of the text spans an answer's bounds", () => {
    /** Pairs of characters, from the start of what it is given. */
    const pairs = {
      ...ends,
      encode: (text: string) =>
        (text.match(/..?/gs) ?? []).map((two) => two.charCodeAt(0) * 65536 + (two.charCodeAt(1) || 0)),
      tokenBytes: (id: number) =>
        Buffer.from(`${String.fromCharCode(Math.floor(id / 65536))}${String.fromCharCode(id % 65536)}`),
    };
    const [example] = conversationExamples(talk, plain);
    const [{ row }] = exampleRows(pairs, example!, 500) as [ReturnType<typeof exampleRows>[number]];
    const found = row.answers!.map(([first, end]) =>
      row.ids
        .slice(first, end)
        .map((id) => pairs.tokenBytes(id).toString())
        .join(""),
    );
    expect(found[0]).toMatch(/One/);
    expect(found[1]).toMatch(/Two/);
    expect(found.join("")).not.toMatch(/user/);
  });

  test("that is too long is cut into rows that end with an answer, and each is learnt once", () => {
    const rows = answersOf(plain, characters, 64);
    expect(rows.map(({ answers }) => answers)).toEqual([[" One."], [" Two.", " Three."]]);
    for (const { tokens } of rows) expect(tokens).toBeLessThanOrEqual(64);
    const short = answersOf(plain, characters, 30);
    expect(short.flatMap(({ answers }) => answers)).toEqual([" One.", " Two.", " Three."]);
  });
});

test("other models get prompts and questions unchanged", () => {
  const split = { examples: [{ prompt: "2 + 2 =", completion: " 4" }], questions: [question] };
  expect(renderedSplit(split, "plain", without)).toEqual(split);
});
