/** The choices of a question and its right answer, in the various forms that people use. */
import { parsedJson } from "../../../native-models/formats/parsed-json.ts";
import type { AnswerForm } from "../../../preload/contract/data/data.ts";
import { isSpans } from "./answer-spans.ts";
import { foldedName } from "./column-names.ts";
import { isObject } from "../row.ts";
import type { Fields } from "../row.ts";

/** Separators of choices within one cell of a table. */
const LIST_DELIMITERS = ["\n", "|", ";"];

/** The choices of a question. */
export interface OfferedChoices {
  /** Undefined for empty columns. */
  readonly values: readonly unknown[];
  /** What the file calls them, such as A, B and C; null if it does not. */
  readonly labels: readonly string[] | null;
}

/**
 * The choices; null if the single column is not a list. Lists may be JSON, also in a cell; a cell separated by line ends, "|" or
 * ";"; an object of letters or numbers; or any of `LISTS`. If there are several columns, a list in one of them is replaced by its elements.
 */
export function choicesIn(fields: Fields, columns: readonly string[]): OfferedChoices | null {
  if (columns.length > 1)
    return { values: columns.flatMap((column) => spread(fields[column])), labels: null };
  const value = fields[columns[0]!];
  return typeof value === "string" ? listInCell(value) : listOf(value);
}

function spread(value: unknown): unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  const list = typeof value === "string" && /^\s*\[/.test(value) ? (parsedJson(value) ?? [value]) : [value];
  return Array.isArray(list) ? (list as unknown[]) : [value];
}

