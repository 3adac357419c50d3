/** The rows of the sample's field: clauses with questions, in splits that share no clause, no number and no name. */
import { Random } from "../../../../native-models/random.ts";
import type { Example, Question } from "../../../../preload/contract/data/data.ts";
import { chance, pick, shuffled } from "../draw.ts";
import { counted, fill } from "../english.ts";
import { colours, things, towns, weekdays } from "../world.ts";
import { adjectives, besides, openings, parties, topics, type Phrasings, type Topic } from "./topics.ts";

export type DomainSplit = "train" | "valid" | "test";

/** How many rows a split has: yes-or-no questions, and look-ups with a free answer. */
export const rowCounts = {
  train: { questions: 560, lookUps: 160 },
  valid: { questions: 100, lookUps: 0 },
  test: { questions: 300, lookUps: 80 },
} as const;

/** Share of the held-out clauses that are worded as no training clause is. */
const unseenWordingShare = 0.5;
const besideShare = 0.5;
const secondTopicShare = 0.2;
/** Share of the "No" rows whose clause is on the asked matter itself. */
const sameMatterShare = 0.6;

const hired = things
  .filter(({ kind }) => ["tool", "machine", "vehicle", "building", "shelter"].includes(kind))
  .map(({ name }) => name);
const periods = ["day", "week", "month", "year"].flatMap((unit, row) =>
  [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((count) => ({
    text: counted(count, unit),
    number: count + row,
  })),
);
const sums = Array.from({ length: 58 }, (_, index) => ({
  text: counted(index + 2, "mark"),
  number: index + 2,
}));

/** Of every four values in a row, one is for test, one for valid in half of the cases, the rest for training. */
function splitOf(number: number): DomainSplit {
  if (number % 4 === 3) return "test";
  return number % 8 === 1 ? "valid" : "train";
}

function valuesOf(split: DomainSplit) {
  const own = <T>(values: readonly T[], number: (value: T, index: number) => number) =>
    values.filter((value, index) => splitOf(number(value, index)) === split);
  return {
    items: own(hired, (_, index) => index),
    towns: own(towns, (_, index) => index),
    periods: own(periods, ({ number }) => number).map(({ text }) => text),
    sums: own(sums, ({ number }) => number).map(({ text }) => text),
  };
}

interface Clause {
  readonly text: string;
  /** What the slots of the clause were filled with. */
  readonly slots: Readonly<Record<"period" | "sum" | "town" | "day", string>>;
}

function wording(random: Random, phrasings: Phrasings, split: DomainSplit): string {
  return pick(
    random,
    split !== "train" && chance(random, unseenWordingShare) ? phrasings[split] : phrasings.train,
  );
}

/** Values for all slots of clauses, of those that a split may have. */
export function drawSlots(random: Random, split: DomainSplit): Record<string, string> {
  const values = valuesOf(split);
  return {
    ...pick(random, parties),
    item: pick(random, values.items),
    town: pick(random, values.towns),
    period: pick(random, values.periods),
    sum: pick(random, values.sums),
    day: pick(random, weekdays),
    colour: pick(random, colours),
    adjective: pick(random, adjectives),
  };
}

/** A single clause, in a wording and with values that training rows may have. */
export function trainingClause(random: Random, phrasings: Phrasings): string {
  return fill(pick(random, phrasings.train), drawSlots(random, "train"));
}

/** The clause `template`, perhaps next to a sentence of no topic or a clause of `another` topic. */
function clause(random: Random, template: string, another: Topic, split: DomainSplit): Clause {
  const own = drawSlots(random, split);
  const sentences = [fill(pick(random, openings) + template, own)];
  const companion = { ...drawSlots(random, split), owner: own.owner!, hirer: own.hirer!, item: own.item! };
  if (chance(random, secondTopicShare))
    sentences.push(fill(wording(random, chance(random, 0.5) ? another.yes : another.no, split), companion));
  else if (chance(random, besideShare)) sentences.push(fill(wording(random, besides, split), companion));
  const { period, sum, town, day } = own as Clause["slots"];
  return { text: shuffled(random, sentences).join(" "), slots: { period, sum, town, day } };
}

const otherTopic = (random: Random, topic: Topic) =>
  pick(
    random,
    topics.filter((other) => other !== topic),
  );

function yesNoQuestion(random: Random, topic: Topic, isYes: boolean, split: DomainSplit): Question {
  const [another, third] = shuffled(
    random,
    topics.filter((other) => other !== topic),
  ) as [Topic, Topic];
  const template = isYes
    ? wording(random, topic.yes, split)
    : chance(random, sameMatterShare)
      ? wording(random, topic.no, split)
      : wording(random, chance(random, 0.5) ? another.yes : another.no, split);
  const { text } = clause(random, template, third, split);
  return {
    question: `Does this clause ${topic.asks}\nClause: ${text}`,
    choices: ["Yes", "No"],
    answer: isYes ? 0 : 1,
    task: topic.name,
  };
}

function lookUpRow(random: Random, topic: Topic, split: DomainSplit): Example {
  const { text, slots } = clause(random, wording(random, topic.yes, split), otherTopic(random, topic), split);
  const { question, slot } = topic.lookUp!;
  return { prompt: `${question}\nClause: ${text}\nAnswer:`, completion: ` ${slots[slot]}` };
}

export interface DomainRows {
  readonly questions: Question[];
  readonly lookUps: Example[];
}

const clauseOf = (prompt: string) => /\nClause: (.*)/.exec(prompt)![1]!;

/**
 * The rows of every split, each in random order: as many Yes as No for each topic, no row twice, no clause in two splits.
 * A row that would break this is drawn again.
 */
export function domainRows(seed: number): Record<DomainSplit, DomainRows> {
  const prompts = new Set<string>();
  const splitOfClause = new Map<string, DomainSplit>();
  const lookUpTopics = topics.filter(({ lookUp }) => lookUp);

  const rowsOf = (split: DomainSplit): DomainRows => {
    const random = new Random(seed, `domain ${split}`);
    const fresh = <T>(draw: () => T, promptOf: (row: T) => string): T => {
      for (;;) {
        const row = draw();
        const prompt = promptOf(row);
        const clause = clauseOf(prompt);
        if (prompts.has(prompt) || (splitOfClause.get(clause) ?? split) !== split) continue;
        prompts.add(prompt);
        splitOfClause.set(clause, split);
        return row;
      }
    };
    const questions = Array.from({ length: rowCounts[split].questions }, (_, row) => {
      const topic = topics[Math.floor(row / 2) % topics.length]!;
      return fresh(
        () => yesNoQuestion(random, topic, row % 2 === 0, split),
        ({ question }) => question,
      );
    });
    const lookUps = Array.from({ length: rowCounts[split].lookUps }, (_, row) =>
      fresh(
        () => lookUpRow(random, lookUpTopics[row % lookUpTopics.length]!, split),
        ({ prompt }) => prompt,
      ),
    );
    return { questions: shuffled(random, questions), lookUps: shuffled(random, lookUps) };
  };
  return { train: rowsOf("train"), valid: rowsOf("valid"), test: rowsOf("test") };
}
