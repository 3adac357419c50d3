/** Hiring and lending in everyday life: the vocabulary of agreements, without questions about clauses. */
import type { Random } from "../../../../native-models/random.ts";
import { chance, pick, pickSome } from "../draw.ts";
import { counted, fill, sentenceCase, withArticle } from "../english.ts";
import { colours, people, things, towns, weekdays } from "../world.ts";
import { trainingClause } from "../domain/rows.ts";
import { topics } from "../domain/topics.ts";
import { others, yesOrNo, type Passage } from "./passage.ts";

/** Pairs of a word and its meaning. */
const meanings: readonly { word: string; meaning: string }[] = [
  { word: "a deposit", meaning: "money that is left as security and given back at the end" },
  { word: "security", meaning: "money or goods held until a thing is returned" },
  { word: "notice", meaning: "a warning that something will end" },
  { word: "an agreement", meaning: "a promise between two parties" },
  { word: "a party", meaning: "one of the people who sign an agreement" },
  { word: "a clause", meaning: "one part of an agreement" },
  { word: "a term", meaning: "the time that an agreement lasts, or one of its rules" },
  { word: "a policy", meaning: "a paper that says what is insured" },
  { word: "insurance", meaning: "cover against fire, theft and harm" },
  { word: "cover", meaning: "what insurance gives" },
  { word: "liability", meaning: "having to pay for damage or loss" },
  { word: "a claim", meaning: "asking for money that is owed" },
  { word: "a fee", meaning: "money that is charged for something" },
  { word: "a delay", meaning: "coming late" },
  { word: "an inspection", meaning: "a look at a thing to see whether it is in good order" },
  { word: "a third party", meaning: "someone else, who has not signed" },
  { word: "a dispute", meaning: "a quarrel that a judge may settle" },
  { word: "law", meaning: "the rules that a judge uses" },
  { word: "a secret", meaning: "something that may not be told to others" },
  { word: "the hirer", meaning: "the one who hires a thing" },
  { word: "the borrower", meaning: "the one who borrows a thing" },
  { word: "the lender", meaning: "the one who lends a thing" },
  { word: "the owner", meaning: "the one whose thing it is" },
];

/** Words that mean nearly the same. */
const likeWords: readonly (readonly string[])[] = [
  ["to end", "to stop", "to terminate"],
  ["to warn", "to inform", "to give notice"],
  ["to inspect", "to examine", "to check", "to look at"],
  ["to renew", "to extend", "to continue"],
  ["secret", "private", "confidential"],
  ["late", "delayed", "after the agreed day"],
  ["to charge", "to ask for money", "to add to the bill"],
  ["must", "has to"],
  ["may not", "is not allowed to", "is forbidden to"],
  ["may", "is allowed to", "is free to"],
  ["at most", "no more than", "up to"],
  ["damage", "harm", "loss"],
  ["to lend", "to pass on", "to let someone use"],
  ["to be liable", "to answer for", "to have to pay for"],
  ["a deposit", "security"],
  ["insurance", "cover"],
  ["by itself", "unless someone objects"],
  ["before", "ahead", "in advance"],
];

/** What a word of agreements means. */
export function wordMeaning(random: Random): Passage {
  if (chance(random, 0.5)) {
    const { word, meaning } = pick(random, meanings);
    return {
      text: fill(
        pick(random, [
          "{word} is {meaning}.",
          "{meaning} is called {word}.",
          "What is {word}? It is {meaning}.",
        ]),
        { word, meaning },
      ),
      questions: [
        {
          question: `What is ${word}?`,
          answer: meaning,
          wrong: others(
            meanings.map((other) => other.meaning),
            meaning,
          ),
        },
      ],
    };
  }
  const group = pick(random, likeWords);
  const [a, b] = pickSome(random, group, 2) as [string, string];
  const foreign = pick(
    random,
    likeWords.filter((other) => other !== group),
  )[0]!;
  return {
    text: `"${a}" means nearly the same as "${b}".`,
    questions: [
      pick(random, [
        yesOrNo(`Does "${a}" mean the same as "${b}"?`, true),
        yesOrNo(`Does "${a}" mean the same as "${foreign}"?`, false),
      ]),
    ],
  };
}

interface Matter {
  /** Answered with yes by each of `yes` and with no by each of `no`. */
  readonly question: string;
  readonly yes: readonly string[];
  readonly no: readonly string[];
}