function listInCell(cell: string): OfferedChoices | null {
  if (/^\s*[[{]/.test(cell)) {
    const list = listOf(parsedJson(cell));
    if (list) return list;
  }
  const delimiter = LIST_DELIMITERS.find((one) => cell.includes(one));
  return delimiter === undefined
    ? null
    : withoutLetters(cell.split(delimiter).map((choice) => choice.trim()));
}

/** Names of a choice's text and of its label in lists of objects, and in objects of lists. */
const TEXTS = ["text", "choices", "value", "content", "choice", "option"];
const LABELS = ["label", "key", "letter", "id"];

/** The forms in which choices come; the first that fits is used. A new form is a new row. */
const LISTS: readonly ((value: object) => OfferedChoices | null)[] = [
  (value) => (Array.isArray(value) ? listOfObjects(value) : null),
  (value) => (Array.isArray(value) ? withoutLetters(value) : null),
  objectOfLists,
  lettered,
];

function listOf(value: unknown): OfferedChoices | null {
  if (typeof value !== "object" || value === null) return null;
  for (const read of LISTS) {
    const found = read(value);
    if (found) return found;
  }
  return null;
}

/** [{"label":"A","text":"one"}, …] */
function listOfObjects(list: readonly unknown[]): OfferedChoices | null {
  if (list.length === 0 || !list.every(isObject)) return null;
  const named = (names: readonly string[]) =>
    names.find((name) => list.every((item) => Object.hasOwn(item, name)));
  const [text, label] = [named(TEXTS), named(LABELS)];
  if (text === undefined) return null;
  return {
    values: list.map((item) => item[text]),
    labels: label === undefined ? null : list.map((item) => String(item[label])),
  };
}

/** {"text":["one", …], "label":["A", …]}, as in ARC. */
function objectOfLists(value: object): OfferedChoices | null {
  if (isSpans(value)) return null; // right answers
  const fields = value as Record<string, unknown>;
  const list = (names: readonly string[]) =>
    names.map((name) => fields[name]).find((one): one is unknown[] => Array.isArray(one));
  const [values, labels] = [list(TEXTS), list(LABELS)];
  if (!values) return null;
  return { values, labels: labels?.length === values.length ? labels.map(String) : null };
}

/** {"A":"one", "B":"two"}, or by numbers from 0 or 1. */
function lettered(value: object): OfferedChoices | null {
  if (Array.isArray(value)) return null;
  const entries = Object.entries(value).sort(([a], [b]) =>
    /^\d+$/.test(a) && /^\d+$/.test(b) ? Number(a) - Number(b) : a < b ? -1 : 1,
  );
  const counts = (name: (i: number) => string) => entries.every(([key], i) => key.toUpperCase() === name(i));
  const isCounted =
    counts((i) => String.fromCharCode(65 + i)) || counts((i) => String(i)) || counts((i) => String(i + 1));
  if (entries.length < 2 || !isCounted) return null;
  return { values: entries.map(([, choice]) => choice), labels: entries.map(([key]) => key) };
}

/** Choices without their letters, if these count up: "A) one", "B) two". */
function withoutLetters(values: readonly unknown[]): OfferedChoices {
  const letter = (value: unknown, i: number) =>
    typeof value === "string" &&
    new RegExp(`^\\(?${String.fromCharCode(65 + i)}[).:]\\s*(?=\\S)`, "i").exec(value);
  const found = values.map(letter);
  const isLettered = values.length > 1 && values.length <= 26 && found.every(Boolean);
  return {
    values: isLettered
      ? values.map((value, i) => (value as string).slice((found[i] as RegExpExecArray)[0].length))
      : values,
    labels: null,
  };
}

/** The 0-based index of the right choice; null if `answer` names none in this form. */
export function answerIndex(
  answer: unknown,
  form: AnswerForm,
  { values, labels }: OfferedChoices,
  columns: readonly string[],
): number | null {
  const text = typeof answer === "string" || typeof answer === "number" ? String(answer).trim() : "";
  const index = ((): number => {
    switch (form) {
      case "text":
        return typeof answer === "string" || typeof answer === "number" ? indexOfText(text, values) : -1;
      case "letter": {
        if (labels?.includes(text)) return labels.indexOf(text);
        const letter = /^\(?([A-Za-z])(?:[).:].*)?$/s.exec(text)?.[1];
        if (letter !== undefined) return letter.toUpperCase().charCodeAt(0) - 65;
        return columns.length > 1 ? columns.findIndex((name) => foldedName(name) === foldedName(text)) : -1;
      }
      case "number-from-0":
      case "number-from-1":
        return /^\d{1,2}(\.0)?$/.test(text) ? Number(text) - (form === "number-from-0" ? 0 : 1) : -1;
    }
  })();
  return index >= 0 && index < values.length ? index : null;
}

function indexOfText(text: string, choices: readonly unknown[]): number {
  const texts = choices.map((choice) =>
    typeof choice === "string" || typeof choice === "number" ? String(choice).trim() : "",
  );
  const exact = texts.indexOf(text);
  if (exact >= 0 || text === "") return text === "" ? -1 : exact;
  return texts.findIndex((choice) => choice.toLowerCase() === text.toLowerCase());
}

/** This many answers without a 0 indicate counting from 1: with four choices, one in 300 files counted from 0 would have none. */
const TELLING_ANSWERS = 20;

/** The questions of records that name an answer. */
class Asked {
  readonly #columns: readonly string[];
  readonly #rows: readonly { readonly choices: OfferedChoices; readonly answer: unknown }[];

  constructor(records: readonly Fields[], columns: readonly string[], answerColumn: string) {
    this.#columns = columns;
    this.#rows = records.flatMap((fields) => {
      const [choices, answer] = [choicesIn(fields, columns), fields[answerColumn]];
      return choices === null || answer === null || answer === undefined || answer === ""
        ? []
        : [{ choices, answer }];
    });
  }

  get count(): number {
    return this.#rows.length;
  }

  /** How many answers name a choice in that form. */
  fitting(form: AnswerForm): number {
    const fits = ({ choices, answer }: { choices: OfferedChoices; answer: unknown }) =>
      answerIndex(answer, form, choices, this.#columns) !== null;
    return this.#rows.filter(fits).length;
  }

  /** Whether an answer is 0. */
  get hasZero(): boolean {
    return this.#rows.some(
      ({ answer }) => answer === 0 || (typeof answer === "string" && answer.trim() === "0"),
    );
  }

  /** Whether answers are certainly counted from 1: some are the number of choices, and none is 0. */
  get isFromOne(): boolean {
    return !this.hasZero && this.fitting("number-from-1") > this.fitting("number-from-0");
  }
}

/** Whether the right answers of records are certainly counted from 1: some are the number of choices, and none is 0. */
export function isNumberedFromOne(
  records: readonly Fields[],
  columns: readonly string[],
  answerColumn: string,
): boolean {
  return new Asked(records, columns, answerColumn).isFromOne;
}

/** The form of most answers; null if fewer than half of them fit any form. */
export function answerFormOf(
  records: readonly Fields[],
  columns: readonly string[],
  answerColumn: string,
): AnswerForm | null {
  const asked = new Asked(records, columns, answerColumn);
  const isFromOne = asked.isFromOne || (!asked.hasZero && asked.count >= TELLING_ANSWERS);
  const [best] = (["text", "letter", isFromOne ? "number-from-1" : "number-from-0"] as const)
    .map((form) => ({ form, rows: asked.fitting(form) }))
    .sort((a, b) => b.rows - a.rows);
  return best && best.rows > 0 && best.rows >= asked.count / 2 ? best.form : null;
}
