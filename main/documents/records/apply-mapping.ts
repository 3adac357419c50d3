/** Converts a record to rows according to a mapping of its columns, or leaves it out with a reason. */
import { createHash } from "node:crypto";
import { END_OF_TURN } from "../../../native-models/tokenizer/from-files.ts";
import { MadeQuestions } from "../../../preload/contract/data/data.ts";
import type {
  Conversation,
  FieldMapping,
  Question,
  RecordMapping,
  Turn,
} from "../../../preload/contract/data/data.ts";
import { leftOutText } from "../../../preload/contract/failures/left-out.ts";
import type { LeftOutReason, RowPart } from "../../../preload/contract/failures/left-out.ts";
import { answerIndex, choicesIn } from "./choice-values.ts";
import type { OfferedChoices } from "./choice-values.ts";
import { rowBlock } from "../blocks/blocks.ts";
import type { Block } from "../blocks/blocks.ts";
import { namesIn } from "./column-names.ts";
import { answerIn } from "./answer-spans.ts";
import { isAnswer, isLearnt, withLastAnswerOnly } from "./conversation.ts";
import { isMessages, isPairs, listOfMessages, messageParts, systemText } from "./message-values.ts";
import { paragraphsOf } from "../plain-text.ts";
import type { DataRecord, Fields, Origin, Row, TextRow } from "../row.ts";
import { isMarkedImpossible, notInText } from "./not-in-text.ts";

type Mapped<Kind> = FieldMapping & { kind: Kind };

/** Why a record is unusable. */
export class UnusableRecord extends Error {
  readonly reason: LeftOutReason;

  constructor(reason: LeftOutReason) {
    super(leftOutText(reason));
    this.reason = reason;
  }
}

function refuse(reason: LeftOutReason): never {
  throw new UnusableRecord(reason);
}

/** The row of a record of the file at `path`. Throws `UnusableRecord`. */
export function rowOfRecord(
  { line, fields }: DataRecord,
  mapping: RecordMapping,
  path: string,
): Row | TextRow {
  const group = mapping.group === undefined ? undefined : shortText(fields[mapping.group]);
  const place = group === undefined ? { line } : { line, group };
  const origin = originOf(fields);
  switch (mapping.kind) {
    case "examples":
      return { ...place, ...origin, ...exampleOf(fields, mapping) };
    case "questions":
      return { ...place, ...origin, kind: "question", question: questionOf(fields, mapping) };
    case "conversations":
      return { ...place, ...origin, kind: "conversation", conversation: systemAndMessages(fields, mapping) };
    case "text": {
      const text = filledText(withoutTokens(fields[mapping.text]), { part: "text" });
      const document = group ?? `${path}\n${line}`;
      return { ...place, kind: "text", document, blocks: [...paragraphsOf(text)], isRecord: true };
    }
  }
}

/** The blocks of records that are read as text: for each table its name, if there are several, its header and its rows. */
export class TableText {
  readonly blocks: Block[] = [];
  readonly #columns: readonly string[];
  #tables = 0;
  #table: string | undefined;
  #own: readonly string[] = [];

  constructor(columns: readonly string[]) {
    this.#columns = columns;
  }

  /** Adds a record's row, after the header of its table. Throws `UnusableRecord`. */
  add({ line, fields, columns, table }: DataRecord): void {
    const isNew = this.#tables === 0 || table !== this.#table;
    const own = isNew ? this.#ownOf(columns) : this.#own;
    const row = this.#row(
      line,
      own.map((column) => optionalText(fields[column], { part: "text" })),
      isNew ? this.#tables + 1 : this.#tables,
    );
    if (!row) return;
    if (isNew) this.#begin(own, table, table === undefined ? 1 : line);
    this.blocks.push(row);
  }

  #begin(own: readonly string[], table: string | undefined, place: number): void {
    this.#tables++;
    this.#table = table;
    this.#own = own;
    if (table)
      this.blocks.push({ kind: "heading", place, level: 2, text: table.replace(/\s+/g, " ").trim() });
    const header = this.#row(place, namesIn(own), this.#tables, true);
    if (header) this.blocks.push(header);
  }

  /** The chosen columns that the table has; in its order, if others are chosen too. */
  #ownOf(columns: readonly string[] | undefined): readonly string[] {
    if (!columns || this.#columns.every((column) => columns.includes(column))) return this.#columns;
    return columns.filter((column) => this.#columns.includes(column));
  }

  #row(place: number, cells: readonly string[], table: number, isHeader = false): Block | undefined {
    return rowBlock(place, { cells, table, isHeader });
  }
}

