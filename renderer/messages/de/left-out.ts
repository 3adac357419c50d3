import type { LeftOutReason, NotRead, RowPart } from "../../../preload/contract/failures/left-out.ts";
import { listText, numberText } from "../figures.ts";

const answerForms = {
  text: "nicht der Text einer Auswahlmöglichkeit",
  letter: "nicht der Buchstabe einer Auswahlmöglichkeit",
  "number-from-0": "nicht die Nummer einer Auswahlmöglichkeit (ab 0)",
  "number-from-1": "nicht die Nummer einer Auswahlmöglichkeit (ab 1)",
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
      return `${partText(reason)} enthält ein unvollständiges Zeichen (ein einzelnes Surrogat)`;
    case "choices-no-list":
      return "die Auswahlmöglichkeiten sind keine Liste";
    case "answer-choice-empty":
      return "die Antwort verweist auf eine leere Auswahlmöglichkeit";
    case "right-choice-twice":
      return "die richtige Auswahlmöglichkeit kommt zweimal vor";
    case "too-few-choices":
      return "weniger als 2 Auswahlmöglichkeiten";
    case "too-many-choices":
      return "mehr als 26 Auswahlmöglichkeiten";
    case "no-answer":
      return "eine Frage ohne Antwort";
    case "answer-out-of-range":
      return `die Antwort ist ${numberText(reason.answer)}, aber die ${numberText(reason.choices)} Auswahlmöglichkeiten haben die Nummern 0 bis ${numberText(reason.choices - 1)}`;
    case "answer-form":
      return `die Antwort ist ${answerForms[reason.form]}`;
    case "history-no-pairs":
      return "der Verlauf ist keine Liste von Fragen mit Antworten";
    case "messages-no-list":
      return "die Nachrichten sind keine Liste";
    case "no-assistant":
      return "keine Nachricht des Assistenten, aus der das Modell lernen könnte";
    case "no-learnt-answer":
      return "keine Antwort zu lernen: alle haben das Gewicht 0";
    case "bad-answer":
      return "die Antwort ist als schlecht gekennzeichnet";
    case "assistant-first":
      return "vor der einzigen Nachricht des Assistenten steht nichts";
    case "unknown-role":
      return `die Rolle der Nachricht ${numberText(reason.number)} ist unbekannt; bekannt sind system, user und assistant`;
    case "tool-message":
      return `ein Werkzeugaufruf oder sein Ergebnis vor der ersten Antwort (Nachricht ${numberText(reason.number)}), was nicht gelernt wird`;
    case "empty-assistant":
      return `die Antwort des Assistenten ist leer (Nachricht ${numberText(reason.number)})`;
    case "field-count":
      return `${numberText(reason.fields)} Felder, die erste Zeile hat aber ${numberText(reason.expected)}`;
    case "not-an-object":
      return "kein JSON-Objekt";
    case "no-choices-and-answer":
      return "eine Frage ohne Auswahlmöglichkeiten und Antwort";
    case "no-question":
      return "Auswahlmöglichkeiten ohne Frage";
    case "no-completion":
      return "„Frage oder Prompt“ ohne „Antwort“";
    case "no-prompt":
      return "„Antwort“ ohne „Frage oder Prompt“";
    case "empty-object":
      return "ein leeres Objekt";
    case "unknown-columns":
      return `unbekannte Spalten (${listText(reason.columns.map((name) => `„${name}“`))}${reason.more ? " …" : ""})`;
    case "other":
      return "aus anderen Gründen nicht verwendbar";
    default:
      return reason satisfies never;
  }
}

function partText({ part, number }: RowPart): string {
  const counted = number === undefined ? "" : ` ${numberText(number)}`;
  return {
    prompt: "„Frage oder Prompt“",
    completion: "„Antwort“",
    system: "die Anweisung",
    question: "die Frage",
    text: "der Text",
    choice: `die Auswahlmöglichkeit${counted}`,
    message: `der Inhalt der Nachricht${counted}`,
  }[part];
}

/** Why a file is not read; empty where its format says it. */
export const whyNotRead: Record<NotRead["why"], string> = {
  "other-file": "",
  archive: "in zu vielen Archiven",
  unreadable: "nicht lesbar",
  encrypted: "durch ein Passwort geschützt",
  link: "eine Verknüpfung",
  outside: "der Name führt aus dem Archiv hinaus",
  duplicate: "eine zweite Datei dieses Namens",
  "too-large": "entpackt zu groß",
  "too-deep": "in zu vielen Ordnern",
  "no-text": "darin wurde kein Text gefunden",
  "saved-page": "Teil einer gespeicherten Seite",
  excluded: "von Ihnen weggelassen",
};
