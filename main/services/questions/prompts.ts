/** What a model is asked, in the language of the passage. Every prompt begins with the same examples and the passage, which are read once. */
import { isGerman } from "../../engine/documents/cloze/terms.ts";
import type { Shape } from "../../../preload/contract/chat.ts";
import type { Message } from "../../../preload/contract/data.ts";
import type { AskedSentence } from "./asked-sentences.ts";
import { english } from "./english.ts";
import { german } from "./german.ts";
import type { PromptWords } from "./prompt-words.ts";

/** The words of a passage's language: German or, for all others, English. */
export function wordsFor(passage: string): PromptWords {
  return isGerman(passage) ? german : english;
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

/** The form of a written question: yes or no comes after its reason. */
export function shapeOf(kind: AskedSentence["kind"], { yes, no }: PromptWords): Shape {
  const text = { type: "string", minLength: 1 };
  const properties =
    kind === "yes-no"
      ? { question: text, reason: text, answer: { enum: [yes, no] } }
      : { question: text, answer: text };
  const schema = {
    type: "object",
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  };
  return { kind: "json-schema", schema };
}
