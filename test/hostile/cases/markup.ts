/** Pages, XML, messages, books and slides. */
import { epubParts } from "../../main/documents/markup/epub-parts.ts";
import { unicode } from "../../main/documents/compound-bytes.ts";
import { msgBytes } from "../../main/documents/mail/msg-bytes.ts";
import { frame, odpBytes, odpList, odpParagraph } from "../../main/documents/office/odp-parts.ts";
import {
  mathObject,
  odtBytes,
  odtContent,
  odtObject,
  odtWithObjects,
} from "../../main/documents/office/odt-parts.ts";
import { pptxBytes, pptxParts, shape, slideParagraph } from "../../main/documents/office/pptx-parts.ts";
import { docxBytes, zipBytes } from "../../main/documents/files/zip-bytes.ts";
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
  file("XML nested 100,000 deep", "a.xml", () => nested("<a>", "</a>", 1e5), badData(/nested too deep/)),
  file(
    "a page nested 100,000 deep",
    "a.html",
    () => nested("<div>", "</div>", 1e5),
    badData(/nested too deep/),
  ),
  file("a page of 300,000 open bold letters", "a.html", () => "<b>x".repeat(3e5), badData(/nested too deep/)),
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
  file("a comment that does not end", "a.xml", () => `<!--${"-".repeat(5e6)}`, badData(/no text/)),
  file(
    "a document type that does not end",
    "a.xml",
    () => `<!DOCTYPE x [${"]".repeat(5e6)}`,
    badData(/no text/),
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
  file("one whose formula is nested 5,000 deep", "a.odt", () => withFormula(nested("<msup><mi>x</mi>", "</msup>", 5000)), "either"), // prettier-ignore
  file("one of 800 long formulas, nested 220 deep", "a.odt", longFormulas, null),
  file("one whose formula is shown 100,000 times", "a.odt", () => withFormula("<mi>x</mi>".repeat(1e5), 1e5), "either"), // prettier-ignore
  file("one whose formula is itself", "a.odt", () => zipBytes(odtWithObjects(`<text:p>text${odtObject(".")}</text:p>`, { ".": odtContent(`<text:p>${odtObject(".")}</text:p>`) })), null), // prettier-ignore
  file("a page of formulas in formulas", "a.html", () => nested("<math><mfrac><mi>x</mi>", "", 4000), "either"), // prettier-ignore
  file("one whose notes have notes", "a.odt", () => odtBytes(nested("<text:p><text:note><text:note-body>", "</text:note-body></text:note></text:p>", 3000)), "either"), // prettier-ignore
  file(
    "an OpenDocument slide of groups in groups",
    "a.odp",
    () => odpBytes([nested("<draw:g>", "</draw:g>", 5000)]),
    badData(/no text/),
  ),
  file(
    "one whose lists are nested 3,000 deep",
    "a.odp",
    () => odpBytes([frame(nested('<text:list text:style-name="L2"><text:list-item>', "</text:list-item></text:list>", 3000).replace("text", odpParagraph("x")))]), // prettier-ignore
    "either",
  ),
  file(
    "one of 100,000 lists that count on from each other",
    "a.odp",
    () => odpBytes([frame(odpList("L2", odpParagraph("x")).repeat(1e5))]),
    null,
  ),
  file("one of 100,000 slides", "a.odp", () => odpBytes(Array(1e5).fill(frame(odpParagraph("x"), "title"))), null), // prettier-ignore
  file(
    "a book whose chapters are outside of it",
    "a.epub",
    () => zipBytes(epubParts("x").map((part) => ({ ...part, content: String(part.content).replace("text/chapter%200.xhtml", "../../../../etc/passwd") }))), // prettier-ignore
    badData(/damaged/),
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
    badData(/nested too deep/),
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
  file(
    "a saved page of parts in parts",
    "a.mhtml",
    () =>
      `MIME-Version: 1.0\r\n${Array.from({ length: 1e4 }, (_, i) => `Content-Type: multipart/related; boundary=b${i}\r\n\r\n--b${i}\r\n`).join("")}`,
    badData(/nested too deep|no text/),
  ),
  file("a saved page whose only part never ends", "a.mhtml", () => `MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n${"<p>x".repeat(1e5)}`, null), // prettier-ignore
  file("a message of 20,000 parts", "a.eml", () => `Content-Type: multipart/mixed; boundary=b\r\n\r\n${"--b\r\n\r\nx\r\n".repeat(2e4)}--b--`, "either"), // prettier-ignore
  file("an Outlook message whose sectors lead in a circle", "a.msg", circle, badData(/damaged/)),
  file("one whose table of sectors is listed in a circle", "a.msg", circleOfLists, "either"),
  file("a message with 5,000 attached texts", "a.eml", () => withAttached(5000, () => ["a.txt", "text"]), null),
  file("a message with 50 attached documents that unpack to 60 MB", "a.eml", swollenAttached, null),
  file("a thousand messages in each other, and 4 MB in the last", "a.eml", forwarded, "either"),
  file("an attached table of a million rows", "a.eml", () => withAttached(1, () => ["a.csv", "a,b\n".repeat(1e6)]), null),
  file("a message to 200,000 people", "a.eml", () => `To: ${"A B <a@example.org>, ".repeat(2e5)}\r\n\r\ntext`, "either"),
  file("an Outlook message that is attached to itself", "a.msg", attachedToItself, null),
]; // prettier-ignore

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

function withFormula(content: string, times = 1): Buffer {
  const shown = odtObject("Object 1").repeat(times);
  return zipBytes(odtWithObjects(`<text:p>text ${shown}</text:p>`, { "Object 1": mathObject(content) }));
}

function longFormulas(): Buffer {
  const formula = nested("<msup><mi>y</mi><mrow>", "</mrow></msup>", 110).replace("text", "x".repeat(9000));
  const objects = Array.from({ length: 800 }, (_, i) => [`Object ${i}`, mathObject(formula)] as const);
  const shown = objects.map(([folder]) => odtObject(folder)).join("");
  return zipBytes(odtWithObjects(`<text:p>text${shown}</text:p>`, Object.fromEntries(objects)));
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

/** A message with files of these names and contents, each as often as is said. */
function withAttached(count: number, fileAt: (index: number) => readonly [string, string | Buffer]): string {
  const parts = Array.from({ length: count }, (_, index) => {
    const [name, content] = fileAt(index);
    return `--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(content).toString("base64")}\r\n`;
  });
  return `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n${parts.join("")}--b--`;
}

function swollenAttached(): string {
  const swollen = docxBytes(" ".repeat(60e6));
  return withAttached(50, () => ["a.docx", swollen]);
}

function forwarded(): string {
  const head = (i: number) =>
    `Subject: ${i}\r\nContent-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n\r\ntext\r\n--b${i}\r\nContent-Type: message/rfc822\r\n\r\n`;
  return `${Array.from({ length: 1000 }, (_, i) => head(i)).join("")}Subject: last\r\n\r\n${"text ".repeat(8e5)}`;
}

/** The storage of its attached message has the entries of the file. */
function attachedToItself(): Buffer {
  const inner = "__attach_version1.0_#00000000/__substg1.0_3701000D";
  const bytes = msgBytes({
    "__substg1.0_1000001F": unicode("Some text."),
    [`${inner}/__substg1.0_1000001F`]: unicode("Some text."),
    [`${inner.replace("0000/", "0001/")}/__substg1.0_1000001F`]: unicode("Some text."),
  });
  const child = 76;
  const root = bytes.indexOf(unicode("Root Entry\0"));
  for (let at = 0; (at = bytes.indexOf(unicode("__substg1.0_3701000D\0"), at)) >= 0; at += 128)
    bytes.copy(bytes, at + child, root + child, root + child + 4);
  return bytes;
}

/** The list of the table's sectors continues in a sector that continues in itself. */
function circleOfLists(): Buffer {
  const bytes = msgBytes({ "__substg1.0_1000001F": unicode("Text. ".repeat(1000)) });
  bytes.writeUInt32LE(0, 68);
  bytes.writeUInt32LE(0, 512 + 508);
  return bytes;
}