/** Rows of a dataset that was exported or is reused still name the document and place that their texts are from. */
function originOf({ document, place, ...fields }: Fields): { origin?: Origin } {
  if (typeof document !== "string" || typeof place !== "number" || !Number.isSafeInteger(place)) return {};
  const made = "messages" in fields ? MadeQuestions.safeParse(fields[MADE_COLUMN]).data : undefined;
  return { origin: { document, place, ...(made && { made }) } };
}

type ExampleRow =
  | Pick<Row & { kind: "example" }, "kind" | "example">
  | Pick<Row & { kind: "conversation" }, "kind" | "conversation">;

/** A mapping by which answers may be rated. */
type Rated = Pick<Mapped<"examples" | "conversations">, "label">;

function refuseBadAnswer(fields: Fields, { label }: Rated): void {
  if (label !== undefined && fields[label] === false) refuse({ code: "bad-answer" });
}

/** A rating is about the last answer, so the others are not learnt. */
const rated = (conversation: Conversation, { label }: Rated): Conversation =>
  label === undefined ? conversation : withLastAnswerOnly(conversation);

function exampleOf(fields: Fields, mapping: Mapped<"examples">): ExampleRow {
  refuseBadAnswer(fields, mapping);
  const messages = messagesOfParts(fields, mapping);
  if (messages) return { kind: "conversation", conversation: conversationOf(messages) };
  const prompt = joinedText(fields, mapping.prompt, { part: "prompt" });
  const completion = isUnanswered(fields, mapping)
    ? notInText(prompt)
    : filledText(withoutTokens(answerIn(fields[mapping.completion])), { part: "completion" });
  if (mapping.form === "plain") return { kind: "example", example: { prompt, completion } };
  if (prompt.trim() === "") refuse({ code: "empty", part: "prompt" });
  const system = mapping.system === undefined ? "" : optionalText(fields[mapping.system], { part: "system" });
  const earlier = mapping.history === undefined ? [] : earlierTurns(fields[mapping.history]);
  const conversation: Conversation = [
    ...(system.trim() === "" ? [] : [{ role: "system" as const, content: system }]),
    ...earlier,
    { role: "user", content: prompt.trim() },
    { role: "assistant", content: completion.trim() },
  ];
  return {
    kind: "conversation",
    conversation: earlier.length === 0 ? conversation : rated(conversationOf(conversation), mapping),
  };
}

/** Whether a question with its passage is marked as not answered there; a plausible answer may be given. */
const isUnanswered = (fields: Fields, { prompt }: Mapped<"examples">): boolean =>
  isMarkedImpossible(fields) && prompt.filter((column) => !isEmpty(fields[column])).length > 1;

/** The turns of pairs of questions and answers, without empty ones. */
function earlierTurns(history: unknown): Turn[] {
  if (isEmpty(history)) return [];
  if (!isPairs(history)) return refuse({ code: "history-no-pairs" });
  const turns = history.flatMap(([question, answer]): Turn[] => [
    { role: "user", content: question.trim() },
    { role: "assistant", content: answer.trim() },
  ]);
  return turns.filter(({ content }) => content !== "");
}

/**
 * The messages if the prompt, the answer or both are messages, of which one that is plain text becomes a single message; null otherwise. Answers within the prompt are context and not learnt, as in other programs: a
 * rating applies to what follows them.
 */
