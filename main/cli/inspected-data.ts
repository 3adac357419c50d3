/** What an inspection found in a person's data, as lines for the terminal. */
import { noteText } from "../../preload/contract/words/notes.ts";
import { basename } from "node:path";
import { bytesText, countText, counted, percentText } from "../../preload/contract/words/figures.ts";
import { rowCount } from "../../preload/contract/data/data.ts";
import type {
  DatasetReport,
  FieldMapping,
  SplitName,
  TokenLengths,
} from "../../preload/contract/data/data.ts";
import { SPLITS } from "../../preload/contract/data/data-files.ts";
import type {
  InspectedFile,
  PreviewRow,
  ReadSheet,
  Uninspected,
} from "../../preload/contract/data/inspection.ts";
import { hiddenText, notReadName } from "../../preload/contract/words/inspection-words.ts";
import { leftOutText } from "../../preload/contract/failures/left-out.ts";
import type { FoundKind } from "../../preload/contract/data/personal.ts";
import { personalText } from "../../preload/contract/words/personal-words.ts";
import { placeIn, placeKindByName, placeKindOf, placeText } from "../../preload/contract/data/places.ts";
import type { PlaceKind } from "../../preload/contract/data/places.ts";
import { sentence } from "../../preload/contract/words/sentence.ts";

const PREVIEW_ROWS = 3;

/** The splits as a person reads them. */
export const SPLIT_NAMES: Readonly<Record<SplitName, string>> = {
  train: "training",
  valid: "validation",
  test: "test",
  offDomain: "off-domain",
};

const UNREAD: Record<NonNullable<ReadSheet["unread"]>, string> = {
  hidden: "hidden",
  "no-table": "no table",
  "other-columns": "other columns",
};

const onOneLine = (text: string) => text.replace(/\s+/g, " ").trim();

type Fact = readonly [string, string];

/** The lines about a file, starting with its path; for a table also its first rows, so that a person can check the columns. */
export function fileLines(file: InspectedFile): string[] {
  return [file.path, ...factLines(factsOf(file)), ...(file.columns.length > 0 ? rowsRead(file) : [])];
}

/** The first texts of documents as they were read; tables already show theirs in `fileLines`. */
export function textsLines(files: readonly InspectedFile[]): string[] {
  const shown = files.filter(({ columns, preview }) => columns.length === 0 && preview.length > 0);
  const lines = shown.flatMap((file) => [file.path, ...rowsRead(file)]);
  return lines.length === 0 ? [] : ["Texts as they were read, before anything is left out of them", ...lines];
}

const rowsRead = (file: InspectedFile): string[] =>
  file.preview
    .slice(0, PREVIEW_ROWS)
    .flatMap((row) => previewLines(row, placeText(kindOfPlaces(file), row.line)));

/** Data as it would be used: the reader's report, and the first rows of each split. */
export interface UsedData {
  readonly report: DatasetReport;
  readonly rows: Readonly<Record<SplitName, readonly PreviewRow[]>>;
}

export function usedLines({ report, rows }: UsedData): string[] {
  const { splits, tokenLengths, testBaselines: guessed } = report;
  const given = SPLITS.filter((split) => splits[split]);
  const facts: Fact[] = given.map((split) => [SPLIT_NAMES[split], contentText(splits[split]!)]);
  if (tokenLengths) facts.push(["lengths", `of the training rows, ${lengthsText(tokenLengths)}`]);
  if (guessed) facts.push(["guessing", guessedText(guessed)]);
  return [
    "As it would be used",
    ...factLines(facts),
    ...report.notes.map((note) => `  ${noteText(note)}`),
    ...given
      .filter((split) => rowCount(splits[split]) > 0)
      .flatMap((split) => [
        "",
        `First rows, ${SPLIT_NAMES[split]}`,
        ...rows[split].slice(0, PREVIEW_ROWS).flatMap(usedRow),
      ]),
  ];
}

function usedRow(row: PreviewRow): string[] {
  if (!row.origin) return previewLines(row, placeText("row", row.line));
  const { name, kind } = placeIn(row.origin);
  const place = placeText(kind, row.origin.place);
  return previewLines(row, name === "" ? place : `${basename(name)}, ${place}`);
}

const guessedText = ({ chance, bestConstant }: NonNullable<DatasetReport["testBaselines"]>) =>
  `${percentText(chance)} of the test questions; always the most frequent answer, ${percentText(bestConstant)}`;

function factLines(facts: readonly Fact[]): string[] {
  const width = Math.max(...facts.map(([name]) => name.length));
  return facts.map(([name, value]) => `  ${name.padEnd(width)}   ${value}`);
}

