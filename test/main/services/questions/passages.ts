/** Passages of our own, and a model that answers by rules. */
import type { Checks } from "../../../../main/services/questions/checks.ts";
import type { StoredPassage } from "../../../../preload/contract/questions/written-questions.ts";
import type {
  AskModel,
  ModelPrompt,
  PassageToWriteFrom,
} from "../../../../main/services/questions/writing-from-passages.ts";

/** What is left to doubt of a question: nothing. */
export const agreed: Checks = { supported: 1, first: 1, second: 1, known: 0, refers: 0, covered: 1 };

const THINGS = ["ladder", "cart", "drum", "press", "boat", "lamp", "bell", "plough", "anvil", "barrow"];

/** Up to forty terms of hire, each a passage with a fact, a definition and a comparison of its own. */
export function hirePassage(index: number): string {
  const thing =
    THINGS[index % THINGS.length]! + ["", "let", "house", "wright"][Math.floor(index / THINGS.length)]!;
  return [
    `The ${thing} of the Harbour Yard is hired for ${index + 3} days at most.`,
    `A ${thing} keeper means the person who signs the ${thing} hire form.`,
    `Hiring the ${thing} at weekends costs more than hiring it on weekdays.`,
    `The keeper returns the ${thing} clean and dry to the northern gate.`,
  ].join(" ");
}

export function storedPassages(count: number): StoredPassage[] {
  return Array.from({ length: count }, (_, index) => ({
    passage: hirePassage(index),
    document: `hire ${index}.txt`,
    place: 1,
    split: (["train", "train", "valid", "test"] as const)[index % 4]!,
  }));
}

export const toWriteFrom = (count: number): PassageToWriteFrom[] =>
  storedPassages(count).map((passage, index) => ({ ...passage, id: index + 1 }));

/** What was asked last, after the passage, and the passage itself. */
function taskOf({ messages }: ModelPrompt): { passage: string; task: string } {
  const content = messages.at(-1)!.content;
  const [passage = "", ...rest] = content.split("\n\n");
  return rest.length === 0 ? { passage: "", task: content } : { passage, task: rest.join("\n\n") };
}

export interface ModelRules {
  write?: (task: string, passage: string) => string;
  answer?: (task: string, passage: string) => string;
}

/** A careful model: it asks in words of the sentence, and answers with the sentence that has most words of the question. */
export function ruledModel(rules: ModelRules = {}): AskModel & { prompts: ModelPrompt[] } {
  const { write = carefulQuestion, answer = carefulAnswer } = rules;
  const prompts: ModelPrompt[] = [];
  const ask: AskModel = (asked) => {
    prompts.push(...asked);
    return Promise.resolve(
      asked.map((prompt) => {
        const { passage, task } = taskOf(prompt);
        const text = prompt.shape?.kind === "json-schema" ? write(task, passage) : answer(task, passage);
        return { text: chosen(prompt, text), isCutOff: false };
      }),
    );
  };
  return Object.assign(ask, { prompts });
}

function chosen({ shape }: ModelPrompt, text: string): string {
  if (shape?.kind !== "choices" || shape.choices.includes(text)) return text;
  return shape.choices[/does not say/.test(text) ? shape.choices.length - 1 : 0]!;
}

function carefulQuestion(task: string): string {
  const sentence = /Sentences?: "(.*)"/.exec(task)![1]!;
  const given = /^Answer: (.*)$/m.exec(task)?.[1];
  const subject = sentence.replace(/\.$/, "").replace(given ?? "\0", "how long");
  if (given !== undefined) return JSON.stringify({ question: `What holds when ${subject}?` });
  if (/is (?:yes|no) because/.test(task)) return JSON.stringify({ question: `Is it so that ${subject}?` });
  const words = subject.split(" ");
  return JSON.stringify({
    question: `What is said of ${words.slice(0, 4).join(" ")}?`,
    answer: words.slice(4).join(" "),
  });
}

function carefulAnswer(task: string, passage: string): string {
  if (passage === "") return "I do not know";
  const words = new Set(task.toLowerCase().match(/\p{L}{4,}/gu));
  const weight = (sentence: string) =>
    (sentence.toLowerCase().match(/\p{L}{4,}/gu) ?? []).filter((word) => words.has(word)).length;
  const sentences = passage.replace(/^Text:\n/, "").split(/(?<=\.) /);
  return [...sentences].sort((a, b) => weight(b) - weight(a))[0]!;
}
