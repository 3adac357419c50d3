/**
 * How often the passage in which a question is answered is found by its words: docs/decisions/0058-passages-by-words.md. The questions were
 * written from the documents in test/lab/study/documents and validated by a person; those that are right are asked.
 *
 *     node build/run.js test/lab/study/passage-search.ts
 */
import { readFileSync } from "node:fs";
import { findPassages, likeliest } from "../../../main/documents/stored/passage-search.ts";

interface ReadQuestion {
  readonly kind: string;
  readonly question: string;
  readonly evidence: string;
  readonly document: string;
  readonly right: boolean;
}

const FOLDER = "test/lab/study/documents";
const onOneLine = (text: string) => text.replace(/\s+/g, " ");

const { passages } = await findPassages({
  source: { kind: "file", path: FOLDER },
  question: "",
  most: 10_000,
});
const texts = passages.map(({ text }) => ({ text: onOneLine(text) }));
const asked = readFileSync("test/lab/results/written-questions.jsonl", "utf8")
  .split("\n")
  .filter(Boolean)
  .map((line) => JSON.parse(line) as ReadQuestion)
  .filter(({ kind, document, right }) => right && kind !== "not-in-text" && document.startsWith(FOLDER))
  .filter(({ evidence }) => texts.some(({ text }) => text.includes(onOneLine(evidence))));
const places = asked.map(({ question, evidence }) =>
  likeliest(texts, question, texts.length).findIndex(({ text }) => text.includes(onOneLine(evidence))),
);
console.log(`${asked.length} questions, ${texts.length} passages`);
for (const most of [1, 3, 20]) {
  const found = places.filter((place) => place >= 0 && place < most).length;
  console.log(`among the first ${most}: ${found} (${Math.round((100 * found) / asked.length)}%)`);
}
