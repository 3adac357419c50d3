/** The prompts for German passages. */
import { NOT_IN_TEXT } from "../../documents/records/not-in-text.ts";
import { asksForYes } from "./asked-sentences.ts";
import type { PromptWords } from "./prompt-words.ts";

const STANDS_ALONE = "Nenne, worum es geht, sodass man die Frage ohne den Text versteht.";

const write: PromptWords["write"] = (asked) => {
  const sentence = `Satz: „${asked.evidence}“`;
  switch (asked.kind) {
    case "fact":
      if (asked.answer !== null)
        return `${sentence}\nAntwort: ${asked.answer}\nSchreibe auf Deutsch die Frage, die der Satz mit genau diesen Worten beantwortet. ${STANDS_ALONE}`;
      return `${sentence}\nSchreibe auf Deutsch eine Frage nach einer Einzelheit dieses Satzes und eine kurze Antwort in Worten des Satzes. ${STANDS_ALONE}`;
    case "definition":
      return `${sentence}\nSchreibe auf Deutsch eine Frage danach, was ein Begriff in diesem Satz ist oder bedeutet, und antworte wie der Satz. ${STANDS_ALONE}`;
    case "comparison":
      return `Sätze: „${asked.evidence}“\nSchreibe auf Deutsch eine Frage danach, worin sich zwei dort genannte Dinge unterscheiden oder gleichen, und antworte wie der Text. ${STANDS_ALONE}`;
    case "yes-no":
      return `${sentence}\nSchreibe auf Deutsch eine Frage, deren Antwort wegen dieses Satzes ${asksForYes(asked) ? "Ja" : "Nein"} ist${asked.amount === null ? "" : ` und in der die Wörter „${asked.amount}“ stehen`}. ${STANDS_ALONE}`;
  }
};

const answer: PromptWords["answer"] = (question) =>
  `Frage: ${question}\nAntworte mit wenigen Worten, nur aus dem Text. Wenn der Text sie nicht beantwortet, antworte: ${NOT_IN_TEXT.de}`;

export const german: PromptWords = {
  notInText: NOT_IN_TEXT.de,
  yes: "Ja",
  no: "Nein",
  asksWhat:
    "Was|Wer|Wem|Wen|Wessen|Wann|Wo|Woran|Wodurch|Wofür|Womit|Wovon|Wozu|Worin|Warum|Weshalb|Wie|Welche[mnrs]?|Bis wann|Ab wann|Für wen|In welche[mnr]|Unter welche[nr]",
  asksWhether:
    "Ist|Sind|War|Waren|Kann|Können|Darf|Dürfen|Muss|Müssen|Soll|Sollen|Hat|Haben|Wird|Werden|Gilt|Gelten|Gibt|Braucht|Gehört|Besteht",
  text: (passage) => `Text:\n${passage}`,
  write,
  answer,
  find: (question) =>
    `Welcher Satz des Textes beantwortet diese Frage? ${question}\nSchreibe nur diesen Satz ab.`,
  fromMemory: (question) => `Frage: ${question}\nAntworte mit wenigen Worten.`,
  isAnswered: (question) => `Beantwortet der Text diese Frage? ${question}\nAntworte mit Ja oder Nein.`,
  example: {
    text: "Die Bücherei in der Ulmenstraße verleiht zehn Bücher auf einmal. Eine Ausleihe kann zweimal verlängert werden, wenn niemand das Buch vorgemerkt hat. Eine verspätete Rückgabe kostet 20 Cent am Tag.",
    places: ["Ulmenstraße", "Bücherei"],
    turns: [
      [
        write({
          kind: "fact",
          evidence: "Eine verspätete Rückgabe kostet 20 Cent am Tag.",
          answer: "20 Cent am Tag",
        }),
        '{"question": "Was kostet eine verspätete Rückgabe in der Bücherei in der Ulmenstraße?"}',
      ],
      [
        write({
          kind: "yes-no",
          evidence: "Die Bücherei in der Ulmenstraße verleiht zehn Bücher auf einmal.",
          amount: "zehn Bücher",
          isYes: true,
        }),
        '{"question": "Kann man in der Bücherei in der Ulmenstraße zehn Bücher auf einmal ausleihen?"}',
      ],
      [answer("Wie oft kann man in der Bücherei in der Ulmenstraße eine Ausleihe verlängern?"), "Zweimal"],
      [answer("Wann öffnet die Bücherei in der Ulmenstraße?"), NOT_IN_TEXT.de],
    ],
  },
};
