/** Descriptions of people: their work, their house, their animals, what they own. */
import type { Random } from "../../../../native-models/random.ts";
import { chance, pick, pickSome, shuffled } from "../draw.ts";
import { counted, numberWord, plural, sentenceCase, withArticle } from "../english.ts";
import { animals, colours, foods, jobs, people, spots, things, towns } from "../world.ts";
import { others, yesOrNo, type Passage, type TextQuestion } from "./passage.ts";

/** Three to five facts about one person, in any order, and questions on them. */
export function describePerson(random: Random): Passage {
  const person = pick(random, people);
  const { name, they, their } = person;
  const job = pick(random, jobs);
  const [town, otherTown] = pickSome(random, towns, 2) as [string, string];
  const [colour, houseColour] = pickSome(random, colours, 2) as [string, string];
  const thing = pick(random, things);
  const animal = pick(random, animals);
  const count = 2 + random.integer(8);
  const [food, disliked] = pickSome(random, foods, 2) as [string, string];
  const age = 18 + random.integer(70);

  const facts: { sentence: string; question: TextQuestion }[] = [
    {
      sentence: chance(random, 0.5)
        ? `${name} lives in ${town}, ${pick(random, spots)}.`
        : `${sentenceCase(their)} home is in ${town}.`,
      question: chance(random, 0.5)
        ? {
            question: `Where does ${name} live?`,
            answer: `in ${town}`,
            wrong: others(towns, town).map((other) => `in ${other}`),
          }
        : chance(random, 0.5)
          ? yesOrNo(`Does ${name} live in ${town}?`, true)
          : yesOrNo(`Does ${name} live in ${otherTown}?`, false),
    },
    {
      sentence: `${sentenceCase(they)} has ${withArticle(`${colour} ${thing.name}`)} made of ${pick(random, thing.materials)}.`,
      question: {
        question: `What colour is ${name}'s ${thing.name}?`,
        answer: colour,
        wrong: others(colours, colour),
      },
    },
    {
      sentence: `${sentenceCase(they)} keeps ${counted(count, animal.name)}.`,
      question: {
        question: `How many ${plural(animal.name)} does ${name} keep?`,
        answer: numberWord(count),
        wrong: [2, 3, 4, 5, 6, 7, 8, 9].filter((other) => other !== count).map(numberWord),
      },
    },
    {
      sentence: `${sentenceCase(they)} likes ${food} but not ${disliked}.`,
      question: chance(random, 0.4)
        ? { question: `What does ${name} like?`, answer: food, wrong: others(foods, food) }
        : chance(random, 0.5)
          ? yesOrNo(`Does ${name} like ${food}?`, true)
          : yesOrNo(`Does ${name} like ${disliked}?`, false),
    },
    {
      sentence: `${sentenceCase(they)} is ${numberWord(age)} years old.`,
      question: {
        question: `How old is ${name}?`,
        answer: `${numberWord(age)} years`,
        wrong: [7, 11, 19].map((step) => `${numberWord(18 + ((age - 18 + step) % 70))} years`),
      },
    },
    {
      sentence: `${sentenceCase(their)} house is ${houseColour}.`,
      question: {
        question: `What colour is ${name}'s house?`,
        answer: houseColour,
        wrong: others(colours, houseColour),
      },
    },
  ];
  const told = shuffled(random, facts).slice(0, 2 + random.integer(3));
  const opening = chance(random, 0.5)
    ? `${name} is ${withArticle(job.title)} who ${job.does}.`
    : `${name} works in the ${job.place} as ${withArticle(job.title)}.`;
  const titles = jobs.map(({ title }) => withArticle(title));
  const work: TextQuestion = {
    question: `What is ${name}?`,
    answer: withArticle(job.title),
    wrong: others(titles, withArticle(job.title)),
  };
  return {
    text: [opening, ...told.map(({ sentence }) => sentence)].join(" "),
    questions: shuffled(random, [work, ...told.map(({ question }) => question)]),
  };
}
