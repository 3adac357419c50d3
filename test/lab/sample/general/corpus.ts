/** The general text that the sample model is trained from scratch on, and the questions that measure how much of it is kept. */
import { Random } from "../../../../native-models/random.ts";
import type { Example, Question } from "../../../../preload/contract/data/data.ts";
import { chance, pick, pickSome, shuffled } from "../draw.ts";
import { agreement, hireStory, wordMeaning } from "./hiring.ts";
import { comparison, orderOfTime, purchase, sumStory } from "./order.ts";
import type { Passage, TextQuestion } from "./passage.ts";
import { describePerson } from "./people.ts";
import { letter, story } from "./stories.ts";
import { describeAnimal, describeRoom, describeThing } from "./things.ts";

type Make = (random: Random) => Passage;

/** Each kind of text as often as its share of the corpus. */
const everyday: readonly Make[] = [
  ...Array<Make>(4).fill(describePerson),
  ...Array<Make>(4).fill(story),
  ...Array<Make>(2).fill(describeRoom),
  ...Array<Make>(2).fill(describeThing),
  describeAnimal,
  ...Array<Make>(2).fill(letter),
  ...Array<Make>(2).fill(sumStory),
  ...Array<Make>(2).fill(purchase),
  ...Array<Make>(2).fill(comparison),
  orderOfTime,
];
const hiring: readonly Make[] = [
  ...Array<Make>(7).fill(hireStory),
  ...Array<Make>(2).fill(agreement),
  ...Array<Make>(2).fill(wordMeaning),
];
const all = [...everyday, ...hiring];

/** Share of the documents that are only text; the others continue with questions. */
const plainShare = 0.2;

const document = (text: string): Example => ({ prompt: "", completion: text });

/** A question to the chat template's user, as tokenizer-files.ts has it. */
const chat = (content: string, answer: string): Example => ({
  prompt: `<|user|>${content}\n<|assistant|>Answer:`,
  completion: ` ${answer}`,
  special: true,
});

function withQuestions(random: Random, text: string, questions: readonly TextQuestion[]): Example {
  const { question, answer } = questions[0]!;
  return pick(random, [
    () =>
      document(
        [text, ...questions.map((asked) => `Question: ${asked.question}\nAnswer: ${asked.answer}`)].join(
          "\n",
        ),
      ),
    () => document(`${question}\nText: ${text}\nAnswer: ${answer}`),
    () => document(`${question}\nText: ${text}\nAnswer: ${answer}`),
    () => chat(`${question}\nText: ${text}`, answer),
    () => chat(`${text}\nQuestion: ${question}`, answer),
  ])();
}

/** `count` documents of general text; `label` distinguishes streams (train, valid). */
export function generalDocuments(count: number, seed: number, label: string): Example[] {
  const random = new Random(seed, `general ${label}`);
  return Array.from({ length: count }, () => {
    const { text, questions } = pick(random, all)(random);
    return questions.length === 0 || chance(random, plainShare)
      ? document(text)
      : withQuestions(random, text, shuffled(random, questions));
  });
}

/** `count` different multiple-choice questions on everyday texts, with two to four choices. */
export function everydayQuestions(count: number, seed: number): Question[] {
  const random = new Random(seed, "everyday questions");
  const questions = new Map<string, Question>();
  while (questions.size < count) {
    const { text, questions: asked } = pick(random, everyday)(random);
    const { question, answer, wrong } = pick(random, asked);
    const choices = shuffled(random, [answer, ...pickSome(random, [...new Set(wrong)], 3)]);
    const prompt = `${text}\nQuestion: ${question}`;
    questions.set(prompt, { question: prompt, choices, answer: choices.indexOf(answer), task: "everyday" });
  }
  return [...questions.values()];
}
