/** A small fixed sample of the figures in docs/personal-data.md; `npm run test:real -- personal` prints them all. */
import { expect, test } from "vitest";
import { GIVEN_NAMES } from "../../../../main/documents/personal/names/given-names.ts";
import { PERSONAL_KINDS } from "../../../../preload/contract/data/personal.ts";
import { generate } from "../../../lab/personal/generate.ts";
import { recall, scoreOf } from "../../../lab/personal/score.ts";
import * as lists from "../../../lab/personal/world.ts";

const IDENTIFIERS = PERSONAL_KINDS.filter((kind) => kind !== "name");

test.each(["de", "en"] as const)("The personal data of generated documents is found (%s)", (language) => {
  const score = scoreOf(generate(language, 2, 3));
  expect(recall(score, IDENTIFIERS), score.missed.join("\n")).toBeGreaterThanOrEqual(0.98);
  expect(recall(score, ["name"]), score.missed.join("\n")).toBeGreaterThanOrEqual(0.85);
  expect((1000 * score.wrong.length) / score.words, score.wrong.join("\n")).toBeLessThanOrEqual(2);
});

test("The generator and the search share no list", () => {
  const given = [lists.GERMAN_WOMEN, lists.GERMAN_MEN, lists.ENGLISH_WOMEN, lists.ENGLISH_MEN].flat();
  const surnames = [lists.GERMAN_SURNAMES, lists.ENGLISH_SURNAMES].flat();
  expect(given.concat(surnames).filter((name) => GIVEN_NAMES.has(name.toLowerCase()))).toEqual([]);
});