function messagesOfParts(fields: Fields, { prompt, completion }: Mapped<"examples">): unknown[] | null {
  const [asked, answered] = [fields[prompt[0]!], fields[completion]];
  if (prompt.length !== 1) return null;
  if (!(isMessages(asked) || isMessages(answered))) return null;
  const listed = (value: unknown, role: string) => (isMessages(value) ? value : [{ role, content: value }]);
  const given = listed(asked, "user").map((message) => ({ ...(message as object), weight: 0 }));
  return [...given, ...listed(answered, "assistant")];
}

function questionOf(fields: Fields, mapping: Mapped<"questions">): Question {
  const question = joinedText(fields, mapping.question, { part: "question" });
  if (question.trim() === "") refuse({ code: "empty", part: "question" });
  const found = choicesIn(fields, mapping.choices);
  if (found === null) return refuse({ code: "choices-no-list" });
  const offered = mapping.choices.includes(mapping.answer) ? shuffled(found, question) : found;
  const { values } = offered;
  const right = rightChoice(fields[mapping.answer], offered, mapping);
  // If each choice has its own column, a question with fewer choices leaves the remaining ones empty.
  const isOffered = (choice: unknown) => mapping.choices.length === 1 || !isEmpty(choice);
  if (!isOffered(values[right])) refuse({ code: "answer-choice-empty" });
  const choices = textsOf(values.filter(isOffered));
  const answer = values.slice(0, right).filter(isOffered).length;
  if (choices.filter((choice) => choice === choices[answer]).length > 1)
    refuse({ code: "right-choice-twice" });
  const task = mapping.task === undefined ? undefined : shortText(fields[mapping.task]);
  const made = MadeQuestions.safeParse(fields[MADE_COLUMN]).data;
  const checked = fields["checked"] === true;
  return {
    question,
    choices,
    answer,
    ...(task === undefined ? {} : { task }),
    ...(made && { made, ...(checked && { checked }) }),
  };
}

/** Keeps questions that no person wrote marked when a dataset is exported or reused. */
const MADE_COLUMN = "made";

/** The choices in an order that is derived from the question and their texts, so that the right one is not always the first. */
function shuffled({ values }: OfferedChoices, question: string): OfferedChoices {
  const key = (value: unknown) =>
    createHash("sha256")
      .update(`${question}\n${String(value)}`)
      .digest("hex");
  const keyed = values.map((value) => ({ value, key: key(value) }));
  return { values: keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ value }) => value), labels: null };
}

function textsOf(choices: readonly unknown[]): string[] {
  if (choices.length < 2) refuse({ code: "too-few-choices" });
  if (choices.length > 26) refuse({ code: "too-many-choices" });
  return choices.map((choice, index) => {
    const part = { part: "choice", number: index + 1 } as const;
    const text = textOf(choice, part);
    return text.trim() === "" ? refuse({ code: "empty", ...part }) : text;
  });
}

function rightChoice(
  answer: unknown,
  choices: OfferedChoices,
  { choices: columns, answerForm }: Mapped<"questions">,
): number {
  if (isEmpty(answer)) return refuse({ code: "no-answer" });
  const index = answerIndex(answer, answerForm, choices, columns);
  if (index !== null) return index;
  if (typeof answer === "number" && Number.isInteger(answer) && answerForm === "number-from-0") {
    return refuse({ code: "answer-out-of-range", answer, choices: choices.values.length });
  }
  return refuse({ code: "answer-form", form: answerForm });
}

function systemAndMessages(fields: Fields, mapping: Mapped<"conversations">): Conversation {
  const { messages, system } = mapping;
  refuseBadAnswer(fields, mapping);
  const conversation = rated(conversationOf(fields[messages]), mapping);
  const content = system === undefined ? "" : optionalText(systemText(fields[system]), { part: "system" });
  const hasSystem = content.trim() === "" || conversation[0]!.role === "system";
  return hasSystem ? conversation : [{ role: "system", content }, ...conversation];
}

function conversationOf(value: unknown): Conversation {
  const messages = listOfMessages(value);
  if (messages === null) return refuse({ code: "messages-no-list" });
  const conversation = withoutTools(messages).map((message, index) => messageOf(message, index + 1));
  if (!conversation.some(isAnswer)) return refuse({ code: "no-assistant" });
  const asked = conversation.slice(conversation.findIndex((message) => !isAnswer(message))); // after a greeting
  if (isAnswer(asked[0]!) || !asked.some(isAnswer)) return refuse({ code: "assistant-first" });
  return asked.some(isLearnt) ? withoutGreetings(asked) : refuse({ code: "no-learnt-answer" });
}