/** What may happen to somebody who hires something, each on one matter. */
const matters: readonly Matter[] = [
  {
    question: "Was a warning needed?",
    yes: [
      "{hero} wanted to end the hire, so {they} had to write to {friend} {period} before.",
      '{friend} did not like it when a hire ended without warning. "Tell me {period} ahead," said {friend}.',
      "{friend} gave {hero} notice {period} in advance, as they had agreed, and then the hire was terminated.",
      "{hero} wanted to stop, but first {they} had to send a letter and wait {period}.",
      "to leave early, {hero} must inform {friend} {period} before.",
    ],
    no: [
      "{hero} stopped the hire at once, for no notice was needed.",
      "{hero} brought back the {thing} on {day} and did not have to tell {friend} before.",
      '"You may leave today," said {friend}, "with no letter and no waiting."',
      "the agreement ended by itself after {period}, and nobody sent a letter.",
    ],
  },
  {
    question: "Did the delay cost money?",
    yes: [
      "{hero} brought the {thing} back late, and {friend} charged {sum} for the delay.",
      "each day of delay cost {hero} {sum}, and it was added to the bill.",
      "{hero} kept the {thing} too long and owed {friend} {sum}.",
      "the return date had passed, so {hero} had to pay {sum} more.",
      "{hero} was late with the {thing}. The fee was {sum}.",
    ],
    no: [
      "the {thing} came back two days late, but {friend} asked for nothing.",
      "{hero} was late, yet {friend} forgave the delay and charged no fee.",
      "the return date had passed, but nothing was added to the bill.",
      "{hero} kept the {thing} {period} too long, and it cost nothing.",
    ],
  },
  {
    question: "Was there a limit to the claim?",
    yes: [
      "the {thing} was broken. {hero} was liable, but only up to {sum}.",
      "{friend} claimed {sum} for the harm, and that was the most that could be claimed.",
      '"I answer for any loss," said {hero}, "but at most with {sum}."',
      "the {thing} was harmed, and {hero} paid no more than {sum}, as their agreement said.",
      "claims for damage ended at {sum}, so {hero} did not owe over {sum}.",
    ],
    no: [
      "{hero} broke the {thing} and had to pay for all the damage in full.",
      "{hero} was liable for the whole loss, however high it was.",
      "the {thing} was harmed, and {friend} claimed the full price, whatever it was.",
      "nothing was cut at {sum}: {hero} had to pay for every loss without any limit.",
    ],
  },
  {
    question: "Was insurance needed?",
    yes: [
      "{hero} had to buy insurance for the {thing}, a policy against fire and theft.",
      "{friend} asked {hero} to hold cover until the {thing} was returned.",
      "{hero} had to take out a policy before the hire began and show it to {friend}.",
      '"The {thing} must be insured," said {friend}.',
      "{friend} kept the {thing} insured, as {they_friend} had promised.",
    ],
    no: [
      '"Do I need cover?" asked {hero}. "No," said {friend}, "nobody has to insure the {thing}."',
      "{hero} did without insurance, for {friend} did not ask for it.",
      "no policy was needed, not even against theft.",
      "{hero} was free to buy cover or not.",
    ],
  },
  {
    question: "Was a law named?",
    yes: [
      "{hero} and {friend} disagreed, and a judge settled the dispute by the law of {town}.",
      "the agreement was governed by the law of {town}, which both had chosen.",
      "all questions fell under the law of {town}.",
      "they agreed that the law of {town} applies.",
    ],
    no: [
      "nobody knew which law applied, for the parties had chosen none.",
      "{hero} and {friend} left the choice of law to a judge in {town}.",
      "they disagreed and talked it over in {town}, but their agreement said nothing about the law.",
      "which law governs the hire was left open.",
    ],
  },
  {
    question: "Was it a secret?",
    yes: [
      '"Do not tell anyone the price," said {friend}. {hero} stayed silent.',
      "the papers were confidential, and {hero} could show them to nobody.",
      "what {hero} learned about {friend} had to stay private.",
      "{hero} and {friend} may not make the terms public.",
      "for {period} {hero} had to say nothing about it to others.",
    ],
    no: [
      "{hero} told everyone the price, for the terms were public.",
      '"You are free to tell it to anyone," said {friend}.',
      "the papers were open to all, and {hero} showed them to others.",
      "nothing was confidential, so {hero} could speak freely.",
    ],
  },
  {
    question: "Did the hire go on by itself?",
    yes: [
      "at the end of the term nobody objected, so the hire was extended by {period}.",
      "the agreement renewed itself for {period} each time it ran out.",
      "{hero} said nothing, and another {period} began.",
      "when the term ran out, a new term of {period} was added without a letter.",
    ],
    no: [
      "after {period} the hire was over, and {hero} had to sign a new agreement.",
      "the term ran out for good, and it was not renewed.",
      "the hire was extended only when both had signed once more.",
      "at the end nothing was added, and {hero} brought the {thing} back.",
    ],
  },
  {
    question: "Was a deposit left?",
    yes: [
      "{hero} left {sum} with {friend} and had it back when the {thing} was returned.",
      "{friend} held {sum} as security until the {thing} was back.",
      "before taking the {thing}, {hero} handed over {sum} as a deposit.",
      "{hero} had to leave a deposit of {sum}, which was given back later.",
    ],
    no: [
      "{friend} trusted {hero} and asked for no deposit.",
      "{hero} took the {thing} without leaving security.",
      "{hero} paid {sum} as the price, and it was not given back.",
      "{friend} held nothing as security.",
    ],
  },
  {
    question: "Was it forbidden to lend it?",
    yes: [
      '"Only you may use the {thing}," said {friend}. "Do not let others have it."',
      "{hero} passed the {thing} on to a third party, which was not allowed.",
      "nobody but {hero} was allowed to have the {thing}.",
      "{hero} must not give the {thing} to anyone else.",
      "friends of {hero} may not use the {thing}.",
    ],
    no: [
      "{hero} was allowed to lend the {thing} to friends.",
      "anyone whom {hero} trusted might use the {thing}.",
      '"Others may have the {thing} if you let them," said {friend}.',
      "{hero} was free to pass the {thing} on to a third party.",
    ],
  },
  {
    question: "Was the owner allowed to see it?",
    yes: [
      "on {day} {friend} came to inspect the {thing} and see whether it was in good order.",
      "{hero} had to let {friend} examine the {thing} every {day}.",
      "{friend} had the right to check the {thing} on {day}.",
      "{hero} opened the door on {day} and showed the {thing} to {friend}.",
    ],
    no: [
      "{friend} had no right to look at the {thing}, so {hero} kept the door shut.",
      "{friend} was not allowed to inspect the {thing} before {day}.",
      "{hero} need not show the {thing} to {friend}.",
      "until {day} {friend} had to stay away and could not check the {thing}.",
    ],
  },
];

