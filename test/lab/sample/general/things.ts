/** What things and animals are, what they are made of, what they are for. */
import type { Random } from "../../../../native-models/random.ts";
import { chance, pick, pickSome } from "../draw.ts";
import { listed, numberWord, plural, sentenceCase, withArticle } from "../english.ts";
import { animals, colours, goods, things } from "../world.ts";
import { others, yesOrNo, type Passage } from "./passage.ts";

const kinds = [...new Set(things.map(({ kind }) => kind))];

/** A definition of a thing: its kind, its use, its material. */
export function describeThing(random: Random): Passage {
  const thing = pick(random, things);
  const another = pick(
    random,
    things.filter(({ kind }) => kind !== thing.kind),
  );
  const article = withArticle(thing.name);
  const material = pick(random, thing.materials);
  const sentences = [
    `${sentenceCase(article)} is ${withArticle(thing.kind)}.`,
    pick(random, [
      `It is used to ${thing.use}.`,
      `People use ${article} to ${thing.use}.`,
      `With ${article} you can ${thing.use}.`,
    ]),
    pick(random, [
      `It is made of ${material}.`,
      `Most ${plural(thing.name)} are made of ${thing.materials.join(" or ")}.`,
      `A good ${thing.name} of ${material} lasts for many years.`,
      `It is not ${withArticle(another.kind)}, as ${withArticle(another.name)} is.`,
    ]),
  ];
  const uses = things.map(({ use }) => `to ${use}`);
  return {
    text: sentences.slice(0, 2 + random.integer(2)).join(" "),
    questions: [
      pick(random, [
        {
          question: `What is ${article} for?`,
          answer: `to ${thing.use}`,
          wrong: others(uses, `to ${thing.use}`),
        },
        {
          question: `What is ${article}?`,
          answer: withArticle(thing.kind),
          wrong: others(kinds, thing.kind).map(withArticle),
        },
        yesOrNo(`Can you use ${article} to ${thing.use}?`, true),
        yesOrNo(`Can you use ${article} to ${another.use}?`, false),
        yesOrNo(`Is ${article} ${withArticle(another.kind)}?`, false),
      ]),
    ],
  };
}

/** Facts about an animal. */
export function describeAnimal(random: Random): Passage {
  const animal = pick(random, animals);
  const article = withArticle(animal.name);
  const another = pick(
    random,
    animals.filter(({ can }) => can !== animal.can),
  );
  const sentences = [
    `${sentenceCase(article)} lives ${animal.home}.`,
    `${sentenceCase(plural(animal.name))} eat ${animal.food}.`,
    `${sentenceCase(article)} has ${numberWord(animal.legs)} legs.`,
    `${sentenceCase(plural(animal.name))} can ${animal.can}.`,
  ];
  return {
    text: pickSome(random, sentences, 2 + random.integer(3)).join(" "),
    questions: [
      pick(random, [
        {
          question: `What do ${plural(animal.name)} eat?`,
          answer: animal.food,
          wrong: others([...new Set(animals.map(({ food }) => food))], animal.food),
        },
        {
          question: `Where does ${article} live?`,
          answer: animal.home,
          wrong: others([...new Set(animals.map(({ home }) => home))], animal.home),
        },
        yesOrNo(`Can ${plural(animal.name)} ${animal.can}?`, true),
        yesOrNo(
          `Does ${article} have ${numberWord(another.legs === animal.legs ? 3 : another.legs)} legs?`,
          false,
        ),
      ]),
    ],
  };
}

/** What lies on a table, stands in a room, hangs on a wall: a look-up among several things. */
export function describeRoom(random: Random): Passage {
  const place = pick(random, [
    "on the table",
    "in the room",
    "in the barn",
    "in the box",
    "behind the door",
    "in the shop",
  ]);
  const chosen = pickSome(random, goods, 2 + random.integer(3));
  const palette = pickSome(random, colours, chosen.length + 1);
  const phrases = chosen.map(({ name }, index) => withArticle(`${palette[index]!} ${name}`));
  const asked = random.integer(chosen.length);
  const absent = pick(
    random,
    goods.filter((thing) => !chosen.includes(thing)),
  );
  const there = chance(random, 0.5);
  return {
    text: pick(random, [
      `There is ${listed(phrases)} ${place}.`,
      `${sentenceCase(place)} there is ${listed(phrases)}.`,
      `I can see ${listed(phrases)} ${place}.`,
    ]),
    questions: [
      {
        question: `What colour is the ${chosen[asked]!.name}?`,
        answer: palette[asked]!,
        wrong: others(palette, palette[asked]!),
      },
      yesOrNo(`Is there ${withArticle((there ? chosen[asked]! : absent).name)} ${place}?`, there),
    ],
  };
}
