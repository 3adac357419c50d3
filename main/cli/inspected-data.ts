/** What was seen of a person's data, as lines for them. */
import { basename } from "node:path";
import { bytesText, countText, percentText } from "../../preload/contract/figures.ts";
import type { FieldMapping, TokenLengths } from "../../preload/contract/data.ts";
import type { InspectedFile, PreviewRow, ReadSheet, Uninspected } from "../../preload/contract/inspection.ts";
import { notReadName, SHAPE_NAMES } from "../../preload/contract/inspection-words.ts";
import { leftOutText } from "../../preload/contract/left-out.ts";
import type { FoundKind } from "../../preload/contract/personal.ts";
import { personalText } from "../../preload/contract/personal-words.ts";
import { placeKindByName, placeKindOf, placeText } from "../../preload/contract/places.ts";
import type { PlaceKind } from "../../preload/contract/places.ts";
import { sentence } from "../../preload/contract/sentence.ts";

const PREVIEW_ROWS = 3;

const UNREAD: Record<NonNullable<ReadSheet["unread"]>, string> = {
  hidden: "hidden",
  "no-table": "no table",
  "other-columns": "other columns",
};

/** The lines about a file, the first of which is its path. */
export function fileLines(file: InspectedFile): string[] {
  const pairs = factsOf(file);
  const width = Math.max(...pairs.map(([name]) => name.length));
  return [
    file.path,
    ...pairs.map(([name, value]) => `  ${name.padEnd(width)}   ${value}`),
    ...file.preview.slice(0, PREVIEW_ROWS).flatMap((row) => previewLines(row, kindOfPlaces(file))),
  ];
}

function factsOf(file: InspectedFile): [string, string][] {
  const { details, split, shape, mapping, leftOut, tokenLengths, failure, kind, personal } = file;
  const facts: (readonly [string, string | null])[] = [
    ["format", formatOf(file)],
    ["used for", split],
    ...(details.sheets ?? []).map((sheet) => ["sheet", sheetText(sheet)] as const),
    ["shape", shape === null ? null : SHAPE_NAMES[shape]],
    ["rows", kind === null ? null : rowsText(file)],
    ...file.columns.map(({ name, filled, samples }) => {
      const roles = mapping === null ? [] : rolesOf(mapping, name);
      const use = roles.length === 0 ? "not used" : roles.join(", ");
      return [
        "column",
        `${name}: ${use} (${countText(filled)} filled, such as ${samples.join(" · ") || "none"})`,
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
  details: { encoding, delimiter, pages, emptyPages },
}: InspectedFile): string | null {
  if (format === null) return null;
  const parts = [
    format.toUpperCase(),
    bytesText(sizeBytes),
    encoding,
    delimiter === undefined ? undefined : `separated by ${JSON.stringify(delimiter)}`,
    pages === undefined
      ? undefined
      : `${countText(pages)} pages${emptyPages ? `, ${countText(emptyPages)} of them without text` : ""}`,
  ];
  return parts.filter((part) => part !== undefined).join(", ");
}

function sheetText({ name, rows, unread }: ReadSheet): string {
  return `${name}: ${countText(rows)} rows, ${unread === null ? "read" : `not read (${UNREAD[unread]})`}`;
}

function rowsText({ rows, characters }: InspectedFile): string {
  const kinds = Object.entries(rows).filter(([, count]) => count > 0);
  const counts = kinds.map(([kind, count]) => `${countText(count)} ${kind}`);
  return `${counts.join(", ") || "none"}; ${countText(characters)} characters`;
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
  return `${personalText(kind, places)}, such as: ${`${before}»${text}«${after}`.replace(/\s+/g, " ").trim()}`;
}

const kindOfPlaces = ({ format, path }: InspectedFile): PlaceKind =>
  format === null ? placeKindByName(path) : placeKindOf(format);

function previewLines(row: PreviewRow, kind: PlaceKind): string[] {
  const lines = (() => {
    switch (row.kind) {
      case "example":
        return [row.prompt, `→ ${row.completion}`];
      case "question":
        return [row.question, ...row.choices.map((choice, i) => `${i === row.answer ? "→" : " "} ${choice}`)];
      case "conversation":
        return row.messages.map(({ role, content }) => `${role}: ${content}`);
    }
  })();
  const shown = lines.filter((line) => line !== "").map((line) => `    ${line.replace(/\s+/g, " ")}`);
  return [`  ${placeText(kind, row.line)}`, ...shown];
}

/** "Not read: a.png, b.zip (cannot be read)." */
export function notReadText({ notRead, moreNotRead }: Uninspected): string {
  const names = notRead.slice(0, 20).map(({ path, why }) => notReadName({ name: basename(path), why }));
  const more = notRead.length + moreNotRead - names.length;
  return `Not read: ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`;
}