/** A story about a hire: how it began and what then happened on one matter. */
export function hireStory(random: Random): Passage {
  const [hero, friend] = pickSome(random, people, 2) as [(typeof people)[0], (typeof people)[0]];
  const thing = pick(random, things).name;
  const slots = {
    hero: hero.name,
    they: hero.they,
    friend: friend.name,
    they_friend: friend.they,
    thing,
    day: pick(random, weekdays),
    town: pick(random, towns),
    colouredThing: withArticle(`${pick(random, colours)} ${thing}`),
    sum: counted(2 + random.integer(58), "mark"),
    period: counted(1 + random.integer(12), pick(random, ["day", "week", "month", "year"])),
  };
  const opening = pick(random, [
    "{hero} hired {colouredThing} from {friend}. ",
    "{friend} is the owner of a {thing} and lent it to {hero}. ",
    "{hero} and {friend} made an agreement about a {thing} in {town}. ",
    "{hero} borrowed a {thing} from {friend}, the lender. ",
    "{hero} is the borrower of a {thing}, and {friend} is the lender. ",
    "",
  ]);
  const matter = pick(random, matters);
  const isTrue = chance(random, 0.5);
  const text = fill(opening + pick(random, isTrue ? matter.yes : matter.no), slots);
  const questions = [yesOrNo(matter.question, isTrue)];
  if (opening && chance(random, 0.2)) {
    const names = people.map(({ name }) => name);
    questions.unshift({
      question: `Who had the ${thing} from ${friend.name}?`,
      answer: hero.name,
      wrong: others(names, hero.name),
    });
  }
  return { text, questions };
}

/** A short agreement: two to four clauses, each under its heading. It asks nothing. */
export function agreement(random: Random): Passage {
  const clauses = pickSome(random, topics, 2 + random.integer(2)).map((topic) => {
    const text = trainingClause(random, chance(random, 0.5) ? topic.yes : topic.no);
    return `${sentenceCase(topic.name.replace("-", " "))}. ${text}`;
  });
  return { text: clauses.join(" "), questions: [] };
}
