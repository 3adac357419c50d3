/** Empty sheets for questions and answers, to begin with: CSV for spreadsheet programs, DOCX for Word. */
import { crc32 } from "../../documents/files/checksum.ts";
import type { Language } from "../../../preload/contract/words/language.ts";

const words: Record<Language, { name: string; columns: [string, string]; separator: string; about: string }> =
  {
    en: {
      name: "questions",
      columns: ["Question", "Answer"],
      separator: ",",
      about: "One question and its answer in each row. Save this file, then add it in Coppice.",
    },
    de: {
      name: "fragen",
      columns: ["Frage", "Antwort"],
      separator: ";", // of German spreadsheet programs
      about:
        "Eine Frage und ihre Antwort je Zeile. Speichern Sie die Datei und fügen Sie sie in Coppice hinzu.",
    },
  };
const EMPTY_ROWS = 30;

/** The content of a sheet, and the name of its file without an extension. */
export function questionSheet(
  format: "csv" | "docx",
  language: Language,
): { name: string; content: string | Buffer } {
  const { name, columns, separator, about } = words[language];
  const csv = `\ufeff${columns.join(separator)}\r\n`;
  return { name, content: format === "csv" ? csv : docxOf(about, columns) };
}

function docxOf(about: string, columns: readonly string[]): Buffer {
  const paragraph = (text: string, properties = "") =>
    `<w:p><w:r>${properties}<w:t>${text}</w:t></w:r></w:p>`;
  const cell = (content: string) =>
    `<w:tc><w:tcPr><w:tcW w:w="4500" w:type="dxa"/></w:tcPr>${content}</w:tc>`;
  const names = columns.map((name) => cell(paragraph(name, "<w:rPr><w:b/></w:rPr>"))).join("");
  const header = `<w:tr><w:trPr><w:tblHeader/></w:trPr>${names}</w:tr>`;
  const row = `<w:tr>${columns.map(() => cell("<w:p/>")).join("")}</w:tr>`;
  const borders = ["top", "left", "bottom", "right", "insideH", "insideV"].map(
    (side) => `<w:${side} w:val="single" w:sz="4"/>`,
  );
  const table = `<w:tbl><w:tblPr><w:tblBorders>${borders.join("")}</w:tblBorders></w:tblPr>${header}${row.repeat(EMPTY_ROWS)}</w:tbl>`;
  const open = "http://schemas.openxmlformats.org";
  const type = "application/vnd.openxmlformats";
  return storedZip({
    "[Content_Types].xml": `<Types xmlns="${open}/package/2006/content-types"><Default Extension="rels" ContentType="${type}-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="${type}-officedocument.wordprocessingml.document.main+xml"/></Types>`,
    "_rels/.rels": `<Relationships xmlns="${open}/package/2006/relationships"><Relationship Id="r1" Type="${open}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
    "word/document.xml": `<w:document xmlns:w="${open}/wordprocessingml/2006/main"><w:body>${paragraph(about)}${table}<w:p/></w:body></w:document>`,
  });
}

/** A ZIP archive (APPNOTE.TXT 6.3) of uncompressed files. */
function storedZip(files: Readonly<Record<string, string>>): Buffer {
  const [parts, directory]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text);
    const facts = Buffer.alloc(26); // both headers have these: version, flags, method, time, date, hash, sizes, lengths
    facts.writeUInt16LE(20, 0);
    facts.writeUInt32LE(crc32(content), 10);
    facts.writeUInt32LE(content.length, 14);
    facts.writeUInt32LE(content.length, 18);
    facts.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    const local = [Buffer.from("PK\x03\x04"), facts, Buffer.from(name), content];
    directory.push(Buffer.from("PK\x01\x02\x14\0"), facts, place, Buffer.from(name));
    parts.push(...local);
    offset += local.reduce((sum, { length }) => sum + length, 0);
  }
  const end = Buffer.alloc(18);
  const entries = Object.keys(files).length;
  end.writeUInt16LE(entries, 4);
  end.writeUInt16LE(entries, 6);
  end.writeUInt32LE(Buffer.concat(directory).length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, ...directory, Buffer.from("PK\x05\x06"), end]);
}
