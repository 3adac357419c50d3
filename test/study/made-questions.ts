/**
 * Sets of the study that are trained on questions made from the texts of another one's training rows. The texts are written down, a model
 * writes questions from them by the product's own command, and the two sets are made, which the study then tunes on:
 *
 *     node build/run.js test/study/made-questions.ts texts pubmedqa --data ../shared/data --to TEXTS
 *     coppice questions write TEXTS --model FILE
 *     coppice questions export 1 QUESTIONS
 *     node build/run.js test/study/made-questions.ts sets pubmedqa --data ../shared/data --questions QUESTIONS --writer NAME --to SETS
 *     npm run study -- made-questions --data SETS --folder FOLDER
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { readArguments } from "../command-line.ts";
import { linesOf, SETS, splitOf, writeLines } from "./sets.ts";
import type { StudySet, Written } from "./sets.ts";

const USAGE = `node build/run.js test/study/made-questions.ts texts|sets SET --data FOLDER --to FOLDER [--questions FILE --writer NAME]`;

/** A row that a person asked: its text, the question, "Answer:". */
const Row = z.object({ prompt: z.string(), completion: z.string() });
type Row = z.infer<typeof Row>;

/** What `coppice questions export` writes, as far as it is needed. */
export const Exported = z.object({ document: z.string(), question: z.string(), answer: z.string() });
export type Exported = z.infer<typeof Exported>;

const QUESTION = "\nQuestion: ";
/** What stands before the text in a row's prompt; a document has none. */
const LABEL = /^[A-Z][a-z]+:\s+/;

/** The text that a row's question is about, with its label. Throws a sentence where a row has none. */
export function textOf({ prompt }: Row): string {
  const end = prompt.lastIndexOf(QUESTION);
  if (end < 0) throw new Error(`This row has no question after a text: ${prompt.slice(0, 80)}`);
  return prompt.slice(0, end);
}

/** The name of the document with the text of a row. */
const documentOf = (row: number) => `${String(row).padStart(4, "0")}.md`;

/** Made questions as rows in the form of a person's, below the text of the row that they were made from. */
export function madeRows(rows: readonly Row[], questions: readonly Exported[]): Row[] {
  return questions.map(({ document, question, answer }) => {
    const row = rows[Number.parseInt(basename(document), 10)];
    if (!row) throw new Error(`${document} is not one of the texts.`);
    return { prompt: `${textOf(row)}${QUESTION}${question}\nAnswer:`, completion: ` ${answer}` };
  });
}

function trainingRows(set: StudySet, source: string): Row[] {
  const lines = linesOf(join(source, "train.jsonl"));
  return splitOf(set, lines.length).train.map((line) => Row.parse(JSON.parse(lines[line]!)));
}

function writeTexts(set: StudySet, source: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const [index, row] of trainingRows(set, source).entries())
    writeFileSync(join(to, documentOf(index)), `${textOf(row).replace(LABEL, "")}\n`);
}

/** The set itself, and those with made rows in place of its training rows and beside them; all validate and test by its own. */
export function writeSets(
  set: StudySet,
  source: string,
  { to, questions, writer }: { to: string; questions: readonly Exported[]; writer: string },
): void {
  const asked = trainingRows(set, source);
  const made = madeRows(asked, questions);
  const lines = linesOf(join(source, "train.jsonl"));
  const validating = splitOf(set, lines.length).valid.map((line) => lines[line]!);
  const written: Written = { writer, questions: questions.length };
  for (const [of, rows] of [
    [SETS.find(({ made: by }) => by?.of === set.name && !by.beside), made],
    [SETS.find(({ made: by }) => by?.of === set.name && by.beside), [...asked, ...made]],
  ] as const) {
    if (!of) throw new Error(`The study has no set with questions made for ${set.name}.`);
    const folder = join(to, of.name);
    mkdirSync(folder, { recursive: true });
    writeLines(
      join(folder, "train.jsonl"),
      rows.map((row) => JSON.stringify(row)),
    );
    writeLines(join(folder, of.valid), [...linesOf(join(source, set.valid)), ...validating]);
    writeLines(join(folder, of.test), linesOf(join(source, set.test)));
    writeFileSync(join(folder, "written.json"), JSON.stringify(written));
  }
}

if (import.meta.main) {
  const { values, positionals } = readArguments(USAGE, {
    allowPositionals: true,
    options: {
      data: { type: "string" },
      to: { type: "string" },
      questions: { type: "string" },
      writer: { type: "string" },
    },
  });
  const [what, name] = positionals;
  const set = SETS.find((one) => one.name === name);
  const { data, to, questions, writer } = values;
  if (!set || !data || !to || !(what === "texts" || (what === "sets" && questions && writer))) {
    console.error(USAGE);
    process.exit(2);
  }
  const source = join(data, set.name);
  if (what === "texts") writeTexts(set, source, to);
  else
    writeSets(set, source, {
      to,
      questions: linesOf(questions!).map((line) => Exported.parse(JSON.parse(line))),
      writer: writer!,
    });
}
