/** Prompts in the language of the passage. All prompts about a passage share a prefix, the examples and the passage, which is read once. */
import { isGerman } from "../../documents/blocks/text-language.ts";
import type { AnswerShape } from "../../../preload/contract/chat/chat.ts";
import type { Message } from "../../../preload/contract/data/data.ts";
import type { AskedSentence } from "./asked-sentences.ts";
import { isAbsence } from "./checks.ts";
import { english } from "./english.ts";
import { german } from "./german.ts";
import type { PromptWords } from "./prompt-words.ts";

/** The prompts in a passage's language: German, or English for all others. */
export function wordsFor(passage: string): PromptWords {
  return isGerman(passage) ? german : english;
}

/** Whether an answer says that the text has no answer, in any of the languages: a person may have written it. */
export function saysNotInText(answer: string): boolean {
  return [english, german].some((words) => isAbsence(answer, words));
}

/** A prompt about a passage. `examples`: begins with an example conversation. */
export function aboutPassage(passage: string, task: string, examples = true): Message[] {
  const words = wordsFor(passage);
  const { text, turns } = words.example;
  const shown = turns.flatMap(([asked, answer]): Message[] => [
    { role: "user", content: `${words.text(text)}\n\n${asked}` },
    { role: "assistant", content: answer },
  ]);
  return [...(examples ? shown : []), { role: "user", content: `${words.text(passage)}\n\n${task}` }];
}

/** The characters of a question after its first word, and the most characters of an answer. */
export const CHARACTERS = { question: { fewest: 10, most: 180 }, answer: 240 };

/** The shape of a written question: it starts with a question word and ends with "?"; with an answer if the model chooses it. */
export function shapeOf(asked: AskedSentence, { asksWhat, asksWhether }: PromptWords): AnswerShape {
  const { fewest, most } = CHARACTERS.question;
  const begins = asked.kind === "yes-no" ? asksWhether : asksWhat;
  const question = { type: "string", pattern: `^(?:${begins}) [^?\\n]{${fewest},${most}}\\?$` };
  const answer = { type: "string", minLength: 1, maxLength: CHARACTERS.answer };
  const isGiven = asked.kind === "yes-no" || (asked.kind === "fact" && asked.answer !== null);
  const properties = isGiven ? { question } : { question, answer };
  const schema = {
    type: "object",
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  };
  return { kind: "json-schema", schema };
}
