/** Why a row of data is unusable, or a file not read: a code where it is found, a sentence where a person reads it. */
import { z } from "zod";

/** The text of a row that a reason is about. `number`: of the choice or message, from 1. */
export const RowPart = z.object({
  part: z.enum(["prompt", "completion", "system", "question", "text", "choice", "message"]),
  number: z.number().optional(),
});
export type RowPart = z.infer<typeof RowPart>;

const only = <Code extends string>(code: Code) => z.object({ code: z.literal(code) });

export const LeftOutReason = z.discriminatedUnion("code", [
  RowPart.extend({ code: z.literal("empty") }),
  RowPart.extend({ code: z.literal("not-text") }),
  RowPart.extend({ code: z.literal("nul-character") }),
  RowPart.extend({ code: z.literal("half-character") }),
  only("choices-no-list"),
  only("answer-choice-empty"),
  only("right-choice-twice"),
  only("too-few-choices"),
  only("too-many-choices"),
  only("no-answer"),
  z.object({ code: z.literal("answer-out-of-range"), answer: z.number(), choices: z.number() }),
  z.object({
    code: z.literal("answer-form"),
    form: z.enum(["text", "letter", "number-from-0", "number-from-1"]),
  }),
  only("messages-no-list"),
  only("history-no-pairs"),
  only("no-assistant"),
  only("no-learnt-answer"),
  /** The data rates the answer as bad; the row itself is well-formed. */
  only("bad-answer"),
  only("assistant-first"),
  z.object({ code: z.literal("unknown-role"), number: z.number() }),
  /** A tool call or its result. */
  z.object({ code: z.literal("tool-message"), number: z.number() }),
  z.object({ code: z.literal("empty-assistant"), number: z.number() }),
  z.object({ code: z.literal("field-count"), fields: z.number(), expected: z.number() }),
  only("not-an-object"),
  only("no-choices-and-answer"),
  only("no-question"),
  only("no-completion"),
  only("no-prompt"),
  only("empty-object"),
  /** `columns`: the first five; `more`: whether there are others. */
  z.object({ code: z.literal("unknown-columns"), columns: z.array(z.string()), more: z.boolean() }),
  only("other"),
]);
export type LeftOutReason = z.infer<typeof LeftOutReason>;

/** A file in a folder or an archive that is not read, and why. */
export const NotRead = z.object({
  path: z.string(),
  why: z.enum([
    "other-file",
    "archive",
    "unreadable",
    "encrypted",
    "link",
    "outside",
    "duplicate",
    "too-large",
    "too-deep",
    "no-text",
    "saved-page",
    "excluded",
  ]),
});
export type NotRead = z.infer<typeof NotRead>;

const FORMS =
  '{"prompt","completion"}, {"question","answer"}, {"question","choices","answer"}, {"messages"} and {"text"}';
const ANSWER_FORMS = {
  text: "the text of a choice",
  letter: "the letter of a choice",
  "number-from-0": "the number of a choice (from 0)",
  "number-from-1": "the number of a choice (from 1)",
};

/** The reason in English, to follow "the line", such as "has an empty completion". */
export function leftOutText(reason: LeftOutReason): string {
  switch (reason.code) {
    case "empty":
      return reason.part === "choice"
        ? `has an empty choice (number ${reason.number})`
        : `has an empty ${reason.part}`;
    case "not-text":
      return `has a ${partText(reason)} that is not text`;
    case "nul-character":
      return `has a NUL character in its ${partText(reason)}`;
    case "half-character":
      return `has an incomplete character (a lone surrogate) in its ${partText(reason)}`;
    case "choices-no-list":
      return "has choices that are not a list";
    case "answer-choice-empty":
      return "has an answer that refers to an empty choice";
    case "right-choice-twice":
      return "has the right choice twice";
    case "too-few-choices":
      return "has fewer than 2 choices";
    case "too-many-choices":
      return "has more than 26 choices";
    case "no-answer":
      return "has a question without an answer";
    case "answer-out-of-range":
      return `has answer ${reason.answer}, but its ${reason.choices} choices are numbered 0 to ${reason.choices - 1}`;
    case "answer-form":
      return `has an answer that is not ${ANSWER_FORMS[reason.form]}`;
    case "history-no-pairs":
      return "has a history that is not a list of questions and answers";
    case "messages-no-list":
      return "has messages that are not a list";
    case "no-assistant":
      return "has messages, but none from the assistant to learn from";
    case "no-learnt-answer":
      return "has no answer to learn: all have the weight 0";
    case "bad-answer":
      return "has an answer that is marked as a bad one";
    case "assistant-first":
      return "starts with an assistant message, after which there is no other answer";
    case "unknown-role":
      return `has an unknown role in message ${reason.number}; supported are system, user and assistant`;
    case "tool-message":
      return `calls a tool or contains its result before the first answer (message ${reason.number}), which is not trained on`;
    case "empty-assistant":
      return `has an empty assistant answer (message ${reason.number})`;
    case "field-count":
      return `has ${reason.fields} fields, but the first line has ${reason.expected}`;
    case "not-an-object":
      return "is not a JSON object";
    case "no-choices-and-answer":
      return "has a question without choices and answer";
    case "no-question":
      return "has choices without a question";
    case "no-completion":
      return "has a prompt but no completion";
    case "no-prompt":
      return "has a completion but no prompt";
    case "empty-object":
      return `is an empty object; supported are ${FORMS}`;
    case "unknown-columns":
      return `has unknown columns (${reason.columns.map((name) => JSON.stringify(name)).join(", ")}${reason.more ? ", …" : ""}); supported are ${FORMS}`;
    case "other":
      return "is unusable for other reasons";
    default:
      return reason satisfies never;
  }
}

function partText({ part, number }: RowPart): string {
  if (part === "message") return `content of message ${number}`;
  return number === undefined ? part : `${part} ${number}`;
}
