import { expect, test } from "vitest";
import { askedSentences, usableSentences } from "../../../../main/services/questions/asked-sentences.ts";
import { QuestionKind } from "../../../../preload/contract/questions/written-questions.ts";
import { hirePassage } from "./passages.ts";

const all = QuestionKind.options;

test("each kind is asked of a sentence that fits it, and no sentence twice", () => {
  const asked = askedSentences(hirePassage(4), all);
  expect(asked).toEqual([
    { kind: "comparison", evidence: "Hiring the boat at weekends costs more than hiring it on weekdays." },
    { kind: "definition", evidence: "A boat keeper means the person who signs the boat hire form." },
    {
      kind: "fact",
      evidence: "The boat of the Harbour Yard is hired for 7 days at most.",
      answer: "7 days at most",
    },
    {
      kind: "yes-no",
      evidence: "The keeper returns the boat clean and dry to the northern gate.",
      amount: null,
      isYes: expect.any(Boolean),
    },
  ]);
});

test("only the kinds that were chosen are asked; what is not in a text needs no sentence", () => {
  expect(askedSentences(hirePassage(0), ["definition"]).map(({ kind }) => kind)).toEqual(["definition"]);
  expect(askedSentences(hirePassage(0), ["not-in-text"])).toEqual([]);
});

test.each([
  ["Hiring the boat costs more than hiring the cart at weekends.", 1],
  ["A flare-up is a rise in pain that lasts longer than two days.", 0],
  ["Members have a second vote if more than 700,000 litres were supplied.", 0],
  ["Heating begins on Sundays after a holiday of more than a week.", 0],
  ["Das Boot kostet mehr als der Karren, auch am Wochenende.", 1],
  ["Wer mehr als zwei Wochen fehlt, verliert seinen Platz im Boot.", 0],
])("an amount that is limited is no comparison: %s", (sentence, count) => {
  expect(askedSentences(sentence, ["comparison"])).toHaveLength(count);
});

test("rows of a table are compared, and asked for their last cell", () => {
  const table = [
    "Year: 2021; Region: North; Sales: 5.2 million",
    "Year: 2022; Region: North; Sales: 6.1 million",
  ];
  expect(askedSentences(table.join("\n"), ["comparison"])).toEqual([
    { kind: "comparison", evidence: table.join("\n") },
  ]);
  expect(askedSentences(table[0]!, ["fact"])).toEqual([
    { kind: "fact", evidence: table[0], answer: "5.2 million" },
  ]);
  expect(askedSentences(table.join("\n"), ["yes-no"])).toEqual([]);
});

test.each([
  [
    "The records of patients between June 1, 2002 and September 1, 2009 were reviewed.",
    "between June 1, 2002 and September 1, 2009",
  ],
  ["The club kept its boats from 3 May 1999 to 4 June 2001.", "from 3 May 1999 to 4 June 2001"],
  ["Die Kaution wird zwischen 14 Tagen und 6 Wochen einbehalten.", "zwischen 14 Tagen und 6 Wochen"],
  ["The club met on 3 May 1999 and 4 June 2001.", "3 May 1999"],
  ["Der Mieter hat davon 14 Tagen und 6 Wochen zu widersprechen.", "14 Tagen"],
])("a fact is a whole range, not one end of it: %s", (sentence, answer) => {
  expect(askedSentences(sentence, ["fact"])).toEqual([{ kind: "fact", evidence: sentence, answer }]);
});

test.each([
  ["Interest income of the club increased by $16.9 million.", "$16.9 million"],
  ["The boat yard paid its lenders US$24.9 in cash.", "US$24.9"],
  ["Der Verein zahlt dem Hafen im Jahr 5,2 Mio. Euro an Miete.", "5,2 Mio. Euro"],
  ["Der Verein zahlt dem Hafen CHF 3500 an Miete.", "CHF 3500"],
])("a sum of money is asked for with its currency: %s", (sentence, answer) => {
  expect(askedSentences(sentence, ["fact"])).toEqual([{ kind: "fact", evidence: sentence, answer }]);
});

test.each([
  ["The boat of the yard is hired for 7 days from Friday on.", "7 days"],
  ["The yard was opened by the club on 3 May 1999.", "3 May 1999"],
  ["The care plan of the practice costs £17.50 a month.", "£17.50"],
  ["The boat of the yard is hired for 7 days at most.", null],
  ["The club kept its boats from 3 May 1999 to 4 June 2001.", null],
  ["The boat of the yard is hired for 1 day on Fridays.", null],
])("an amount can be replaced in a question if it is exactly that: %s", (sentence, amount) => {
  expect(askedSentences(sentence, ["yes-no"])).toMatchObject([{ kind: "yes-no", amount }]);
});

test("yes or no is asked of a sentence with an amount that can be replaced", () => {
  const [asked] = askedSentences(
    "The keeper returns the ladder clean and dry to the northern gate of the yard. The hire of the ladder costs 9 euros.",
    ["yes-no"],
  );
  expect(asked).toMatchObject({ evidence: "The hire of the ladder costs 9 euros.", amount: "9 euros" });
});

