/** What the search for personal data finds, and what it takes for personal data in real texts: the figures of docs/personal-data.md. */
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { findPersonal } from "../../main/documents/personal/find-personal.ts";
import { PERSONAL_KINDS } from "../../preload/contract/data/personal.ts";
import { generate } from "../lab/personal/generate.ts";
import { recall, scoreOf, wordsIn } from "../lab/personal/score.ts";
import { real } from "./material.ts";

/** The search was tuned on the documents of another seed. */
const SEED = 20_261_127;
const EACH = 60;
const IDENTIFIERS = PERSONAL_KINDS.filter((kind) => kind !== "name");

test.each(["de", "en"] as const)("generated documents: identifiers ≥ 0.98, names ≥ 0.85 (%s)", (language) => {
  const texts = generate(language, SEED, EACH);
  const score = scoreOf(texts);
  console.log(`${language}: ${texts.length} documents, ${score.words} words`);
  for (const kind of PERSONAL_KINDS) {
    const { of, found } = score.found.get(kind) ?? { of: 0, found: 0 };
    if (of > 0) console.log(`  ${kind}: ${found} of ${of} (${(found / of).toFixed(4)})`);
  }
  const [identifiers, names] = [recall(score, IDENTIFIERS), recall(score, ["name"])];
  const wrong = (1000 * score.wrong.length) / score.words;
  console.log(
    `  identifiers ${identifiers.toFixed(4)}, names ${names.toFixed(4)}, false hits a 1,000 words ${wrong.toFixed(2)}`,
  );
  expect(identifiers).toBeGreaterThanOrEqual(0.98);
  expect(names).toBeGreaterThanOrEqual(0.85);
});

test.each(["medquad", "pubmedqa", "clauses"])(
  "%s: at most 2 hits a 1,000 words, few of which are real",
  (set) => {
    const files = ["train", "valid", "test"]
      .map((name) => real(`data/${set}/${name}.jsonl`))
      .filter((path) => existsSync(path));
    const texts = files.flatMap((path) =>
      readFileSync(path, "utf8").split("\n").filter(Boolean).map(textOfRecord),
    );
    const started = performance.now();
    const hits = texts.flatMap((text) =>
      findPersonal([text])[0]!.map(
        ({ kind, start, end }) =>
          `${kind}: ${text.slice(Math.max(0, start - 30), start)}[${text.slice(start, end)}]${text.slice(end, end + 20)}`,
      ),
    );
    const characters = texts.reduce((sum, { length }) => sum + length, 0);
    const speed = characters / 1e3 / (performance.now() - started);
    const words = texts.reduce((sum, text) => sum + wordsIn(text), 0);
    console.log(
      `${set}: ${hits.length} hits in ${words} words (${((1000 * hits.length) / words).toFixed(3)} a 1,000), ${speed.toFixed(1)} million characters a second`,
    );
    for (const hit of hits) console.log(`  ${hit.replace(/\s+/g, " ")}`);
    expect((1000 * hits.length) / words).toBeLessThanOrEqual(2);
  },
);

function textOfRecord(line: string): string {
  const texts = Object.values(JSON.parse(line) as Record<string, unknown>).flat();
  return texts.filter((value) => typeof value === "string").join("\n");
}
