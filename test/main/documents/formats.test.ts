import { saying } from "../../saying.ts";
import { describe, expect, test } from "vitest";
import { findSources } from "../../../main/documents/files/split-sources.ts";
import { notReadName } from "../../../preload/contract/words/inspection-words.ts";
import { compoundBytes } from "./compound-bytes.ts";
import { frame, odpParagraph, odpParts } from "./office/odp-parts.ts";
import { odtContent, odtParts } from "./office/odt-parts.ts";
import { pdfBytes } from "./pdf/pdf-bytes.ts";
import { pptxParts, shape, slideParagraph } from "./office/pptx-parts.ts";
import { blocksOf, read, refusal } from "./read.ts";
import { failureOf, scratch } from "./scratch.ts";
import { odsParts, rowsXml, workbookParts } from "./sheets/sheet-bytes.ts";
import { xlsBytes } from "./sheets/xls-bytes.ts";
import { docxBytes, docxParts, zipBytes } from "./files/zip-bytes.ts";
import type { ZipPart } from "./files/zip-bytes.ts";

/** The parts of a document whose main part is of another type. */
const typed = (parts: readonly ZipPart[], type: string) =>
  parts.map((part) =>
    part.name === "[Content_Types].xml"
      ? { ...part, content: String(part.content).replace(/[^"]*\.main\+xml/, type) }
      : part,
  );
const template = ([mimetype, ...parts]: readonly ZipPart[]) =>
  zipBytes([{ ...mimetype!, content: `${String(mimetype!.content)}-template` }, ...parts]);

const OPEN = "application/vnd.openxmlformats-officedocument";
const word = docxParts("<w:p><w:r><w:t>Some text.</w:t></w:r></w:p>");
const slides = pptxParts([shape(slideParagraph("Some text."), "body")]);
const sheets = workbookParts([{ name: "One", rows: rowsXml(["question", "answer"], ["a?", "b"]) }]);
const xlsTemplate = xlsBytes([{ name: "One", rows: [["question", "answer"], ["a?", "b"]] }]); // prettier-ignore
const odsRow = (...texts: string[]) =>
  `<table:table-row>${texts.map((text) => `<table:table-cell office:value-type="string"><text:p>${text}</text:p></table:table-cell>`).join("")}</table:table-row>`;

describe.each<[string, string, Buffer]>([
  [".docm", "docx", zipBytes(typed(word, "application/vnd.ms-word.document.macroEnabled.main+xml"))],
  [".dotx", "docx", zipBytes(typed(word, `${OPEN}.wordprocessingml.template.main+xml`))],
  [".dotm", "docx", zipBytes(typed(word, "application/vnd.ms-word.template.macroEnabledTemplate.main+xml"))],
  [".ott", "odt", template(odtParts("<text:p>Some text.</text:p>"))],
  [".pptm", "pptx", zipBytes(slides)],
  [".ppsx", "pptx", zipBytes(slides)],
  [".ppsm", "pptx", zipBytes(slides)],
  [".potx", "pptx", zipBytes(slides)],
  [".potm", "pptx", zipBytes(slides)],
  [".otp", "odp", template(odpParts([frame(odpParagraph("Some text."))]))],
  [".xltx", "xlsx", zipBytes(typed(sheets, `${OPEN}.spreadsheetml.template.main+xml`))],
  [".xltm", "xlsx", zipBytes(typed(sheets, "application/vnd.ms-excel.template.macroEnabled.main+xml"))],
  [".xlt", "xls", xlsTemplate],
  [".ots", "ods", template(odsParts(odsRow("question", "answer") + odsRow("a?", "b")))],
])("A %s file", (extension, format, bytes) => {
  test(`is read as ${format}, in a folder and by any name`, async () => {
    const found = await read(`a${extension}`, bytes);
    expect(found.format).toBe(format);
    expect(found.rows).toHaveLength(1);
    expect((await read("a.bin", bytes)).format).toBe(format);
    const at = scratch({ [`a${extension}`]: bytes, "b.bin": "x" });
    expect(findSources({ data: [at()] }).train).toEqual([at(`a${extension}`)]);
  });

  test("is refused by its name if it is a text", async () => {
    expect((await refusal(`a${extension}`, "Dear Sir,")).reason).toMatch(/its name is that of an? .*, but/);
  });
});

describe.each<[string, string, string | Buffer, RegExp]>([
  [
    "a presentation of 1997",
    "talk.ppt",
    compoundBytes({ "PowerPoint Document": Buffer.alloc(9) }),
    /2003 or older; open it in PowerPoint or LibreOffice and save it as PPTX/,
  ],
  [
    "a binary workbook",
    "prices.xlsb",
    zipBytes([{ name: "xl/workbook.bin", content: "x" }]),
    /\(XLSB\); open it in Excel or LibreOffice and save it as XLSX/,
  ],
  [
    "a workbook in XML",
    "prices.xls",
    '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet/></Workbook>',
    /XML of 2003; open it in Excel or LibreOffice and save it as XLSX/,
  ],
  [
    "an OpenDocument text as one XML file",
    "a.fodt",
    odtContent("<text:p>x</text:p>", "document"),
    /one XML file; open it in LibreOffice and save it as ODT \(ODS, ODP\)/,
  ],
])("%s", (_, name, bytes, sentence) => {
  test("is refused with what it is and how to save it, by any name", async () => {
    for (const named of [name, "a.bin", "a.xml", "a.docx"])
      expect((await refusal(named, bytes)).reason, named).toMatch(sentence);
  });
});

test("a mailbox is refused by its name with how to save it", async () => {
  const mailbox = "From - Fri Mar  1 10:15:00 2024\nSubject: a\n\nSome text.\n";
  expect((await refusal("Inbox.mbox", mailbox)).reason).toMatch(/mailbox \(mbox\).* save it as EML/);
});

test("a file that is named like a refused format is refused as one, in folders too", async () => {
  expect((await refusal("talk.pps", "Dear Sir,")).reason).toMatch(/save it as PPTX/);
  const at = scratch({ "talk.ppt": "x", "prices.xlsb": "x" });
  const failure = await failureOf(() => findSources({ data: [at()] }));
  expect(failure).toMatchObject({
    code: "bad-data",
    reason: saying(/prices\.xlsb: it is .* and save it as XLSX/),
  });
  const mixed = scratch({ "talk.ppt": "x", "lease.txt": "x" });
  expect(
    findSources({ data: [mixed()] }).leftOut.map((one) => notReadName({ ...one, name: "talk.ppt" })),
  ).toEqual(["talk.ppt (save it as PPTX)"]);
});

const paragraphs = [
  "The hirer returns the boat by noon on the last day.",
  "Whoever is late pays half a day's rent; a new agreement is needed after that.",
];

test("the same text gives the same blocks as DOCX, PDF, Markdown and plain text", async () => {
  /** Lines of a page, six words long, with a gap between paragraphs. */
  let y = 700;
  const page = paragraphs.flatMap((paragraph) => {
    y -= 12;
    const lines = paragraph.match(/(?:\S+ ?){1,6}/g)!;
    return lines.map((text) => ({ text: text.trim(), y: (y -= 12) }));
  });
  const at = scratch({
    "a.docx": docxBytes(...paragraphs),
    "a.pdf": pdfBytes([page]),
    "a.md": paragraphs.join("\n\n"),
    "a.txt": paragraphs.join("\n\n"),
  });
  for (const format of ["docx", "pdf", "md", "txt"])
    expect(
      (await blocksOf(at(`a.${format}`))).map(({ text }) => text),
      format,
    ).toEqual(paragraphs);
});
