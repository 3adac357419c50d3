/** Why a file cannot be used as data, in English. */
import { inWords } from "../../../native-models/codes.ts";
import type { WordsFor } from "../../../native-models/codes.ts";
import type { BadData, BadDataReason, ClaimedKind, RefusedFormatName } from "../failures/bad-data.ts";
import { leftOutText } from "../failures/left-out.ts";
import { REFUSED_FORMATS } from "../data/refused-formats.ts";
import { pageProblemText } from "../failures/page-problem.ts";

const BAD_DATA: WordsFor<BadData> = {
  empty: "the file is empty",
  "only-a-header": "the file has a header, but no rows",
  damaged: "the file is damaged",
  truncated: "its end is missing; the file is truncated",
  "damaged-or-unsupported": "the file is damaged, or of a kind that is not supported",
  "damaged-page": ({ page }) => `page ${page} of the PDF is damaged`,
  "damaged-data-set": "the file is damaged; read the data again",
  "damaged-improvement": "the file is damaged; make the improvement again",
  "too-large": ({ mib }) => `the file is larger than ${mib} MiB`,
  "unpacks-to-much": ({ mib, parts }) =>
    parts
      ? `the file unpacks to more than ${mib} MiB of text; save it in parts, a large table as CSV`
      : `it unpacks to more than ${mib} MiB; unpack it first`,
  "large-row-groups": "its groups of rows are too large; write it with smaller ones",
  "too-many-columns": ({ most }) => `the file has more than ${most} columns`,
  "too-many-cells": "a sheet has too many cells; save the part that is needed as a sheet of its own",
  "too-many-files": ({ most }) => `there are more than ${most} files in it`,
  "archive-over-4-gb": "the file is in the form for archives over 4 GB; unpack it first",
  compression: ({ method }) =>
    method === null
      ? "the file is compressed with a method that is not supported"
      : `the file is compressed with ${method}, which is not supported; write it with Snappy or gzip`,
  "nested-too-deep": "its parts are nested too deep",
  password: "it is protected by a password; save it without one",
  encrypted: "it is encrypted; save it without encryption",
  "encrypted-message":
    "it is encrypted or signed as a whole (S/MIME, PGP); save its text in the e-mail program",
  "encrypted-documents": "its documents are protected by a password; pack them without one",
  "copy-protected": "the book is protected against copying (DRM) and cannot be read",
  "refused-format": ({ format }) => refusedText(format),
  misnamed: ({ as }) => `its name is that of ${CLAIMED[as]}, but it is not one`,
  "old-office": "it is an old or protected Office file; save it as DOCX or XLSX, without a password",
  model: "it is a model, not data",
  gzip: "it is packed (gzip); unpack it first",
  zip: "it is a ZIP archive, not a document; unpack it first",
  "no-mail": "it has no header lines, so it is not an e-mail message",
  "unknown-odf": "it is an OpenDocument file without text, slides or sheets",
  picture: "it is a picture; switch on text recognition (OCR)",
  "no-documents": ({ formats }) => `there are no documents in it that can be read (${formats.join(", ")})`,
  "no-documents-but": ({ file, format }) =>
    `there are no documents in it that can be read; ${file}: ${refusedText(format)}`,
  "no-split": ({ splits }) => {
    const names = splits.map((split) => (split === "offDomain" ? "off-domain" : split));
    return `this folder has no file whose name begins with ${names.join(" or ")}`;
  },
  "not-from-archive": ({ why }) => `it is not read from its archive (${why})`,
  "no-text": "it contains no text",
  "no-text-place": "it does not say where its text is; the file is damaged",
  "only-imports": "it only imports files that cannot be read; open it in Word and save it",
  "only-drawings":
    "it only contains diagrams and charts, which are not read; add what they show as text or a table",
  "only-pictures": "it contains no text, only pictures of pages; switch on text recognition (OCR)",
  "unmapped-letters":
    "the PDF does not say which characters its letters are; switch on text recognition (OCR)",
  "nothing-recognised": ({ problem }) =>
    `no text was recognised in it${problem === null ? "" : `: ${pageProblemText(problem)}`}`,
  entities: "its XML defines entities of its own, which are not read; save it without them",
  "xml-data": "its XML contains data, not text; save it as CSV or XLSX",
  "no-table": "it has no sheet with a row of column names and rows below it",
  "no-visible-table":
    "no sheet shows a row of column names with rows below it; show hidden sheets, rows and columns to use them",
  "large-group": ({ group }) =>
    `too many of its rows have the same value of the group "${group}", so that none can be split off; choose another column as the group or none, or add validation and test data`,
  "unknown-encoding": ({ encoding }) => `its encoding "${encoding}" is not known`,
  "utf-16": "the text is UTF-16; save it as UTF-8",
  "not-utf-8": "the line is not valid UTF-8",
  "not-text": "it has characters that no text has; this is not a text file",
  "long-line": "the line is longer than 16 MiB",
  "open-quote": "a quotation mark is not closed, or is inside a field without being doubled",
  "several-lists": ({ names }) =>
    `the JSON contains several lists (${names.join(", ")}); save each as a file of its own with that name`,
  "no-list": "the JSON contains no list of objects to read rows from",
  "bad-json": "it is not valid JSON",
  "json-list": "the line is a JSON array; put one object on each line",
  "part-of-json": "the line is only the beginning of JSON; put one whole object on each line",
  "no-object": "the line is not a JSON object",
  "no-prompt": "it is not JSON with an id and a prompt",
  "no-correction": "it is not a question with its right answer",
  row: ({ place, why }) => `the ${place} ${leftOutText(why)}`,
};

const CLAIMED: Readonly<Record<ClaimedKind, string>> = {
  word: "a Word document",
  odt: "an OpenDocument text",
  epub: "a book in EPUB",
  odp: "an OpenDocument presentation",
  presentation: "a presentation",
  spreadsheet: "a spreadsheet",
  parquet: "a Parquet file",
  pdf: "a PDF",
  rtf: "an RTF document",
  outlook: "an Outlook message",
  picture: "a picture",
};

const REFUSED: Readonly<Record<RefusedFormatName, string>> = {
  oldPresentation: "a presentation of PowerPoint 2003 or older",
  binaryWorkbook: "a binary workbook (XLSB)",
  xmlWorkbook: "a workbook in Excel's XML of 2003",
  flatOpenDocument: "an OpenDocument file as one XML file",
  oldWorkbook: "a workbook of Excel 95 or older",
  mailbox: "a mailbox (mbox)",
  oldWord: "a document of Word 95 or older",
};

/** What a file of such a format is, and what to do. */
function refusedText(format: RefusedFormatName): string {
  const { programs, saveAs } = REFUSED_FORMATS[format];
  return `it is ${REFUSED[format]}; open it in ${programs.join(" or ") || "a mail program"} and save it as ${saveAs}`;
}

export const badDataText = (reason: BadDataReason): string => inWords<BadData>(BAD_DATA, reason);
