/** A record becomes rows by a mapping of its columns, or is left out for a reason. */
import { Message } from "../../../preload/contract/data.ts";
import type { Conversation, FieldMapping, Question } from "../../../preload/contract/data.ts";
import { answerIndex, choicesIn } from "./choice-values.ts";
import { listOfMessages, messageParts } from "./message-values.ts";
import { linesOf, passagesOf } from "./plain-text.ts";
import type { DataRecord, Fields, Row } from "./row.ts";

type Mapped<Kind> = FieldMapping & { kind: Kind };

/** Why a record is no row; its message goes on after "the line". */
export class UnusableRecord extends Error {}

function refuse(what: string): never {
  throw new UnusableRecord(what);
}

/** The rows of a record: one, or its passages where it is text. Throws `UnusableRecord`. */
export function rowsOfRecord({ line, fields }: DataRecord, mapping: FieldMapping): Row[] {
  const group = mapping.group === undefined ? undefined : shortText(fields[mapping.group]);
  const place = group === undefined ? { line } : { line, group };
  switch (mapping.kind) {
    case "examples":
      return [{ ...place, ...exampleOf(fields, mapping) }];
    case "questions":
      return [{ ...place, kind: "question", question: questionOf(fields, mapping) }];
    case "conversations":
      return [{ ...place, kind: "conversation", conversation: conversationOf(fields[mapping.messages]) }];
    case "text": {
      const text = filledText(fields[mapping.text], "text");
      const passages = [...passagesOf(linesOf(text))];
      return passages.map(({ text }) => ({
        ...place,
        kind: "example",
        example: { prompt: "", completion: text },
      }));
    }
  }
}

type ExampleRow =
  | Pick<Row & { kind: "example" }, "kind" | "example">
  | Pick<Row & { kind: "conversation" }, "kind" | "conversation">;

function exampleOf(fields: Fields, mapping: Mapped<"examples">): ExampleRow {
  const prompt = joinedText(fields, mapping.prompt, "prompt");
  const completion = filledText(fields[mapping.completion], "completion");
  if (mapping.form === "plain") return { kind: "example", example: { prompt, completion } };
  if (prompt.trim() === "") refuse("has an empty prompt");
  const system = mapping.system === undefined ? "" : optionalText(fields[mapping.system], "system");
  const conversation: Conversation = [
    ...(system.trim() === "" ? [] : [{ role: "system" as const, content: system }]),
    { role: "user", content: prompt.trim() },
    { role: "assistant", content: completion.trim() },
  ];
  return { kind: "conversation", conversation };
}

function questionOf(fields: Fields, mapping: Mapped<"questions">): Question {
  const question = joinedText(fields, mapping.question, "question");
  if (question.trim() === "") refuse("has an empty question");
  const offered = choicesIn(fields, mapping.choices);
  if (offered === null) return refuse("has choices that are not a list");
  const right = rightChoice(fields[mapping.answer], offered, mapping);
  // Where each choice has a column, a question with fewer choices leaves the others empty.
  const isOffered = (choice: unknown) => mapping.choices.length === 1 || !isEmpty(choice);
  if (!isOffered(offered[right])) refuse("has an answer whose choice is empty");
  const choices = textsOf(offered.filter(isOffered));
  const answer = offered.slice(0, right).filter(isOffered).length;
  if (choices.filter((choice) => choice === choices[answer]).length > 1) refuse("has the right choice twice");
  const task = mapping.task === undefined ? undefined : shortText(fields[mapping.task]);
  return { question, choices, answer, ...(task === undefined ? {} : { task }) };
}

function textsOf(choices: readonly unknown[]): string[] {
  if (choices.length < 2) refuse("has fewer than 2 choices");
  if (choices.length > 26) refuse("has more than 26 choices");
  return choices.map((choice, index) => {
    const text = textOf(choice, `choice ${index + 1}`);
    return text.trim() === "" ? refuse(`has an empty choice (number ${index + 1})`) : text;
  });
}

const ANSWER_FORMS = {
  text: "the text of one of its choices",
  letter: "the letter of a choice",
  "number-from-0": "the number of a choice, counted from 0",
  "number-from-1": "the number of a choice, counted from 1",
};

function rightChoice(
  answer: unknown,
  choices: readonly unknown[],
  { choices: columns, answerForm }: Mapped<"questions">,
): number {
  if (isEmpty(answer)) return refuse("has a question without its answer");
  const index = answerIndex(answer, answerForm, choices, columns);
  if (index !== null) return index;
  if (typeof answer === "number" && Number.isInteger(answer) && answerForm === "number-from-0") {
    return refuse(
      `has answer ${answer}, but its ${choices.length} choices are numbered 0 to ${choices.length - 1}`,
    );
  }
  return refuse(`has an answer that is not ${ANSWER_FORMS[answerForm]}`);
}

function conversationOf(value: unknown): Conversation {
  const messages = listOfMessages(value);
  if (messages === null) return refuse("has messages that are not a list");
  const conversation = messages.map((message, index) => messageOf(message, index + 1));
  const assistant = conversation.findIndex(({ role }) => role === "assistant");
  if (assistant < 0) return refuse("has messages, but none of an assistant to learn from");
  if (assistant === 0) return refuse("has an assistant's message with nothing before it");
  return conversation;
}

function messageOf(value: unknown, number: number): Message {
  const { role, content } = messageParts(value);
  if (role === null) {
    const roles = Message.shape.role.options.join(", ");
    return refuse(`has a role in message ${number} that is not understood; understood are ${roles}`);
  }
  const text = textOf(content, `content of message ${number}`);
  if (role === "assistant" && text.trim() === "")
    refuse(`has an empty answer of the assistant (message ${number})`);
  return { role, content: text };
}

/** The texts of several columns, one after another, without the empty ones; a single one as it is. */
function joinedText(fields: Fields, columns: readonly string[], name: string): string {
  const [only] = columns;
  if (columns.length === 1) return textOf(fields[only!] ?? "", name);
  const texts = columns.map((column) => optionalText(fields[column], name).trim());
  return texts.filter((text) => text !== "").join("\n\n");
}

function filledText(value: unknown, name: string): string {
  const text = value === undefined ? "" : textOf(value, name);
  return text.trim() === "" ? refuse(`has an empty ${name}`) : text;
}

function optionalText(value: unknown, name: string): string {
  return value === null || value === undefined ? "" : textOf(value, name);
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === "string" && value.trim() === "");
}

/** A short name such as a task's; undefined where there is none. */
function shortText(value: unknown): string | undefined {
  return (typeof value === "string" && value !== "") || typeof value === "number" ? String(value) : undefined;
}

/** A number or a yes or no is its own text. */
function textOf(value: unknown, name: string): string {
  if (typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value)))
    return String(value);
  if (typeof value !== "string") return refuse(`has a ${name} that is not text`);
  if (value.includes("\0")) return refuse(`has a NUL character in its ${name}`);
  if (/\p{Surrogate}/u.test(value))
    return refuse(`has half of a character (a lone surrogate) in its ${name}`);
  return value;
}