test("a fact is not part of a condition if the sentence has another one, and yes or no is not about one", () => {
  const sentence = "The fee is refunded by May 2023 if it was taken after 30 June 2022.";
  const only = "The boats are brought in earlier if the yard has been below 17 °C.";
  expect(askedSentences(sentence, ["fact"])).toMatchObject([{ answer: "May 2023" }]);
  expect(askedSentences(only, ["fact"])).toMatchObject([{ answer: "below 17 °C" }]);
  expect(askedSentences("The fee is refunded if it was taken on 30 June 2022.", ["yes-no"])).toMatchObject([
    { amount: null },
  ]);
});

test.each([
  "The boat is returned to the yard on the following day.",
  "If you have signs of anaemia, see your doctor before you hire a boat.",
  "An instrument for concerts is business equipment instead (see 5.4).",
])("a sentence that only mentions another place is asked about: %s", (sentence) => {
  expect(askedSentences(sentence, ["yes-no"])).toHaveLength(1);
});

test("nothing is asked of one item of lists that belong together item by item", () => {
  const sentence = "In 2019 and 2018, Grakon paid 17.6% and 13.1% of the revenues, respectively.";
  expect(askedSentences(sentence, ["fact", "yes-no"])).toEqual([]);
});

test("a sentence about nothing gives no fact", () => {
  const sentence = "No other customer accounted for more than 10% of the total revenues of Grakon.";
  expect(askedSentences(sentence, ["fact"])).toEqual([]);
  expect(askedSentences(sentence, ["yes-no"])).toHaveLength(1);
});

test("the day of a state is not replaced: on another day it may be the same", () => {
  const sentence = "At August 31, 2019, most of the customers of Grakon had bundled services.";
  expect(askedSentences(sentence, ["yes-no"])).toMatchObject([{ kind: "yes-no", amount: null }]);
  const event = "On August 31, 2019, most of the customers of Grakon left for other services.";
  expect(askedSentences(event, ["yes-no"])).toMatchObject([{ kind: "yes-no", amount: "August 31, 2019" }]);
});

test.each([
  "The following table shows the fees of the harbour yard in pounds.",
  "The fees of the harbour yard are shown in the table below.",
  "The following limits apply to each of the boats of the yard.",
  "For more information about the fees of boats, see the Rules of the Yard.",
  "Some tenants have asked whether the rule about boats applies to them.",
  "Die folgende Tabelle zeigt die Gebühren des Hafens in Euro.",
])("nothing is asked about a sentence that says nothing itself: %s", (sentence) => {
  expect(askedSentences(sentence, all)).toEqual([]);
});

test.each([
  ["11.1 You may cancel within 14 days of receiving it.", "You may cancel within 14 days of receiving it."],
  ["(2) Der Mieter zahlt die Kaution an den Vermieter.", "Der Mieter zahlt die Kaution an den Vermieter."],
  ["§ 4 Der Mieter zahlt die Kaution an den Vermieter.", "Der Mieter zahlt die Kaution an den Vermieter."],
])("the number of a clause is not part of its sentence: %s", (clause, sentence) => {
  expect(usableSentences(clause)).toEqual([sentence]);
});

test.each([
  "12.30 Uhr ist die Zeit, zu der die Küche schließt.",
  "12.5 litres of milk are kept in the cold room.",
  "1.500 Euro Kaution zahlt der Mieter im ersten Monat.",
])("a number that is part of its sentence stays: %s", (sentence) => {
  expect(usableSentences(sentence)).toEqual([sentence]);
});

test("the headings above a passage are not asked about, though their numbers look like the end of a sentence", () => {
  const sentence = "Pupils meet at the west gate of the school at noon.";
  expect(usableSentences(`Plan for parents and staff of the week › 4. Travel\n\n${sentence}`)).toEqual([
    sentence,
  ]);
});

test("a German quotation, and an amount as German writes it, are asked for", () => {
  const quoted = "Der Vermieter schrieb: „Die Kaution von 1.234,56 € wird im Mai zurückgezahlt.“";
  expect(usableSentences(`${quoted} Danach schwieg er zwei lange Monate.`)).toEqual([
    quoted,
    "Danach schwieg er zwei lange Monate.",
  ]);
  expect(askedSentences(quoted, ["fact"])).toEqual([
    { kind: "fact", evidence: quoted, answer: "1.234,56 €" },
  ]);
});

test("sentences about what the one before names are asked only if there is no other", () => {
  const passage = "The log lists every crew that leaves the harbour. It is kept by the warden for 12 years.";
  const facts = (text: string) => askedSentences(text, ["fact"]).map(({ evidence }) => evidence);
  expect(facts(passage)).toEqual(["The log lists every crew that leaves the harbour."]);
  expect(facts("It is kept by the warden for 12 years.")).toHaveLength(1);
});

test("German is asked as English is", () => {
  const passage =
    "Der Mieter zahlt die Kaution innerhalb von 14 Tagen. Eine Nebenkostenpauschale ist eine feste Zahlung für den Betrieb des Hauses.";
  expect(askedSentences(passage, all)).toEqual([
    { kind: "definition", evidence: expect.stringContaining("ist eine feste Zahlung") as string },
    {
      kind: "fact",
      evidence: "Der Mieter zahlt die Kaution innerhalb von 14 Tagen.",
      answer: "innerhalb von 14 Tagen",
    },
  ]);
});

test.each(["", "   \n", "# Heading", "Too short.", "§ 5", "-----"])("nothing is asked of %j", (passage) => {
  expect(usableSentences(passage)).toEqual([]);
  expect(askedSentences(passage, all)).toEqual([]);
});
