/** Documents: cases 54 to 59 and 61. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { deflateSync } from "node:zlib";
import { expect } from "vitest";
import { pdfBytes } from "../../main/documents/pdf/pdf-bytes.ts";
import type { FormField } from "../../main/documents/pdf/pdf-bytes.ts";
import { docxBytes, docxParts, zipBytes } from "../../main/documents/files/zip-bytes.ts";
import type { HostileCase } from "../case.ts";
import { badData, file, LAUGHS } from "./document-file.ts";
import { writeSparse } from "../sparse.ts";

const sparse = (
  title: string,
  name: string,
  beginning: string,
  sizeBytes: number,
  expected: object,
): HostileCase => ({
  title,
  name,
  expected,
  write: (path) => writeSparse(path, beginning, sizeBytes),
});

const body = (xml: string) => zipBytes(docxParts(xml));
const paragraph = (text: string) => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`;
const REFERENCE = '<w:footnoteReference w:id="2"/>';
const spaces = (bytes: number) => " ".repeat(bytes);

/** A Word document with a document type before the text. */
function withDoctype(doctype: string, text: string): Buffer {
  const parts = docxParts(paragraph(text));
  return zipBytes(
    parts.map((part) =>
      part.name === "word/document.xml" ? { ...part, content: doctype + String(part.content) } : part,
    ),
  );
}

const SECRET = "hostname-of-this-machine";

const words: HostileCase[] = [
  file(
    "54 a Word document that unpacks to 300 MB",
    "a.docx",
    () => body(spaces(300e6)),
    badData(/unpacks to more than 64 MiB/),
  ),
  file(
    "54 one that says it unpacks to 1 byte",
    "a.docx",
    () => lying(body(spaces(300e6))),
    badData(/unpacks to more than 64 MiB/),
  ),
  file("54 one whose directory lists a part 60,000 times", "a.docx", () => crowded(60_000), "either"),
  file(
    "54 one in one",
    "a.docx",
    () => zipBytes([{ name: "a.docx", content: docxBytes("x") }]),
    badData(/ZIP archive, not a document/),
  ),
  file(
    "55 entities of entities, to two thousand million letters",
    "a.docx",
    () => withDoctype(LAUGHS, "&a30;"),
    "either",
  ),
  file(
    "55 an entity that is a file of this computer",
    "a.docx",
    () => withDoctype('<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>', `${SECRET} &f;`),
    "either",
    (_, seen) => expect(JSON.stringify(seen)).not.toContain("root:"),
  ),
  file(
    "55 elements nested 100,000 deep",
    "a.docx",
    () => body(`${"<w:sdt><w:sdtContent>".repeat(1e5)}${"</w:sdtContent></w:sdt>".repeat(1e5)}`),
    badData(/nested/),
  ),
  file(
    "55 tables nested 60 deep, whose rows could each be read in two ways",
    "a.docx",
    () =>
      body(
        `${"<w:tbl><w:tr><w:tc>".repeat(60)}${paragraph("Some text.")}${"</w:tc></w:tr></w:tbl>".repeat(60)}`,
      ),
    null,
  ),
  file(
    "55 the same in controls",
    "a.docx",
    () =>
      body(
        `${"<w:tbl><w:tr><w:tc><w:sdt><w:sdtContent>".repeat(40)}${paragraph("Some text.")}${"</w:sdtContent></w:sdt></w:tc></w:tr></w:tbl>".repeat(40)}`,
      ),
    null,
  ),
  file(
    "55 a note of 100,000 letters that is referred to 50,000 times, and by itself",
    "a.docx",
    () =>
      zipBytes([
        ...docxParts(`<w:p><w:r>${REFERENCE.repeat(50_000)}<w:t>Some text.</w:t></w:r></w:p>`),
        {
          name: "word/footnotes.xml",
          content: `<w:footnotes><w:footnote w:id="2"><w:p><w:r>${REFERENCE}<w:t>${"a ".repeat(50_000)}</w:t></w:r></w:p></w:footnote></w:footnotes>`,
        },
      ]),
    null,
  ),
  file(
    "56 parts named ../",
    "a.docx",
    () =>
      zipBytes([
        ...docxParts(paragraph("Some text.")),
        { name: "../escaped.txt", content: "x" },
        { name: "/tmp/coppice-escaped", content: "x" },
      ]),
    null,
    (path) => {
      expect(existsSync(join(dirname(dirname(path)), "escaped.txt"))).toBe(false);
      expect(existsSync("/tmp/coppice-escaped")).toBe(false);
    },
  ),
];

const line = (text: string, y = 700) => [{ text, y }];

