import { describe, expect, test } from "vitest";
import { clozeQuestions as madeQuestions } from "../../../../main/documents/cloze/questions.ts";
import { Collection } from "../../../../main/documents/cloze/collection.ts";
import type { ClozePassage } from "../../../../main/documents/cloze/collection.ts";
import { termsOf } from "../../../../main/documents/cloze/terms.ts";
import { Random } from "../../../../native-models/random.ts";

const clozeQuestions = (held: readonly ClozePassage[], all: readonly ClozePassage[], most: number) =>
  madeQuestions(held, new Collection(all), most).map(({ question }) => question);
const kinds = (sentence: string) => termsOf(sentence).map(({ text, kind }) => `${kind}: ${text}`);

describe("The terms of a sentence are", () => {
  test("dates and numbers with their form", () => {
    expect(kinds("The seller delivers by 3 March 2024 within 30 days or pays 2.5% of it.")).toEqual([
      "date 0 M 0: 3 March 2024",
      "number 0 days: 30 days",
      "number 0%: 2.5%",
    ]);
    expect(kinds("Die Frist endet am 03.05.2021 oder nach 14 Tagen.")).toEqual([
      "date 0.0.0: 03.05.2021",
      "number 0 Tagen: 14 Tagen",
    ]);
  });

  test("names and nouns between words that say nothing, not beside what may belong to them", () => {
    expect(
      kinds("It is caused by bacteria in the stomach, where severe chronic inflammation begins."),
    ).toEqual(["word: bacteria", "word: stomach"]);
    expect(kinds("Sie gilt nach dem Urteil des Obersten Gerichts für die Haftung.")).toEqual([
      "name: Obersten Gerichts",
      "word: Urteil",
      "word: Haftung",
    ]);
  });

  test("not the first word, nor one of a list", () => {
    expect(kinds("Bacteria or viruses and parasites are found.")).toEqual([]);
  });
});

/** Documents of 12 sentences about things of their own, in words that agree. */
const things = (i: number) =>
  ["valve", "lung", "bone", "nerve", "gland", "tooth", "joint", "liver", "vein", "skull"].map(
    (part) => `${part}${"abcdefghijklmnopqrstuvwxyz"[i % 26]}${"xyz"[i % 3]}`,
  );
const collection: ClozePassage[] = Array.from({ length: 40 }, (_, i) => {
  const own = things(i % 20);
  const sentences = own.map(
    (thing, at) =>
      `Patients with topic${i % 20} should know that damage of the ${thing} is treated with method${i % 20} and ${at + 2} hours of rest.`,
  );
  return { document: `${i}`, text: sentences.join(" ") };
});
const held = collection.filter((_, i) => i % 4 === 0);

describe("Cloze questions", () => {
  const questions = clozeQuestions(held, collection, 1000);

  test("mask a term of a held-out sentence, and no choice stands in the question or in its document", () => {
    expect(questions.length).toBeGreaterThan(8);
    for (const { question, choices, answer, made } of questions) {
      expect(made).toBe("cloze");
      const [shown] = question.split("\n");
      const source = held.find(({ text }) =>
        text.includes(shown!.slice(-60).replace("_____", choices[answer]!)),
      );
      expect(source).toBeDefined();
      expect(new Set(choices).size).toBe(4);
      for (const [i, choice] of choices.entries()) {
        expect(shown).not.toContain(` ${choice} `);
        if (i !== answer) expect(source!.text).not.toContain(choice);
      }
    }
  });

  test("have the right choice at each place equally often, and each term is right once", () => {
    const places = [0, 1, 2, 3].map((place) => questions.filter(({ answer }) => answer === place).length);
    expect(Math.max(...places) - Math.min(...places)).toBeLessThanOrEqual(1);
    expect(new Set(questions.map(({ choices, answer }) => choices[answer])).size).toBe(questions.length);
  });

  test("are the same whatever the order of the passages, and at most as many as asked for", () => {
    expect(clozeQuestions([...held].reverse(), [...collection].reverse(), 1000)).toEqual(questions);
    expect(clozeQuestions(held, collection, 5)).toEqual(questions.slice(0, 5));
  });

  test("in German ask in German", () => {
    const german = collection.map(({ document, text }) => ({
      document,
      text: text
        .replaceAll("Patients with", "Die Patienten mit")
        .replaceAll("should know that damage of the", "wissen, dass ein Schaden an der")
        .replace(
          /(valve|lung|bone|nerve|gland|tooth|joint|liver|vein|skull)/g,
          (part) => part[0]!.toUpperCase() + part.slice(1),
        )
        .replaceAll("is treated with", "ist zu behandeln mit")
        .replace(/and (\d+) hours of rest/g, "und mit $1 Stunden Ruhe"),
    }));
    const asked = clozeQuestions(german.slice(0, 10), german, 100);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.every(({ question }) => question.endsWith("Was gehört in die Lücke?"))).toBe(true);
  });

  test("are in the language of their document, not of a sentence that might be in either", () => {
    const short = collection.map(({ document }, i) => {
      const named = things(i % 20).map((thing) => thing[0]!.toUpperCase() + thing.slice(1));
      const sentences = named.map(
        (thing) =>
          `Therapie${i % 20} in Praxis${i % 20} nur gegen ${thing}, Dosis Woche ${i % 20} halbieren.`,
      );
      return {
        document,
        text: ["Die Akte ist in Ordnung und wird von uns verwahrt.", ...sentences].join(" "),
      };
    });
    const asked = clozeQuestions(short.slice(0, 10), short, 100);
    expect(asked.length).toBeGreaterThan(0);
    for (const { question } of asked) expect(question).toMatch(/Was gehört in die Lücke\?$/);
  });

  test("are not made of text that has none, whatever it is", () => {
    const random = new Random(5, "cloze.test");
    const pieces = [
      "Art. ",
      "5 mg",
      "_____",
      "the ",
      "der ",
      "\n",
      "\n\n",
      "# ",
      "- ",
      "Word ",
      "wörter ",
      "?",
      "。",
      "🌳",
      "\ud83c",
      "\0",
      "(",
      "Max Weber ",
      "2024-01-01",
      ". ",
    ];
    const junk = Array.from({ length: 60 }, (_, i) => ({
      document: `${i % 7}`,
      text: Array.from({ length: random.integer(400) }, () => pieces[random.integer(pieces.length)]!).join(
        "",
      ),
    }));
    for (const { choices, answer } of clozeQuestions(junk, junk, 100)) {
      expect(choices).toHaveLength(4);
      expect(choices[answer]).toBeDefined();
    }
    expect(clozeQuestions([], [], 10)).toEqual([]);
  });
});
