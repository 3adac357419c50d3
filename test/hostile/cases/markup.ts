/** Pages, XML, messages, books and slides. */
import { epubParts } from "../../main/engine/documents/epub-parts.ts";
import { msgBytes, unicode } from "../../main/engine/documents/msg-bytes.ts";
import { odtBytes } from "../../main/engine/documents/odt-parts.ts";
import { pptxBytes, pptxParts, shape, slideParagraph } from "../../main/engine/documents/pptx-parts.ts";
import { zipBytes } from "../../main/engine/documents/zip-bytes.ts";
import type { HostileCase } from "../case.ts";
import { badData, file, LAUGHS } from "./document-file.ts";

const nested = (open: string, close: string, depth: number) =>
  `${open.repeat(depth)}text${close.repeat(depth)}`;

const markup: HostileCase[] = [
  file("entities of entities", "a.xml", () => `${LAUGHS}<x>&a30;</x>`, badData(/entities of its own/)),
  file(
    "an entity that is a file of this computer",
    "a.xml",
    () => '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>',
    badData(/entities of its own/),
  ),
  file(
    "a document type elsewhere, which is not loaded",
    "a.xml",
    () => '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><x>text &f;</x>',
    null,
  ),
  file(
    "XML nested 100,000 deep",
    "a.xml",
    () => nested("<a>", "</a>", 1e5),
    badData(/nested over 10,000 deep/),
  ),
  file("a page nested 100,000 deep", "a.html", () => nested("<div>", "</div>", 1e5), badData(/nested over/)),
  file("a page of 300,000 open bold letters", "a.html", () => "<b>x".repeat(3e5), badData(/nested over/)),
  file("a page of 200,000 ends of nothing", "a.html", () => `text${"</p></x>".repeat(1e5)}`, "either"),
  file("tables in tables in tables", "a.html", () => nested("<table><tr><td>x<td>", "", 2000), "either"),
  file(
    "cells merged over a million columns and rows",
    "a.html",
    () =>
      `<table>${'<tr><td colspan=1000000 rowspan=1000000>x<td rowspan=65534 colspan="-1">y'.repeat(2e4)}</table>`,
    null,
  ),
  file("an attribute of 20 MB", "a.html", () => `<p title="${"x".repeat(20e6)}">text`, null),
  file("a comment that does not end", "a.xml", () => `<!--${"-".repeat(5e6)}`, badData(/no XML element/)),
  file(
    "a document type that does not end",
    "a.xml",
    () => `<!DOCTYPE x [${"]".repeat(5e6)}`,
    badData(/no XML element/),
  ),
];

const archives: HostileCase[] = [
  file(
    "an OpenDocument text that unpacks to 300 MB",
    "a.odt",
    () => odtBytes(" ".repeat(300e6)),
    badData(/unpacks to more than 64 MiB/),
  ),
  file(
    "one with ten thousand million spaces",
    "a.odt",
    () => odtBytes(`<text:p>a${'<text:s text:c="1000000"/>'.repeat(1e4)}b</text:p>`),
    null,
  ),
  file(
    "one whose cells repeat 16,384 times",
    "a.odt",
    () =>
      odtBytes(
        `<table:table>${'<table:table-row><table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell></table:table-row>'.repeat(1000)}</table:table>`,
      ),
    null,
  ),
  file("one whose notes have notes", "a.odt", () => odtBytes(nested("<text:p><text:note><text:note-body>", "</text:note-body></text:note></text:p>", 3000)), "either"), // prettier-ignore
  file(
    "a book whose chapters are outside of it",
    "a.epub",
    () => zipBytes(epubParts("x").map((part) => ({ ...part, content: String(part.content).replace("text/chapter%200.xhtml", "../../../../etc/passwd") }))), // prettier-ignore
    badData(/lacks its part etc\/passwd/),
  ),
  file("a book of 20,000 chapters that are one", "a.epub", () => crowdedBook(20_000), null),
  file(
    "slides in groups in groups",
    "a.pptx",
    () => pptxBytes([nested("<p:grpSp>", "</p:grpSp>", 5000)]),
    badData(/no text/),
  ),
  file(
    "slides of alternatives in alternatives",
    "a.pptx",
    () =>
      pptxBytes([
        nested(
          "<mc:AlternateContent><mc:Choice/><mc:Fallback>",
          "</mc:Fallback></mc:AlternateContent>",
          3000,
        ),
      ]),
    badData(/no text/),
  ),
  file("a slide that is shown 100,000 times", "a.pptx", () => crowdedSlides(100_000), null),
];

