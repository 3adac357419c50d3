/** The prompts for German passages. */
import type { PromptWords } from "./prompt-words.ts";

const NOT_IN_TEXT = "Das steht nicht im Text.";
const STANDS_ALONE = "Nenne, worum es geht, sodass man die Frage ohne den Text versteht.";

const write: PromptWords["write"] = ({ kind, evidence }) => {
  const sentence = `Satz: „${evidence}“`;
  switch (kind) {
    case "fact":
      return `${sentence}\nSchreibe auf Deutsch eine Frage nach einer Einzelheit dieses Satzes und eine kurze Antwort in Worten des Satzes. ${STANDS_ALONE}`;
    case "definition":
      return `${sentence}\nSchreibe auf Deutsch eine Frage danach, was ein Begriff in diesem Satz ist oder bedeutet, und antworte wie der Satz. ${STANDS_ALONE}`;
    case "comparison":
      return `Sätze: „${evidence}“\nSchreibe auf Deutsch eine Frage danach, worin sich zwei dort genannte Dinge unterscheiden oder gleichen, und antworte wie der Text. ${STANDS_ALONE}`;
    case "yes-no":
      return `${sentence}\nSchreibe auf Deutsch eine Frage, die dieser Satz mit Ja oder Nein beantwortet, die Begründung, wie der Satz sie gibt, und die Antwort. ${STANDS_ALONE}`;
  }
};

const answer: PromptWords["answer"] = (question) =>
  `Frage: ${question}\nAntworte mit wenigen Worten, nur aus dem Text. Wenn der Text sie nicht beantwortet, antworte: ${NOT_IN_TEXT}`;

export const german: PromptWords = {
  notInText: NOT_IN_TEXT,
  yes: "Ja",
  no: "Nein",
  text: (passage) => `Text:\n${passage}`,
  write,
  answer,
  again: (question) =>
    `Welche Worte des Textes beantworten diese Frage? ${question}\nSchreibe nur diese Worte ab.`,
  fromMemory: (question) => `Frage: ${question}\nAntworte mit wenigen Worten.`,
  isAnswered: (question) => `Beantwortet der Text diese Frage? ${question}\nAntworte mit Ja oder Nein.`,
  example: {
    text: "Die Bücherei in der Ulmenstraße verleiht zehn Bücher auf einmal. Eine Ausleihe kann zweimal verlängert werden, wenn niemand das Buch vorgemerkt hat. Eine verspätete Rückgabe kostet 20 Cent am Tag.",
    turns: [
      [
        write({ kind: "fact", evidence: "Eine verspätete Rückgabe kostet 20 Cent am Tag." }),
        '{"question": "Was kostet eine verspätete Rückgabe in der Bücherei in der Ulmenstraße?", "answer": "20 Cent am Tag"}',
      ],
      [answer("Wie oft kann man in der Bücherei in der Ulmenstraße eine Ausleihe verlängern?"), "Zweimal"],
      [answer("Wann öffnet die Bücherei in der Ulmenstraße?"), NOT_IN_TEXT],
    ],
  },
};
