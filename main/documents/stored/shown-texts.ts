/**
 * The texts of a document that its report shows beside its rows: headers and footers that are left out, and the names of columns, sheets and
 * attached files.
 */
import type { FieldMapping, LeftOutRows } from "../../../preload/contract/data/data.ts";
import type { FoundDocument } from "../read-document.ts";

/** The document with these texts changed. */
export function withShownTexts(
  document: FoundDocument,
  { text: changed, fileName }: Record<"text" | "fileName", (shown: string) => string>,
): FoundDocument {
  const { details, columns, mapping, leftOut } = document;
  const { runningLines, sheets, attachments } = details;
  return {
    ...document,
    details: {
      ...details,
      ...(runningLines && {
        runningLines: { ...runningLines, examples: runningLines.examples.map(changed) },
      }),
      ...(sheets && { sheets: sheets.map((sheet) => ({ ...sheet, name: changed(sheet.name) })) }),
      ...(attachments && { attachments: { ...attachments, names: attachments.names.map(fileName) } }),
    },
    columns: columns.map(changed),
    mapping: mapping && withColumns(mapping, changed),
    leftOut: leftOut.map((one) => withReason(one, changed)),
  };
}

/** What is no column in a mapping. */
const CHOICES = ["kind", "form", "answerForm"];

function withColumns(mapping: FieldMapping, changed: (column: string) => string): FieldMapping {
  const renamed = (named: unknown): unknown => {
    if (Array.isArray(named)) return named.map(renamed);
    return typeof named === "string" ? changed(named) : named;
  };
  const entries = Object.entries(mapping).map(([role, named]): [string, unknown] => [
    role,
    CHOICES.includes(role) ? named : renamed(named),
  ]);
  return Object.fromEntries(entries) as FieldMapping;
}

function withReason({ reason, ...one }: LeftOutRows, changed: (column: string) => string): LeftOutRows {
  if (reason.code !== "unknown-columns") return { reason, ...one };
  return { reason: { ...reason, columns: reason.columns.map(changed) }, ...one };
}
