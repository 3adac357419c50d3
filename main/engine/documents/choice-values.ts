/** The choices of a question and its right answer, in the various forms that people use. */
import type { AnswerForm } from "../../../preload/contract/data.ts";
import { foldedName } from "./column-names.ts";
import type { Fields } from "./row.ts";

/** Separators of choices within one cell of a table. */
const LIST_DELIMITERS = ["\n", "|", ";"];

/**
 * The values of the choices, undefined for empty columns; null if the single column is not a list. Lists may be JSON, also in a
 * cell; a cell separated by line ends, "|" or ";"; an object of letters; or an object with the list as its `text`.
 */
export function choicesIn(fields: Fields, columns: readonly string[]): unknown[] | null {
  if (columns.length > 1) return columns.map((column) => fields[column]);
  const value = fields[columns[0]!];
  return typeof value === "string" ? listInCell(value) : listOf(value);
}

function listInCell(cell: string): unknown[] | null {
  if (/^\s*[[{]/.test(cell)) {
    try {
      return listOf(JSON.parse(cell));
    } catch {
      // It only looks like JSON.
    }
  }
  const delimiter = LIST_DELIMITERS.find((one) => cell.includes(one));
  return delimiter === undefined ? null : cell.split(delimiter).map((choice) => choice.trim());
}

function listOf(value: unknown): unknown[] | null {
  if (Array.isArray(value)) return value;
  if (typeof value !== "object" || value === null) return null;
  const { text } = value as { text?: unknown };
  if (Array.isArray(text)) return text;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  const lettered = entries.length > 1 && entries.every(([key], i) => key === String.fromCharCode(65 + i));
  return lettered ? entries.map(([, choice]) => choice) : null;
}

/** The 0-based index of the right choice; null if `answer` names none in this form. */
export function answerIndex(
  answer: unknown,
  form: AnswerForm,
  choices: readonly unknown[],
  columns: readonly string[],
): number | null {
  const text = typeof answer === "string" || typeof answer === "number" ? String(answer).trim() : "";
  const index = ((): number => {
    switch (form) {
      case "text":
        return typeof answer === "string" ? indexOfText(text, choices) : -1;
      case "letter": {
        const letter = /^\(?([A-Za-z])[).:]?$/.exec(text)?.[1];
        if (letter !== undefined) return letter.toUpperCase().charCodeAt(0) - 65;
        return columns.length > 1 ? columns.findIndex((name) => foldedName(name) === foldedName(text)) : -1;
      }
      case "number-from-0":
      case "number-from-1":
        return /^\d{1,2}$/.test(text) ? Number(text) - (form === "number-from-0" ? 0 : 1) : -1;
    }
  })();
  return index >= 0 && index < choices.length ? index : null;
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

/** The form of most answers; null if fewer than half of them fit any form. */
export function answerFormOf(
  records: readonly Fields[],
  columns: readonly string[],
  answerColumn: string,
): AnswerForm | null {
  const asked = records.flatMap((fields) => {
    const [choices, answer] = [choicesIn(fields, columns), fields[answerColumn]];
    return choices === null || answer === null || answer === undefined || answer === ""
      ? []
      : [{ choices, answer }];
  });
  const fitting = (form: AnswerForm) =>
    asked.filter(({ choices, answer }) => answerIndex(answer, form, choices, columns) !== null).length;
  const zeros = asked.some(
    ({ answer }) => answer === 0 || (typeof answer === "string" && answer.trim() === "0"),
  );
  const fromOne = fitting("number-from-1") > fitting("number-from-0");
  const numbers = !zeros && (fromOne || asked.length >= TELLING_ANSWERS) ? "number-from-1" : "number-from-0";
  const [best] = (["text", "letter", numbers] as const)
    .map((form) => ({ form, rows: fitting(form) }))
    .sort((a, b) => b.rows - a.rows);
  return best && best.rows > 0 && best.rows >= asked.length / 2 ? best.form : null;
}
