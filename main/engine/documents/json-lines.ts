/** JSONL: a JSON object on each line, in one of three forms; further keys, such as an id, are passed over. */
import { fail } from "../../../native-models/failure.ts";
import { Message } from "../../../preload/contract/data.ts";
import type { Conversation, Example, Question } from "../../../preload/contract/data.ts";
import { readLines } from "./lines.ts";
import type { DocumentFormat, Row } from "./row.ts";

const FORMS = '{"prompt","completion"}, {"question","choices","answer"} and {"messages"}';

/** The rows of a JSONL file. Throws `not-found`, `unreadable`, and `bad-data` at the first row that is not understood. */
export const jsonLines: DocumentFormat = {
  extensions: [".jsonl", ".ndjson"],
  *read(path) {
    for (const { number: line, text } of readLines(path)) {
      if (text.trim() === "") continue;
      const refuse = (what: string): never =>
        fail({ code: "bad-data", path, line, reason: `the line ${what}` });
      yield rowOf(text, line, refuse);
    }
  },
};

/** Refuses a row; `what` goes on after "the line". */
type Refuse = (what: string) => never;

type Fields = Record<string, unknown>;

function rowOf(text: string, line: number, refuse: Refuse): Row {
  const fields = objectOf(text, refuse);
  const has = (...keys: string[]) => keys.every((key) => Object.hasOwn(fields, key));
  if (has("question", "choices", "answer"))
    return { line, kind: "question", question: questionOf(fields, refuse) };
  if (has("prompt", "completion")) return { line, kind: "example", example: exampleOf(fields, refuse) };
  if (has("messages")) return { line, kind: "conversation", conversation: conversationOf(fields, refuse) };
  return refuse(whatIsMissing(fields, has));
}

function objectOf(text: string, refuse: Refuse): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const spread = /^\s*[[{]\s*$/.test(text);
    return refuse(
      spread ? "is only the beginning of JSON; put one whole object on each line" : "is not valid JSON",
    );
  }
  if (Array.isArray(value)) return refuse("is a JSON array; put one object on each line");
  if (typeof value !== "object" || value === null) return refuse("is not a JSON object");
  return value as Fields;
}

function whatIsMissing(fields: Fields, has: (...keys: string[]) => boolean): string {
  if (has("question", "choices")) return "has a question without its answer";
  if (has("question", "answer")) {
    return 'has a question without choices; an open question and its answer go into "prompt" and "completion"';
  }
  if (has("question")) return "has a question without its choices and answer";
  if (has("choices")) return "has choices without a question";
  if (has("prompt")) return "has a prompt but no completion";
  if (has("completion")) return "has a completion but no prompt";
  const keys = Object.keys(fields);
  if (keys.length === 0) return `is an empty object; understood are ${FORMS}`;
  const shown = keys.slice(0, 5).map((key) => JSON.stringify(key.slice(0, 40)));
  return `has the keys ${shown.join(", ")}${keys.length > 5 ? ", …" : ""}, which are not understood; understood are ${FORMS}`;
}

function exampleOf({ prompt, completion }: Fields, refuse: Refuse): Example {
  const example = {
    prompt: textOf(prompt, "prompt", refuse),
    completion: textOf(completion, "completion", refuse),
  };
  return example.completion.trim() === "" ? refuse("has an empty completion") : example;
}

function questionOf({ question, choices, answer, task }: Fields, refuse: Refuse): Question {
  const text = textOf(question, "question", refuse);
  if (text.trim() === "") refuse("has an empty question");
  const offered = choicesOf(choices, refuse);
  const right = answerOf(answer, offered.length, refuse);
  if (offered.filter((choice) => choice === offered[right]).length > 1) refuse("has the right choice twice");
  const named = typeof task === "string" ? { task: textOf(task, "task", refuse) } : {};
  return { question: text, choices: offered, answer: right, ...named };
}

function choicesOf(choices: unknown, refuse: Refuse): string[] {
  if (!Array.isArray(choices)) return refuse("has choices that are not a list");
  if (choices.length < 2) return refuse("has fewer than 2 choices");
  if (choices.length > 26) return refuse("has more than 26 choices");
  const texts = choices.map((choice, index) => textOf(choice, `choice ${index + 1}`, refuse));
  const empty = texts.findIndex((choice) => choice.trim() === "");
  return empty < 0 ? texts : refuse(`has an empty choice (number ${empty + 1})`);
}

function answerOf(answer: unknown, choices: number, refuse: Refuse): number {
  if (answer === null) return refuse("has a question without its answer");
  if (typeof answer !== "number" || !Number.isInteger(answer)) {
    return refuse(`has an answer that is not the number of a choice, counted from 0`);
  }
  if (answer < 0 || answer >= choices) {
    return refuse(`has answer ${answer}, but its ${choices} choices are numbered 0 to ${choices - 1}`);
  }
  return answer;
}

function conversationOf({ messages }: Fields, refuse: Refuse): Conversation {
  if (!Array.isArray(messages)) return refuse("has messages that are not a list");
  const conversation = messages.map((message, index) => messageOf(message, index + 1, refuse));
  const assistant = conversation.findIndex(({ role }) => role === "assistant");
  if (assistant < 0) return refuse("has messages, but none of an assistant to learn from");
  if (assistant === 0) return refuse("has an assistant's message with nothing before it");
  return conversation;
}

function messageOf(value: unknown, number: number, refuse: Refuse): Message {
  const { role, content } = (typeof value === "object" && value !== null ? value : {}) as Fields;
  const known = Message.shape.role.safeParse(role);
  if (!known.success) {
    const roles = Message.shape.role.options.join(", ");
    return refuse(`has a role in message ${number} that is not understood; understood are ${roles}`);
  }
  const text = textOf(content, `content of message ${number}`, refuse);
  if (known.data === "assistant" && text.trim() === "")
    refuse(`has an empty answer of the assistant (message ${number})`);
  return { role: known.data, content: text };
}

function textOf(value: unknown, name: string, refuse: Refuse): string {
  if (typeof value !== "string") return refuse(`has a ${name} that is not text`);
  if (value.includes("\0")) return refuse(`has a NUL character in its ${name}`);
  if (/\p{Surrogate}/u.test(value))
    return refuse(`has half of a character (a lone surrogate) in its ${name}`);
  return value;
}
