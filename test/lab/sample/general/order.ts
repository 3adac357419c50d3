/** Order and number: days, months, sums, who is older. */
import type { Random } from "../../../../native-models/random.ts";
import { chance, pick, pickSome } from "../draw.ts";
import { counted, fill, numberWord, plural } from "../english.ts";
import { foods, goods, months, people, weekdays } from "../world.ts";
import { others, yesOrNo, type Passage } from "./passage.ts";

/** Which day or month comes before or after another. */
export function orderOfTime(random: Random): Passage {
  const cycle = chance(random, 0.5) ? weekdays : months;
  const index = random.integer(cycle.length);
  const [first, second, third] = [0, 1, 2].map((step) => cycle[(index + step) % cycle.length]!) as [
    string,
    string,
    string,
  ];
  return {
    text: pick(random, [
      `${second} comes after ${first} and before ${third}.`,
      `After ${first} comes ${second}, and after ${second} comes ${third}.`,
      `First it is ${first}, then ${second}, then ${third}.`,
    ]),
    questions: [
      pick(random, [
        { question: `What comes after ${first}?`, answer: second, wrong: others(cycle, second) },
        { question: `What comes before ${third}?`, answer: second, wrong: others(cycle, second) },
        yesOrNo(`Does ${third} come after ${second}?`, true),
        yesOrNo(`Does ${first} come after ${second}?`, false),
      ]),
    ],
  };
}

/** A small sum told as a story. */
export function sumStory(random: Random): Passage {
  const [giver, taker] = pickSome(random, people, 2) as [(typeof people)[0], (typeof people)[0]];
  const what = pick(random, [...goods.map(({ name }) => name), "apple", "plum", "onion", "egg", "coin"]);
  const [had, more] = [2 + random.integer(8), 1 + random.integer(5)];
  const gained = chance(random, 0.5);
  const left = gained ? had + more : Math.max(had - more, 0);
  const change = gained ? more : had - left;
  const text = fill(
    gained
      ? "{giver} had {had}. {taker} gave {them} {more} more. Now {giver} has {left}."
      : "{giver} had {had}. {they} gave {more} to {taker}. Now {giver} has {left}.",
    {
      giver: giver.name,
      taker: taker.name,
      they: giver.they,
      them: giver.them,
      had: counted(had, what),
      more: numberWord(change),
      left: numberWord(left),
    },
  );
  return {
    text,
    questions: [
      pick(random, [
        {
          question: `How many ${plural(what)} does ${giver.name} have now?`,
          answer: numberWord(left),
          wrong: [had, left + 1, left + 2].filter((other) => other !== left).map(numberWord),
        },
        yesOrNo(`Did ${giver.name} give something to ${taker.name}?`, !gained),
        yesOrNo(`Did ${taker.name} give something to ${giver.name}?`, gained),
      ]),
    ],
  };
}

/** Who is older, taller or faster, with the conclusion drawn. */
export function comparison(random: Random): Passage {
  const [a, b, c] = pickSome(random, people, 3).map(({ name }) => name) as [string, string, string];
  const more = pick(random, ["older", "taller", "faster", "richer", "stronger"]);
  return {
    text: `${a} is ${more} than ${b}. ${b} is ${more} than ${c}.${chance(random, 0.5) ? ` So ${a} is ${more} than ${c}.` : ""}`,
    questions: [
      pick(random, [
        yesOrNo(`Is ${a} ${more} than ${c}?`, true),
        yesOrNo(`Is ${c} ${more} than ${b}?`, false),
        yesOrNo(`Is ${b} ${more} than ${a}?`, false),
        yesOrNo(`Is ${a} ${more} than ${b}?`, true),
      ]),
    ],
  };
}

/** What something costs at the market, and whether the money is enough. */
export function purchase(random: Random): Passage {
  const { name, they, their } = pick(random, people);
  const wanted = chance(random, 0.5) ? pick(random, foods) : `the ${pick(random, goods).name}`;
  const price = 3 + random.integer(40);
  const enough = chance(random, 0.5);
  const purse = enough ? price + random.integer(10) : 1 + random.integer(price - 1);
  return {
    text: fill(
      "{name} wants to buy {wanted}. The price is {price}. {name} has {purse} in {their} purse, so {they} {end}.",
      {
        name,
        wanted,
        they,
        their,
        price: counted(price, "mark"),
        purse: counted(purse, "mark"),
        end: enough ? "can pay" : "cannot pay",
      },
    ),
    questions: [
      pick(random, [
        {
          question: "What is the price?",
          answer: counted(price, "mark"),
          wrong: [price + 1, price + 10, price + 4].map((other) => counted(other, "mark")),
        },
        yesOrNo(`Can ${name} pay?`, enough),
      ]),
    ],
  };
}