/** Answers before the first message of the user are not learnt, unless no other answer is. */
function withoutGreetings(conversation: Conversation): Conversation {
  const first = conversation.findIndex(({ role }) => role === "user");
  const isGreeting = (turn: Turn, place: number) => isLearnt(turn) && place < first;
  const hasOther = conversation.some((turn, place) => isLearnt(turn) && !isGreeting(turn, place));
  if (!hasOther || !conversation.some(isGreeting)) return conversation;
  return conversation.map((turn, place) => (isGreeting(turn, place) ? { ...turn, weight: 0 } : turn));
}

/** The messages up to the last answer before the first tool call or result: later answers depend on the results of tools. */
function withoutTools(messages: readonly unknown[]): readonly unknown[] {
  const roles = messages.map((message) => messageParts(message).role);
  const tool = roles.indexOf("tool");
  if (tool < 0) return messages;
  const answer = roles.lastIndexOf("assistant", tool);
  return answer > 0 ? messages.slice(0, answer + 1) : refuse({ code: "tool-message", number: tool + 1 });
}

function messageOf(value: unknown, number: number): Turn {
  const { role, content, isUnlearnt } = messageParts(value);
  if (role === null) return refuse({ code: "unknown-role", number });
  if (role === "tool") return refuse({ code: "tool-message", number });
  const text = textOf(role === "assistant" ? withoutTokens(content) : content, { part: "message", number });
  if (role === "assistant" && text.trim() === "") refuse({ code: "empty-assistant", number });
  return { role, content: text, ...(isUnlearnt && { weight: 0 }) };
}

/** The texts of several columns, joined by blank lines, without empty ones; the text of a single column is unchanged. */
function joinedText(fields: Fields, columns: readonly string[], part: RowPart): string {
  const [only] = columns;
  if (columns.length === 1) return textOf(fields[only!] ?? "", part);
  const texts = columns.map((column) => optionalText(fields[column], part).trim());
  return texts.filter((text) => text !== "").join("\n\n");
}

function filledText(value: unknown, part: RowPart): string {
  const text = value === undefined ? "" : textOf(value, part);
  return text.trim() === "" ? refuse({ code: "empty", ...part }) : text;
}

/** Tokens around texts, which every program adds by itself. */
const BEGINNING = /^\s*(?:<s>|<bos>|<\|begin_of_text\|>|<\|startoftext\|>|<｜begin▁of▁sentence｜>)/;
const ENDS = [...END_OF_TURN, "</s>", "<eos>", "<｜end▁of▁sentence｜>"];

/** A text without the beginning-of-sequence token before it and the end-of-sequence or end-of-turn tokens after it; any other value as it is. */
function withoutTokens(value: unknown): unknown {
  if (typeof value !== "string") return value;
  for (let bare = value.replace(BEGINNING, ""); ;) {
    const trimmed = bare.trimEnd();
    const last = ENDS.find((token) => trimmed.endsWith(token));
    if (last === undefined) return bare;
    bare = trimmed.slice(0, -last.length);
  }
}

function optionalText(value: unknown, part: RowPart): string {
  return value === null || value === undefined ? "" : textOf(value, part);
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === "string" && value.trim() === "");
}

/** A short name such as a task's; undefined if there is none. */
function shortText(value: unknown): string | undefined {
  return (typeof value === "string" && value !== "") || typeof value === "number" ? String(value) : undefined;
}

/** A value as text: numbers and booleans are converted. */
function textOf(value: unknown, part: RowPart): string {
  if (typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value)))
    return String(value);
  if (typeof value !== "string") return refuse({ code: "not-text", ...part });
  if (value.includes("\0")) return refuse({ code: "nul-character", ...part });
  if (/\p{Surrogate}/u.test(value)) return refuse({ code: "half-character", ...part });
  return value;
}
