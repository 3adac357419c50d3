/** Guesses the roles of records' columns from their names and values. */
import type { DataFormat, FieldMapping, RecordMapping } from "../../../preload/contract/data/data.ts";
import { isSpans } from "./answer-spans.ts";
import { answerFormOf, choicesIn, isNumberedFromOne } from "./choice-values.ts";
import { choiceColumns, columnFor, foldedName, MOST_COLUMNS } from "./column-names.ts";
import { isMessages, isPairs, listOfMessages } from "./message-values.ts";
import type { Fields } from "../row.ts";
import { mostHeldOut } from "../held-out-count.ts";

/**
 * The mappings of a file's records whose own field names determine them; null for other records. The first records decide whether the
 * answers of questions are counted from 1, as in other programs' files; ours are counted from 0.
 */
export function ownMappings(head: readonly Fields[]): (fields: Fields) => RecordMapping | null {
  const questions = head.filter((fields) => ownMapping(fields) === OWN_QUESTION);
  if (!isNumberedFromOne(questions, OWN_QUESTION.choices, OWN_QUESTION.answer)) return ownMapping;
  const fromOne: RecordMapping = { ...OWN_QUESTION, answerForm: "number-from-1" };
  return (fields) => {
    const own = ownMapping(fields);
    return own === OWN_QUESTION ? fromOne : own;
  };
}

/** The mapping that a record's field names determine because they are those that we write; they need no guess. */
export function ownMapping(fields: Fields): RecordMapping | null {
  const has = (...keys: string[]) => keys.every((key) => Object.hasOwn(fields, key));
  if (has("question", "choices", "answer") && typeof fields["answer"] === "number") return OWN_QUESTION;
  const columns = columnsOf([fields]);
  const system = systemIn(columns); // which we write among the messages
  if (has("prompt", "completion"))
    return system.system === undefined ? { ...OWN_EXAMPLE, ...labelIn([fields], columns) } : null;
  return has("messages") ? { ...OWN_CONVERSATION, ...system, ...labelIn([fields], columns) } : null;
}

const OWN_QUESTION: RecordMapping & { kind: "questions" } = {
  kind: "questions",
  question: ["question"],
  choices: ["choices"],
  answer: "answer",
  answerForm: "number-from-0",
  task: "task",
};
const OWN_EXAMPLE: RecordMapping = {
  kind: "examples",
  form: "plain",
  prompt: ["prompt"],
  completion: "completion",
};
const OWN_CONVERSATION: RecordMapping = { kind: "conversations", messages: "messages" };

/** The columns of records, in order of first occurrence; the first `MOST_COLUMNS`. */
export function columnsOf(records: readonly Fields[]): string[] {
  const columns = new Set<string>();
  for (const fields of records)
    for (const name of Object.keys(fields)) if (columns.add(name).size === MOST_COLUMNS) return [...columns];
  return [...columns];
}

type Guess = (records: readonly Fields[], columns: readonly string[]) => RecordMapping | null;

/** The usual forms of records, the more specific ones first; a new form is a new row. */
const GUESSES: readonly Guess[] = [conversationsIn, questionsIn, examplesIn, textIn];

/**
 * The likeliest mapping of records that belong together; null if there is no good guess. `isWhole`: whether these are all records of their
 * file or only its first ones.
 */
export function guessMapping(records: readonly Fields[], isWhole = true): RecordMapping | null {
  const columns = columnsOf(records);
  for (const guess of GUESSES) {
    const mapping = guess(records, columns);
    if (!mapping) continue;
    const group = groupColumn(records, columns, isWhole);
    return group === undefined ? mapping : { ...mapping, group };
  }
  return null;
}

/** Formats of tables that people write for themselves; records of others are data for programs. */
const TABLES: readonly DataFormat[] = ["csv", "xlsx", "xls", "ods"];

export const isTableFormat = (format: DataFormat): boolean => TABLES.includes(format);

/** Tables that people write for themselves, such as lists of prices: without a known column, their rows are read as text. */
export function tableMapping(format: DataFormat, columns: readonly string[]): FieldMapping | null {
  return isTableFormat(format) && columns.length > 0 ? { kind: "table", columns: [...columns] } : null;
}

/** Whether an answer is a good one, as in KTO. */
function labelIn(records: readonly Fields[], columns: readonly string[]): { label?: string } {
  const label = columnFor("label", columns);
  const isRating = label !== undefined && records.some((fields) => typeof fields[label] === "boolean");
  return isRating ? { label } : {};
}

function systemIn(columns: readonly string[]): { system?: string } {
  const system = columnFor("system", columns);
  return system === undefined ? {} : { system };
}

