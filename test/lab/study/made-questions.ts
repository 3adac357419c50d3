/**
 * Sets of the study with questions about the same texts, which are drawn from another set's training rows: questions that people asked,
 * questions that a model wrote, and both. The texts are written to files, a model writes questions from them with the product's own
 * command, and the three sets are made, on which the study then tunes:
 *
 *     node build/run.js test/lab/study/made-questions.ts texts pubmedqa --data ../shared/data --to TEXTS
 *     coppice questions write TEXTS --model FILE
 *     coppice questions export 1 QUESTIONS
 *     node build/run.js test/lab/study/made-questions.ts sets pubmedqa --data ../shared/data --questions QUESTIONS --writer NAME --to SETS
 *     npm run study -- made-questions --data SETS --folder FOLDER
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { Random } from "../../../native-models/random.ts";
import { readArguments } from "../../command-line.ts";
import { linesOf, SETS, splitOf, writeLines } from "./sets.ts";
import type { StudySet, Written } from "./sets.ts";

const USAGE = `node build/run.js test/lab/study/made-questions.ts texts|sets SET --data FOLDER --to FOLDER [--questions FILE --writer NAME]`;

/** A row that a person asked: its text, the question, "Answer:". */
const Row = z.object({ prompt: z.string(), completion: z.string() });
type Row = z.infer<typeof Row>;

/** The part that is needed of what `coppice questions export` writes. */
const Exported = z.object({ document: z.string(), question: z.string(), answer: z.string() });
type Exported = z.infer<typeof Exported>;

const QUESTION = "\nQuestion: ";
/** The number of texts: a small model writes questions from all of them within an hour on two cores. */
const TEXTS = 100;
/** The label before a text in a row's prompt. */
const LABEL = /^[A-Z][a-z]+:\s+/;
/** A text with a table before it. */
const TABLE = /^Table:\n([^]*?)\nText: ([^]*)$/;

/** The text that a row's question is about, with its label. Throws a sentence where a row has none. */
export function textOf({ prompt }: Row): string {
  const end = prompt.lastIndexOf(QUESTION);
  if (end < 0) throw new Error(`This row has no question after a text: ${prompt.slice(0, 80)}`);
  return prompt.slice(0, end);
}

/** The name of a text's document. */
const documentOf = (text: number) => `${String(text).padStart(4, "0")}.md`;

/** Made questions as rows in the form of people's rows, each below the text that it was made from. */
export function madeRows(texts: readonly string[], questions: readonly Exported[]): Row[] {
  return questions.map(({ document, question, answer }) => {
    const text = texts[Number.parseInt(basename(document), 10)];
    if (text === undefined) throw new Error(`${document} is not one of the texts.`);
    return { prompt: `${text}${QUESTION}${question}\nAnswer:`, completion: ` ${answer}` };
  });
}

/** Randomly drawn texts that no validation row is about, and all rows that people asked about them. */
function chosenTexts(set: StudySet, source: string): { texts: string[]; asked: Row[] } {
  const lines = linesOf(join(source, "train.jsonl"));
  const rowsAt = (places: readonly number[]) => places.map((line) => Row.parse(JSON.parse(lines[line]!)));
  const split = splitOf(set, lines.length);
  const rows = rowsAt(split.train);
  const validating = new Set(rowsAt(split.valid).map(textOf));
  const all = [...new Set(rows.map(textOf))].filter((text) => !validating.has(text));
  const order = new Random(1, `texts of ${set.name}`).permutation(all.length);
  const texts = [...order.slice(0, TEXTS)].map((index) => all[index]!);
  const chosen = new Set(texts);
  return { texts, asked: rows.filter((row) => chosen.has(textOf(row))) };
}

/** A text as a document: without labels, and with its table in Markdown. */
export function documentText(text: string): string {
  const [, rows, rest] = TABLE.exec(text) ?? [];
  if (rows === undefined) return `${text.replace(LABEL, "")}\n`;
  const cells = rows.split("\n").map((row) => row.split("|").map((cell) => cell.trim()));
  const columns = Math.max(...cells.map(({ length }) => length));
  const line = (row: readonly string[]) =>
    `| ${Array.from({ length: columns }, (_, column) => row[column] ?? "").join(" | ")} |`;
  const [head, ...others] = cells.map(line);
  return [head, line(Array<string>(columns).fill("---")), ...others, "", rest, ""].join("\n");
}

function writeTexts(set: StudySet, source: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const [index, text] of chosenTexts(set, source).texts.entries())
    writeFileSync(join(to, documentOf(index)), documentText(text));
}

/** Writes the sets of questions by people, by a model, and by both; all have the same validation and test questions, which people asked. */
export function writeSets(
  set: StudySet,
  source: string,
  { to, questions, writer }: { to: string; questions: readonly Exported[]; writer: string },
): void {
  const { texts, asked } = chosenTexts(set, source);
  const made = madeRows(texts, questions);
  const lines = linesOf(join(source, "train.jsonl"));
  const validating = splitOf(set, lines.length).valid.map((line) => lines[line]!);
  const rowsBy = { people: asked, model: made, both: [...asked, ...made] };
  const sets = SETS.filter(({ made: by }) => by?.of === set.name);
  if (sets.length === 0) throw new Error(`The study has no set with questions made for ${set.name}.`);
  for (const of of sets) {
    const { askedBy } = of.made!;
    const rows = rowsBy[askedBy];
    const folder = join(to, of.name);
    mkdirSync(folder, { recursive: true });
    writeLines(
      join(folder, "train.jsonl"),
      rows.map((row) => JSON.stringify(row)),
    );
    writeLines(join(folder, of.valid), [...linesOf(join(source, set.valid)), ...validating]);
    writeLines(join(folder, of.test), linesOf(join(source, set.test)));
    const written: Written = {
      texts: texts.length,
      writer,
      questions: askedBy === "people" ? 0 : questions.length,
    };
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
