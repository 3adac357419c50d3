/** The prompts for English passages. */
import type { PromptWords } from "./prompt-words.ts";

const NOT_IN_TEXT = "The text does not say.";
const STANDS_ALONE = "Name what the question is about, so that it is understood without the text.";

const write: PromptWords["write"] = ({ kind, evidence }) => {
  const sentence = `Sentence: "${evidence}"`;
  switch (kind) {
    case "fact":
      return `${sentence}\nWrite a question about one detail of this sentence, and a short answer in words of the sentence. ${STANDS_ALONE}`;
    case "definition":
      return `${sentence}\nWrite a question that asks what a term in this sentence is or means, and answer it as the sentence does. ${STANDS_ALONE}`;
    case "comparison":
      return `Sentences: "${evidence}"\nWrite a question that asks how two things named there differ or compare, and answer it as the text does. ${STANDS_ALONE}`;
    case "yes-no":
      return `${sentence}\nWrite a question that this sentence answers with yes or no, the reason as the sentence gives it, and the answer. ${STANDS_ALONE}`;
  }
};

const answer: PromptWords["answer"] = (question) =>
  `Question: ${question}\nAnswer in a few words, from the text alone. If the text does not answer it, reply: ${NOT_IN_TEXT}`;

export const english: PromptWords = {
  notInText: NOT_IN_TEXT,
  yes: "Yes",
  no: "No",
  text: (passage) => `Text:\n${passage}`,
  write,
  answer,
  again: (question) => `Which words of the text answer this question? ${question}\nCopy only these words.`,
  fromMemory: (question) => `Question: ${question}\nAnswer in a few words.`,
  isAnswered: (question) => `Does the text answer this question? ${question}\nReply with Yes or No.`,
  example: {
    text: "The library in Elm Street lends ten books at a time. A loan can be extended twice unless another reader has reserved the book. A late return costs 20 cents a day.",
    turns: [
      [
        write({ kind: "fact", evidence: "A late return costs 20 cents a day." }),
        '{"question": "How much does a late return cost at the library in Elm Street?", "answer": "20 cents a day"}',
      ],
      [answer("How often can a loan be extended at the library in Elm Street?"), "Twice"],
      [answer("When does the library in Elm Street open?"), NOT_IN_TEXT],
    ],
  },
};