function factsOf(file: InspectedFile): Fact[] {
  const { details, split, mapping, leftOut, tokenLengths, failure, kind, personal, severalAnswers } = file;
  const { attachments } = details;
  const facts: (readonly [string, string | null])[] = [
    ["format", formatOf(file)],
    ["used for", SPLIT_NAMES[split]],
    ...(details.sheets ?? []).map((sheet) => ["sheet", sheetText(sheet)] as const),
    ["not read", attachments ? attachmentsText(attachments) : null],
    ["rows", kind === null ? null : rowsText(file)],
    [
      "answers",
      severalAnswers === 0
        ? null
        : `${counted(severalAnswers, "conversation has", "conversations have")} several`,
    ],
    ...file.columns.map(({ name, filled, samples }) => {
      const roles = mapping === null ? [] : rolesOf(mapping, name);
      const use = roles.length === 0 ? "not used" : roles.join(", ");
      const shown = samples.map(onOneLine).join(" · ") || "none";
      return [
        "column",
        `${onOneLine(name)}: ${use} (${countText(filled)} filled, such as ${shown})`,
      ] as const;
    }),
    ["answer is", mapping?.kind === "questions" ? mapping.answerForm : null],
    ...leftOut.map(
      ({ reason, rows, lines }) =>
        [
          "left out",
          `${countText(rows)}: the ${kindOfPlaces(file)} ${leftOutText(reason)} (${lines.join(", ")}${rows > lines.length ? ", …" : ""})`,
        ] as const,
    ),
    ["lengths", tokenLengths && lengthsText(tokenLengths)],
    ...(personal?.kinds ?? []).map((found) => ["personal", personalLine(found)] as const),
    ["unusable", failure && sentence(failure)],
  ];
  return facts.flatMap(([name, value]) => (value === null ? [] : [[name, value]]));
}

function formatOf({
  format,
  sizeBytes,
  details: { encoding, delimiter, pages, emptyPages, slides, emptySlides, chapters },
}: InspectedFile): string | null {
  if (format === null) return null;
  const parts = [
    format.toUpperCase(),
    bytesText(sizeBytes),
    encoding,
    delimiter === undefined ? undefined : `separated by ${JSON.stringify(delimiter)}`,
    pages === undefined ? undefined : partsText(pages, "page", emptyPages),
    slides === undefined ? undefined : partsText(slides, "slide", emptySlides),
    chapters === undefined ? undefined : counted(chapters, "chapter"),
  ];
  return parts.filter((part) => part !== undefined).join(", ");
}

const partsText = (count: number, part: string, empty = 0) =>
  `${counted(count, part)}${empty > 0 ? `, ${countText(empty)} of them without text` : ""}`;

function attachmentsText({ count, names }: NonNullable<InspectedFile["details"]["attachments"]>): string {
  const more = count > names.length ? ` and ${countText(count - names.length)} more` : "";
  return `attached ${names.join(", ")}${more}`;
}

function sheetText({ name, rows, unread, hiddenRows, hiddenColumns }: ReadSheet): string {
  const hidden = hiddenText({ rows: hiddenRows ?? 0, columns: hiddenColumns ?? 0 });
  const read = unread === null ? "read" : `not read (${UNREAD[unread]})`;
  return `${name}: ${counted(rows, "row")}, ${read}${hidden && `, ${hidden} left out`}`;
}

const rowsText = ({ rows, characters }: InspectedFile) =>
  `${contentText(rows)}; ${counted(characters, "character")}`;

function contentText({ examples, questions, conversations }: InspectedFile["rows"]): string {
  const kinds = Object.entries({ example: examples, question: questions, conversation: conversations });
  const some = kinds.filter(([, count]) => count > 0);
  return some.map(([kind, count]) => counted(count, kind)).join(", ") || "none";
}

/** The roles of a column in a mapping. */
function rolesOf({ kind: _, ...mapping }: FieldMapping, column: string): string[] {
  return Object.entries(mapping).flatMap(([role, named]) =>
    role !== "form" && role !== "answerForm" && [named].flat().includes(column) ? [role] : [],
  );
}

function lengthsText({ rows, measuredRows, median, ninetyNinthPercentile, longest }: TokenLengths): string {
  const measured = measuredRows < rows ? `, of ${percentText(measuredRows / rows)} of the rows` : "";
  return `half at most ${countText(median)} tokens, 99% at most ${countText(ninetyNinthPercentile)}, the longest ${countText(longest)}${measured}`;
}

/** "12 names, such as: Dear »Anna Weber«, thank you" */
function personalLine({ kind, places, examples }: FoundKind): string {
  const [example] = examples;
  if (!example) return personalText(kind, places);
  const { before, text, after } = example;
  return `${personalText(kind, places)}, such as: ${onOneLine(`${before}»${text}«${after}`)}`;
}

const kindOfPlaces = ({ format, path }: InspectedFile): PlaceKind =>
  format === null ? placeKindByName(path) : placeKindOf(format);

function previewLines(row: PreviewRow, place: string): string[] {
  const lines = (() => {
    switch (row.kind) {
      case "example":
        return [row.prompt, `→ ${row.completion}`];
      case "question":
        return [row.question, ...row.choices.map((choice, i) => `${i === row.answer ? "→" : " "} ${choice}`)];
      case "conversation":
        return row.messages.map(
          ({ role, content, weight }) => `${role}${weight === 0 ? " (not learnt)" : ""}: ${content}`,
        );
    }
  })();
  const shown = lines.filter((line) => line !== "").map((line) => `    ${line.replace(/\s+/g, " ")}`);
  return [`  ${place}`, ...shown];
}

/** "Not read: a.png, b.zip (cannot be read)." */
export function notReadText({ notRead, moreNotRead }: Uninspected): string {
  const names = notRead.slice(0, 20).map(({ path, ...one }) => notReadName({ name: basename(path), ...one }));
  const more = notRead.length + moreNotRead - names.length;
  return `Not read: ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`;
}
