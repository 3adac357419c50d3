/** Hand-made books in EPUB. */
import type { ZipPart } from "../files/zip-bytes.ts";
import { zipBytes } from "../files/zip-bytes.ts";

const CONTAINER = `<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>`;

/** The parts of a book with these chapters, whose order in the archive is the reverse of reading. */
export function epubParts(...chapters: string[]): ZipPart[] {
  const items = chapters.map(
    (_, i) => `<item id="c${i}" href="text/chapter%20${i}.xhtml" media-type="application/xhtml+xml"/>`,
  );
  const spine = chapters.map((_, i) => `<itemref idref="c${i}"/>`).join("");
  const contents = `<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/><item id="cover" href="cover.jpg" media-type="image/jpeg"/>`;
  const book = `<opf:package xmlns:opf="http://www.idpf.org/2007/opf"><opf:manifest>${contents}${items.reverse().join("")}</opf:manifest><opf:spine><itemref idref="nav"/>${spine}</opf:spine></opf:package>`;
  const prefixed = book.replace(/<(\/?)(item|itemref)\b/g, "<$1opf:$2");
  const files = chapters.map((body, i) => ({
    name: `OEBPS/text/chapter ${i}.xhtml`,
    content: `<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>Title</title></head><body>${body}</body></html>`,
  }));
  return [
    { name: "mimetype", content: "application/epub+zip" },
    { name: "META-INF/container.xml", content: CONTAINER },
    { name: "OEBPS/book.opf", content: prefixed },
    { name: "OEBPS/nav.xhtml", content: "<html><body><nav>Contents</nav>Contents</body></html>" },
    ...files.reverse(),
  ];
}

export const epubBytes = (...chapters: string[]) => zipBytes(epubParts(...chapters));
