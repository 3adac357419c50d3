import { expect, test } from "vitest";
import { wholeAmount } from "../../../../main/services/questions/amounts.ts";

test.each([
  ["£900", "Groups may apply for up to £900 each.", "up to £900"],
  ["7 days", "The boat is hired for 7 days at most.", "7 days at most"],
  ["450 millimetres", "The opening is no wider than 450 millimetres.", "no wider than 450 millimetres"],
  ["October and March", "They come within an hour between October and March.", "between October and March"],
  ["Friday", "Rooms are booked until Friday at noon.", "until Friday"],
  ["16.9 million", "Interest income increased by $16.9 million in 2019.", "$16.9 million"],
  ["118 million", "The sale brought more than S$118 million.", "more than S$118 million"],
  ["3,500", "Die Kaution beträgt CHF 3,500.", "CHF 3,500"],
  ["31 May 2019", "The loss as of 31 May 2019 was small.", "as of 31 May 2019"],
  [
    "June 30, 2019",
    "Sales fell in the fiscal year ended June 30, 2019.",
    "in the fiscal year ended June 30, 2019",
  ],
  ["31. Mai 2019", "Das Konto endet zum 31. Mai 2019.", "zum 31. Mai 2019"],
  ["£20", "A missed appointment costs £20 for every 15 minutes.", "£20 for every 15 minutes"],
  ["£38", "The lamp costs about £38 a year at most.", "about £38 a year at most"],
  ["45 pence", "We refund 45 pence per mile to the staff.", "45 pence per mile"],
  ["200 Euro", "Der Mieter zahlt 200 Euro im Monat an den Verein.", "200 Euro im Monat"],
  ["2 years", "Infants between 1 and 2 years of age are at risk.", "between 1 and 2 years"],
  ["14 Tagen", "Der Mieter zahlt innerhalb von 14 Tagen.", "innerhalb von 14 Tagen"],
  ["3 Jahre", "Das Kind ist 3 Jahre oder älter.", "3 Jahre oder älter"],
])("%s is an answer with what limits it: %s", (answer, sentence, whole) => {
  expect(wholeAmount(answer, sentence)).toBe(whole);
});

test.each([
  ["900 euros", "The tenant pays 900 euros."],
  ["the warden", "Ask before the warden leaves."],
  ["Mayfield", "The parcels are kept until Mayfield is reached."],
  ["5", "At least 5 of the 5 keys are returned."],
  ["900 pounds", "The tenant pays up to £900."],
  ["£900", "The tenant pays £900 a short time before moving in."],
])("%s stays as it is: %s", (answer, sentence) => {
  expect(wholeAmount(answer, sentence)).toBe(answer);
});