const pdfs: HostileCase[] = [
  file(
    "57 a PDF whose pages refer to themselves",
    "a.pdf",
    () =>
      changedPdf((text) =>
        text.replace("/Kids [4 0 R]", "/Kids [2 0 R 2 0 R]").replace("/Count 1", "/Count 1000000"),
      ),
    badData(/PDF|damaged|truncated/),
  ),
  file(
    "57 one that claims a thousand million pages",
    "a.pdf",
    () => changedPdf((text) => text.replace("/Count 1", "/Count 1000000000")),
    "either",
  ),
  file(
    "57 an encrypted one",
    "a.pdf",
    () => pdfBytes([line("Secret.")], "/Encrypt << /Filter /Standard /V 1 /R 2 /O <00> /U <00> /P -4 >>"),
    badData(/password/),
  ),
  file(
    "57 a font whose matrix is a program",
    "a.pdf",
    () =>
      changedPdf((text) =>
        text.replace(
          "/BaseFont /Helvetica",
          "/BaseFont /Helvetica /FontMatrix [1 2 3 4 5 (0\\); globalThis.process.exit\\(7\\);\\/\\/)]",
        ),
      ),
    "either",
  ),
  file(
    "57 a stream that is packed twenty times over, it says",
    "a.pdf",
    () =>
      changedPdf((text) =>
        text.replace(
          /<< \/Length \d+ >>\nstream\n/,
          `<< /Length 0 /Filter [${"/FlateDecode ".repeat(20)}] >>\nstream\n`,
        ),
      ),
    "either",
  ),
  file(
    "57 a stream of 64 MB in 1 kB",
    "a.pdf",
    () => bomb(64 * 2 ** 20),
    badData(/PDF|damaged|truncated|no text/),
  ),
  file("57 two pages that the table does not find", "a.pdf", () => lostPages(), "either"),
];

const field = (entries: string, appearance?: FormField["appearance"]): FormField => ({
  text: "x",
  y: 100,
  entries,
  ...(appearance && { appearance }),
});
const text = (value: string) => `/FT /Tx /V (${value}) /DA (/F1 0 Tf 0 g)`;
const form =
  (change: (pdf: string) => string, ...fields: readonly FormField[]) =>
  () =>
    Buffer.from(change(pdfBytes([line("Some text.")], "", fields).toString("latin1")), "latin1");
const asIs = (pdf: string) => pdf;

const forms: HostileCase[] = [
  file("57 a form of 10,000 fields that nothing shows", "a.pdf", form(asIs, ...Array.from({ length: 10_000 }, () => field(text("y")))), null),
  file("57 a field with a value of 3 MB", "a.pdf", form(asIs, field(text("word ".repeat(6e5)))), "either"),
  file("57 a field whose appearance shows itself", "a.pdf", form((pdf) => pdf.replace("/Tx BMC BT", "/X1 Do   BT").replace("/BBox [0 0 200 20] /Resources <<", "/BBox [0 0 200 20] /Resources << /XObject << /X1 7 0 R >>"), field(text("y"), "full")), "either"),
  file("57 a value of 3 MB with a blank appearance", "a.pdf", form(asIs, field(text("word ".repeat(6e5)), "blank")), "either"),
  file("57 a field whose parent is itself", "a.pdf", form(asIs, field("/FT /Tx /Parent 6 0 R /DA (/F1 1e30 Tf)")), "either"),
  file("57 fields of types and places that there are not", "a.pdf", form((pdf) => pdf.replaceAll("/Rect [200 95 400 115]", "/Rect [1e38 -1e38 0 0]    "), field("/FT /Xx /V 7"), field("/FT /Btn /V /Yes /AS /Yes"), field("/FT /Ch /Opt [[] 7 (a)] /V [(a) 1]")), null),
  file("57 a page over which it lies 100,000 times", "a.pdf", form((pdf) => pdf.replace("/Annots [6 0 R]", `/Annots [${"6 0 R ".repeat(1e5)}]`), field(text("y"), "full")), "either"),
]; // prettier-ignore

const IHDR = Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "latin1");

/** Without text recognition, no picture is decoded. */
const pictures: HostileCase[] = [
  file(
    "57 a picture of 2³² pixels in 40 bytes",
    "a.png",
    () => Buffer.concat([IHDR, Buffer.alloc(20, 0xff)]),
    badData(/it is a picture.*OCR/),
  ),
];

