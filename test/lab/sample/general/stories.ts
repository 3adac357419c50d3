/** Little stories: a person, a wish, an obstacle, an end. */
import type { Random } from "../../../../native-models/random.ts";
import { chance, pick, pickSome } from "../draw.ts";
import { fill, withArticle } from "../english.ts";
import { animals, colours, foods, goods, jobs, people, spots, towns, weathers, weekdays } from "../world.ts";
import { others, yesOrNo, type Passage } from "./passage.ts";

const wishes: readonly { wish: string; obstacle: string; help: string; end: string }[] = [
  {
    wish: "wanted to bake a cake",
    obstacle: "there was no butter left",
    help: "brought some butter",
    end: "they ate the cake together",
  },
  {
    wish: "wanted to cross the river",
    obstacle: "the bridge was broken",
    help: "rowed {them} over in a boat",
    end: "they waved to each other",
  },
  {
    wish: "looked for {their} lost {animal}",
    obstacle: "it was dark",
    help: "lent {them} a lamp",
    end: "they found the {animal} {spot}",
  },
  {
    wish: "wanted to mend the roof",
    obstacle: "the ladder was too short",
    help: "came with a longer one",
    end: "the roof was dry again",
  },
  {
    wish: "had to carry a heavy {thing}",
    obstacle: "the road was steep",
    help: "pulled at the front",
    end: "they rested at the top",
  },
  {
    wish: "wanted to learn to swim",
    obstacle: "the water was cold",
    help: "showed {them} how to move",
    end: "{they} swam across the pond",
  },
  {
    wish: "planned a feast",
    obstacle: "it began to rain",
    help: "put up a big tent",
    end: "everyone stayed until night",
  },
  {
    wish: "wanted to sell {their} {thing}",
    obstacle: "nobody came to the market",
    help: "bought it for a fair price",
    end: "both were glad",
  },
  {
    wish: "had to write a long letter",
    obstacle: "the ink was dry",
    help: "gave {them} a pencil",
    end: "the letter was sent",
  },
  {
    wish: "wanted to sleep",
    obstacle: "the dogs were loud",
    help: "took the dogs for a walk",
    end: "the house was quiet",
  },
  {
    wish: "was sick and stayed in bed",
    obstacle: "there was nobody to cook",
    help: "made a pot of soup",
    end: "{they} felt better",
  },
  {
    wish: "wanted to paint the {thing} {colour}",
    obstacle: "the paint was gone",
    help: "mixed some more",
    end: "it looked like new",
  },
];

/** One of the stories, with its day, weather and place. */
export function story(random: Random): Passage {
  const [hero, friend] = pickSome(random, people, 2) as [(typeof people)[0], (typeof people)[0]];
  const [day, otherDay] = pickSome(random, weekdays, 2) as [string, string];
  const weather = pick(random, weathers);
  const plot = pick(random, wishes);
  const town = pick(random, towns);
  const slots = {
    ...hero,
    hero: hero.name,
    friend: friend.name,
    day,
    weather,
    town,
    animal: pick(random, animals).name,
    thing: pick(random, goods).name,
    colour: pick(random, colours),
    spot: pick(random, spots),
    friendJob: withArticle(pick(random, jobs).title),
  };
  const opening = pick(random, [
    "On {day} {hero} {wish}.",
    "It was a {weather} {day} in {town}. {hero} {wish}.",
    "One {weather} morning {hero} from {town} {wish}.",
    "{hero} {wish}. It was {day}.",
  ]);
  const middle = pick(random, [
    "But {obstacle}. Then {friend} {help}.",
    "But {obstacle}, so {they} asked {friend} for help. {friend} {help}.",
    "Sadly, {obstacle}. {hero} told {friend}, {friendJob}, who {help}.",
  ]);
  const template = `${opening} ${middle} ${pick(random, ["In the end {end}.", "Soon {end}.", "After that {end}."])}`;
  const nested = template
    .replace("{wish}", plot.wish)
    .replace("{obstacle}", plot.obstacle)
    .replace("{help}", plot.help)
    .replace("{end}", plot.end);
  const names = people.map(({ name }) => name);
  const questions = [
    { question: `Who helped ${hero.name}?`, answer: friend.name, wrong: others(names, friend.name) },
    yesOrNo(`Did ${friend.name} help ${hero.name}?`, true),
    yesOrNo(`Did ${hero.name} help ${friend.name}?`, false),
  ];
  if (template.includes("{day}"))
    questions.push(
      { question: "On which day was this?", answer: day, wrong: others(weekdays, day) },
      yesOrNo(`Was it ${otherDay}?`, false),
      yesOrNo(`Was it ${day}?`, true),
    );
  return { text: fill(nested, slots), questions: pickSome(random, questions, 2) };
}

/** A letter or a notice. */
export function letter(random: Random): Passage {
  const [from, to] = pickSome(random, people, 2) as [(typeof people)[0], (typeof people)[0]];
  const day = pick(random, weekdays);
  const town = pick(random, towns);
  const gift = chance(random, 0.5)
    ? pick(random, foods)
    : `the ${pick(random, colours)} ${pick(random, goods).name}`;
  const template = pick(random, [
    "Dear {to}, thank you for {gift}. I will come to {town} on {day} and stay {spot}. Yours, {from}",
    "Dear {to}, on {day} I will be in {town}. Please bring {gift} with you. Your friend {from}",
    "Dear {to}, I have moved to {town}. My new house is {spot}. Visit me on {day}, and I will give you {gift}. {from}",
  ]);
  return {
    text: fill(template, { from: from.name, to: to.name, gift, town, day, spot: pick(random, spots) }),
    questions: [
      pick(random, [
        {
          question: "Who wrote the letter?",
          answer: from.name,
          wrong: others(
            people.map(({ name }) => name),
            from.name,
          ),
        },
        { question: "Which day does the letter name?", answer: day, wrong: others(weekdays, day) },
        { question: "Which town does the letter name?", answer: town, wrong: others(towns, town) },
      ]),
    ],
  };
}
