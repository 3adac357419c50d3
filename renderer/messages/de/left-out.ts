import type { LeftOutReason, RowPart } from "../../../preload/contract/left-out.ts";
import { listText, numberText } from "../figures.ts";

const answerForms = {
  text: "nicht der Text einer ihrer Möglichkeiten",
  letter: "nicht der Buchstabe einer Möglichkeit",
  "number-from-0": "nicht die Nummer einer Möglichkeit, ab 0 gezählt",
  "number-from-1": "nicht die Nummer einer Möglichkeit, ab 1 gezählt",
};

/** Why rows cannot be used, as what goes on after a colon. */
export function leftOutText(reason: LeftOutReason): string {
  switch (reason.code) {
    case "empty":
      return `${partText(reason)} ist leer`;
    case "not-text":
      return `${partText(reason)} ist kein Text`;
    case "nul-character":
      return `${partText(reason)} enthält ein NUL-Zeichen`;
    case "half-character":
      return `${partText(reason)} enthält ein halbes Zeichen (ein einzelnes Surrogat)`;
    case "choices-no-list":
      return "die Möglichkeiten sind keine Liste";
    case "answer-choice-empty":
      return "die Antwort nennt eine leere Möglichkeit";
    case "right-choice-twice":
      return "die richtige Möglichkeit steht zweimal da";
    case "too-few-choices":
      return "weniger als 2 Möglichkeiten";
    case "too-many-choices":
      return "mehr als 26 Möglichkeiten";
    case "no-answer":
      return "eine Frage ohne ihre Antwort";
    case "answer-out-of-range":
      return `die Antwort ist ${numberText(reason.answer)}, doch die ${numberText(reason.choices)} Möglichkeiten zählen von 0 bis ${numberText(reason.choices - 1)}`;
    case "answer-form":
      return `die Antwort ist ${answerForms[reason.form]}`;
    case "messages-no-list":
      return "die Nachrichten sind keine Liste";
    case "no-assistant":
      return "keine Nachricht des Assistenten, von der sich lernen ließe";
    case "assistant-first":
      return "vor der Nachricht des Assistenten steht nichts";
    case "unknown-role":
      return `die Rolle der Nachricht ${numberText(reason.number)} ist unbekannt; bekannt sind system, user und assistant`;
    case "empty-assistant":
      return `die Antwort des Assistenten ist leer (Nachricht ${numberText(reason.number)})`;
    case "field-count":
      return `${numberText(reason.fields)} Felder, wo die erste Zeile ${numberText(reason.expected)} hat`;
    case "not-an-object":
      return "kein JSON-Objekt";
    case "no-choices-and-answer":
      return "eine Frage ohne Möglichkeiten und Antwort";
    case "no-question":
      return "Möglichkeiten ohne eine Frage";
    case "no-completion":
      return "„Frage oder Anfang“ ohne „Antwort“";
    case "no-prompt":
      return "„Antwort“ ohne „Frage oder Anfang“";
    case "empty-object":
      return "ein leeres Objekt";
    case "unknown-columns":
      return `unbekannte Spalten (${listText(reason.columns.map((name) => `„${name}“`))}${reason.more ? " …" : ""})`;
    case "other":
      return "aus anderen Gründen nicht zu verwenden";
    default:
      return reason satisfies never;
  }
}

function partText({ part, number }: RowPart): string {
  const counted = number === undefined ? "" : ` ${numberText(number)}`;
  return {
    prompt: "„Frage oder Anfang“",
    completion: "„Antwort“",
    system: "die Anweisung",
    question: "die Frage",
    text: "der Text",
    choice: `die Möglichkeit${counted}`,
    message: `der Inhalt der Nachricht${counted}`,
  }[part];
}