const tables: HostileCase[] = [
  sparse(
    "58 CSV of 2 GB without anything in it",
    "a.csv",
    "prompt,completion\n",
    2 * 2 ** 30,
    badData(/not a text file/, 2),
  ),
  sparse(
    "58 JSONL with a line of 2 GB",
    "a.jsonl",
    '{"prompt":"',
    2 * 2 ** 30,
    badData(/longer than 16 MiB/, 1),
  ),
  file(
    "58 a quotation mark that is not closed",
    "a.csv",
    () => `prompt,completion\n"a,b\n${"c,d\n".repeat(1e5)}`,
    badData(/not closed/),
  ),
  file(
    "58 250,000 of them between tabs",
    "a.tsv",
    () => `prompt\tcompletion\n${'"a" b\t"c\n'.repeat(250_000)}`,
    null,
  ),
  file(
    "58 CSV with a line of 40 MB",
    "a.csv",
    () => `prompt,completion\n${"a".repeat(40e6)}`,
    badData(/longer than 16 MiB/, 2),
  ),
  file(
    "58 bytes that are letters in some encodings",
    "a.txt",
    () => Buffer.alloc(2e6, "\x81a\x8a", "latin1"),
    "either",
  ),
  file("58 a word of 10 million letters", "a.txt", () => "š".repeat(10e6), null),
  file("58 a NUL", "a.csv", () => "prompt,completion\na,b\0\n", badData(/not a text file/, 2)),
  file("58 UTF-16", "a.csv", () => Buffer.from("\ufeffprompt,completion\na,b\n", "utf16le"), null),
  file(
    "58 UTF-16 that ends within a character",
    "a.csv",
    () => Buffer.from("\ufeffprompt,completion\na,b\n", "utf16le").subarray(0, -1),
    badData(/truncated/),
  ),
  file(
    "58 a million columns",
    "a.csv",
    () => `${",".repeat(1e6)}\n${",".repeat(1e6)}x\n`,
    badData(/header, but no rows|empty|fields/),
  ),
  file(
    "59 JSONL with halves of characters",
    "a.jsonl",
    () => '{"prompt":"a\\ud800","completion":"b"}\n',
    badData(/lone surrogate/, 1),
  ),
  file(
    "59 bytes of such halves",
    "a.jsonl",
    () =>
      Buffer.concat([
        Buffer.from('{"prompt":"'),
        Buffer.of(0xed, 0xa0, 0x80),
        Buffer.from('","completion":"b"}\n'),
      ]),
    badData(/not valid UTF-8/, 1),
  ),
  file(
    "59 JSONL nested 100,000 deep",
    "a.jsonl",
    () => `{"prompt":${"[".repeat(1e5)}${"]".repeat(1e5)},"completion":"b"}\n`,
    badData(/JSON|not text/),
  ),
  file(
    "61 Markdown with a script and a picture from elsewhere",
    "a.md",
    () => "# Title\n\n<script>alert(1)</script>\n\n![x](http://example.com/x.png)\n",
    null,
    (_, seen) => expect(JSON.stringify(seen?.preview)).toContain("<script>alert(1)</script>"),
  ),
  file("Markdown of 100,000 headings without text between them", "a.md", () => "# x\n\n".repeat(1e5), null),
];

export const documentCases: readonly HostileCase[] = [...words, ...pdfs, ...forms, ...pictures, ...tables];

/** The same archive, each of whose parts says that it unpacks to one byte. */
function lying(archive: Buffer): Buffer {
  for (let at = 0; (at = archive.indexOf("PK\x01\x02", at)) >= 0; at += 4) archive.writeUInt32LE(1, at + 24);
  for (let at = 0; (at = archive.indexOf("PK\x03\x04", at)) >= 0; at += 4) archive.writeUInt32LE(1, at + 22);
  return archive;
}

/** A document with many more parts, all of which are the same bytes. */
function crowded(count: number): Buffer {
  const archive = docxBytes("Some text.");
  const end = archive.lastIndexOf("PK\x05\x06");
  const start = archive.readUInt32LE(end + 16);
  const one = archive.subarray(start, archive.indexOf("PK\x01\x02", start + 4));
  const directory = Buffer.concat([archive.subarray(start, end), ...Array<Buffer>(count).fill(one)]);
  const tail = Buffer.from(archive.subarray(end));
  tail.writeUInt16LE(count + 3, 8);
  tail.writeUInt16LE(count + 3, 10);
  tail.writeUInt32LE(directory.length, 12);
  return Buffer.concat([archive.subarray(0, start), directory, tail]);
}

function changedPdf(change: (text: string) => string): Buffer {
  return Buffer.from(change(pdfBytes([line("Some text.")]).toString("latin1")), "latin1");
}

/** A page of spaces, packed twice. */
function bomb(sizeBytes: number): Buffer {
  const packed = deflateSync(deflateSync(Buffer.alloc(sizeBytes, " "))).toString("latin1");
  return changedPdf((text) =>
    text.replace(
      /<< \/Length \d+ >>\nstream\n[^]*\nendstream/,
      () =>
        `<< /Length ${packed.length} /Filter [/FlateDecode /FlateDecode] >>\nstream\n${packed}\nendstream`,
    ),
  );
}

/** Found by fuzzing: pdf.js looks for a page that it then does without, and nobody waits for that to fail. */
function lostPages(): Buffer {
  const page = (letter: string) =>
    ["a", "b", "c"].map((place, i) => ({
      text: `line number ${place} of page ${letter} here`,
      y: 700 - 12 * i,
    }));
  const bytes = pdfBytes(["x", "y", "z"].map(page));
  const table = bytes.indexOf("0000000000 65535 f");
  for (const object of [4, 6]) bytes.write("0000000001", table + 20 * object);
  return bytes;
}
