/** The prompts for English passages. */
import { NOT_IN_TEXT } from "../../documents/records/not-in-text.ts";
import { asksForYes } from "./asked-sentences.ts";
import type { PromptWords } from "./prompt-words.ts";

const STANDS_ALONE = "Name what the question is about, so that it is understood without the text.";

const write: PromptWords["write"] = (asked) => {
  const sentence = `Sentence: "${asked.evidence}"`;
  switch (asked.kind) {
    case "fact":
      if (asked.answer !== null)
        return `${sentence}\nAnswer: ${asked.answer}\nWrite the question that the sentence answers with exactly these words. ${STANDS_ALONE}`;
      return `${sentence}\nWrite a question about one detail of this sentence, and a short answer in words of the sentence. ${STANDS_ALONE}`;
    case "definition":
      return `${sentence}\nWrite a question that asks what a term in this sentence is or means, and answer it as the sentence does. ${STANDS_ALONE}`;
    case "comparison":
      return `Sentences: "${asked.evidence}"\nWrite a question that asks how two things named there differ or compare, and answer it as the text does. ${STANDS_ALONE}`;
    case "yes-no":
      return `${sentence}\nWrite a question whose answer is ${asksForYes(asked) ? "yes" : "no"} because of this sentence${asked.amount === null ? "" : `, with the words "${asked.amount}" in it`}. ${STANDS_ALONE}`;
  }
};

const answer: PromptWords["answer"] = (question) =>
  `Question: ${question}\nAnswer in a few words, from the text alone. If the text does not answer it, reply: ${NOT_IN_TEXT.en}`;

export const english: PromptWords = {
  notInText: NOT_IN_TEXT.en,
  yes: "Yes",
  no: "No",
  asksWhat: "What|Which|Who|Whose|Whom|When|Where|Why|How|In which|By when|To whom|Under what|For how",
  asksWhether: "Is|Are|Was|Were|Does|Do|Did|Can|Could|May|Must|Will|Would|Should|Has|Have",
  text: (passage) => `Text:\n${passage}`,
  write,
  answer,
  find: (question) =>
    `Which sentence of the text answers this question? ${question}\nCopy only that sentence.`,
  fromMemory: (question) => `Question: ${question}\nAnswer in a few words.`,
  isAnswered: (question) => `Does the text answer this question? ${question}\nReply with Yes or No.`,
  example: {
    text: "The library in Elm Street lends ten books at a time. A loan can be extended twice unless another reader has reserved the book. A late return costs 20 cents a day.",
    places: ["Elm Street", "library"],
    turns: [
      [
        write({ kind: "fact", evidence: "A late return costs 20 cents a day.", answer: "20 cents a day" }),
        '{"question": "How much does a late return to the library in Elm Street cost?"}',
      ],
      [
        write({
          kind: "yes-no",
          evidence: "The library in Elm Street lends ten books at a time.",
          amount: "ten books",
          isYes: true,
        }),
        '{"question": "Can a reader borrow ten books at a time from the library in Elm Street?"}',
      ],
      [answer("How often can a loan be extended at the library in Elm Street?"), "Twice"],
      [answer("When does the library in Elm Street open?"), NOT_IN_TEXT.en],
    ],
  },
};