/** What comes before the question: the system message, and earlier questions and answers. */
function beforeIn(
  records: readonly Fields[],
  columns: readonly string[],
): { system?: string; history?: string } {
  const history = columnFor("history", columns);
  const hasPairs = history !== undefined && records.some((fields) => isFilledPairs(fields[history]));
  return { ...systemIn(columns), ...(hasPairs && { history }) };
}

const isFilledPairs = (value: unknown) => isPairs(value) && value.length > 0;

function conversationsIn(records: readonly Fields[], columns: readonly string[]): RecordMapping | null {
  const messages = columnFor("messages", columns);
  if (messages !== undefined && records.some((fields) => listOfMessages(fields[messages])))
    return { kind: "conversations", messages, ...systemIn(columns), ...labelIn(records, columns) };
  const unnamed = columns.find((column) => records.some((fields) => isMessages(fields[column])));
  const asked = columnFor("completion", columns);
  return unnamed === undefined || asked !== undefined
    ? null
    : {
        kind: "conversations",
        messages: unnamed,
        ...systemIn(columns),
        ...labelIn(records, columns),
      };
}

function questionsIn(records: readonly Fields[], columns: readonly string[]): RecordMapping | null {
  const choices = choicesOf(records, columns);
  if (choices.length === 0) return null;
  const others = columns.filter((column) => !choices.includes(column));
  const named = columnFor("answer", others);
  const likely = [...(named === undefined ? [] : [named]), ...others];
  const answer = likely.find((column) => answerFormOf(records, choices, column) !== null) ?? named;
  if (answer === undefined) return null;
  const question = askedIn(others.filter((column) => column !== answer));
  if (question.length === 0) return null;
  const answerForm = answerFormOf(records, choices, answer) ?? "number-from-0";
  const task = others.find((column) => foldedName(column) === "task");
  return {
    kind: "questions",
    question,
    choices,
    answer,
    answerForm,
    ...(task === undefined ? {} : { task }),
  };
}

function choicesOf(records: readonly Fields[], columns: readonly string[]): string[] {
  const list = columnFor("choices", columns);
  if (list !== undefined && records.some((fields) => choicesIn(fields, [list]) !== null)) return [list];
  return choiceColumns(columns);
}

function examplesIn(records: readonly Fields[], columns: readonly string[]): RecordMapping | null {
  const spans = columns.find((column) => records.some((fields) => isSpans(fields[column])));
  const completion = spans ?? columnFor("completion", columns);
  if (completion === undefined) return null;
  const prompt = askedIn(columns.filter((column) => column !== completion));
  if (prompt.length === 0) return null;
  return {
    kind: "examples",
    form: "chat",
    ...beforeIn(records, columns),
    prompt,
    completion,
    ...labelIn(records, columns),
  };
}

/** The question and its material: a context before it, an input after it. */
function askedIn(columns: readonly string[]): string[] {
  const prompt = columnFor("prompt", columns);
  const before = columnFor("context", columns);
  const after = columnFor("input", columns);
  const found = [before, prompt, after].filter((column): column is string => column !== undefined);
  const text = columnFor("text", columns);
  if (prompt === undefined && before === undefined && after === undefined)
    return text === undefined ? [] : [text];
  return found;
}

function textIn(_: readonly Fields[], columns: readonly string[]): RecordMapping | null {
  const text =
    columnFor("text", columns) ?? (columns.length === 1 ? columnFor("context", columns) : undefined);
  return text === undefined ? null : { kind: "text", text };
}

/**
 * A column that names the source of several rows: its name is known or ends in "id", its values repeat, and none of them ("web", "book")
 * has more rows than can be held out together. The last condition is waived for the beginning of a file that is sorted by the column, since
 * that does not show how many values the file has.
 */
function groupColumn(
  records: readonly Fields[],
  columns: readonly string[],
  isWhole: boolean,
): string | undefined {
  const isGroup = (column: string) => {
    const values = records
      .map((fields) => fields[column])
      .filter((value) => value !== "" && value !== undefined);
    const counts = new Map<unknown, number>();
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    if (counts.size < 2 || counts.size === values.length) return false;
    const isSorted = values.filter((value, i) => value !== values[i - 1]).length === counts.size;
    return Math.max(...counts.values()) <= mostHeldOut(records.length) || (isSorted && !isWhole);
  };
  const named = columnFor("group", columns);
  const candidates = [...(named === undefined ? [] : [named]), ...columns];
  return candidates.find(
    (column) => (column === named || /. id$/.test(foldedName(column))) && isGroup(column),
  );
}