const rtf: HostileCase[] = [
  file("RTF of a million groups", "a.rtf", () => `{\\rtf1 ${nested("{", "}", 1e6)}}`, null),
  file(
    "RTF that says it has 2 GB of data",
    "a.rtf",
    () => "{\\rtf1 text\\bin2147483647 x}",
    badData(/truncated/),
  ),
  file("RTF of 100,000 fonts", "a.rtf", () => `{\\rtf1{\\fonttbl${Array.from({ length: 1e5 }, (_, i) => `{\\f${i}\\fcharset${i % 256} x;}`).join("")}}text}`, null), // prettier-ignore
  file("RTF of words that every object has", "a.rtf", () => `{\\rtf1 ${"\\constructor{\\__proto__ x}".repeat(1e5)}}`, null), // prettier-ignore
  file("RTF whose text is left out by number", "a.rtf", () => "{\\rtf1\\uc2147483647\\u252 text}", null),
];

const messages: HostileCase[] = [
  file(
    "a message of parts in parts",
    "a.eml",
    () =>
      `Subject: x\r\n${Array.from({ length: 1e4 }, (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`).join("")}`,
    badData(/its parts cannot be read/),
  ),
  file(
    "a message with a header of 20 MB",
    "a.eml",
    () => `Subject: ${"x".repeat(20e6)}\r\n\r\ntext`,
    "either",
  ),
  file(
    "a subject of 100,000 encoded words",
    "a.eml",
    () => `Subject: ${"=?utf-8?Q?=C3?= ".repeat(1e5)}\r\n\r\ntext`,
    "either",
  ),
  file("a message of 20,000 parts", "a.eml", () => `Content-Type: multipart/mixed; boundary=b\r\n\r\n${"--b\r\n\r\nx\r\n".repeat(2e4)}--b--`, "either"), // prettier-ignore
  file("an Outlook message whose sectors lead in a circle", "a.msg", circle, badData(/directory is damaged/)),
  file("one whose table of sectors is listed in a circle", "a.msg", circleOfLists, "either"),
];

export const markupCases: readonly HostileCase[] = [...markup, ...archives, ...rtf, ...messages];

function crowdedBook(count: number): Buffer {
  const parts = epubParts("<p>text</p>").map((part) => ({
    ...part,
    content: String(part.content).replace(
      '<opf:itemref idref="c0"/>',
      '<opf:itemref idref="c0"/>'.repeat(count),
    ),
  }));
  return zipBytes(parts);
}

function crowdedSlides(count: number): Buffer {
  const parts = pptxParts([shape(slideParagraph("text ".repeat(200)), "body")]).map((part) => ({
    ...part,
    content: String(part.content).replace(/<p:sldId .*?\/>/, (id) => id.repeat(count)),
  }));
  return zipBytes(parts);
}

/** Its first sector of text leads to itself. */
function circle(): Buffer {
  const bytes = msgBytes({ "__substg1.0_1000001F": unicode("Text. ".repeat(1000)) });
  bytes.writeUInt32LE(0, 512 * (bytes.readUInt32LE(76) + 1));
  return bytes;
}

/** The list of the table's sectors continues in a sector that continues in itself. */
function circleOfLists(): Buffer {
  const bytes = msgBytes({ "__substg1.0_1000001F": unicode("Text. ".repeat(1000)) });
  bytes.writeUInt32LE(0, 68);
  bytes.writeUInt32LE(0, 512 + 508);
  return bytes;
}
