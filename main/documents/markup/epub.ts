/** EPUB books: their chapters in reading order (EPUB 3.3, sections 4 and 5). */
import { EXTENSIONS } from "../../../preload/contract/data/data-files.ts";
import { partAt } from "../files/archive-paths.ts";
import { BlockList } from "../blocks/block-list.ts";
import { decodeXml } from "./declared-encoding.ts";
import { addHtml } from "./html-blocks.ts";
import { elementAt, elementsOf, elementsWithin, parseHtml, parseXml } from "./markup.ts";
import type { Element } from "./markup.ts";
import { BadDocument } from "../bad-document.ts";
import type { ArchivedFormat } from "../whole-document.ts";
import type { ZipArchive } from "../files/zip.ts";

const CONTAINER = "META-INF/container.xml";
const ENCRYPTION = "META-INF/encryption.xml";

export const epub: ArchivedFormat = {
  extensions: EXTENSIONS.epub,
  isIn: (archive) => archive.has(CONTAINER),
  read(archive) {
    const chapters = chaptersOf(archive);
    refuseProtected(archive, chapters);
    const list = new BlockList();
    for (const [index, name] of chapters.entries()) {
      list.place = index + 1;
      addHtml(list, parseHtml(decodeXml(archive.read(name))));
    }
    return { format: "epub", blocks: list.blocks, details: { chapters: chapters.length } };
  },
};

/** The names of the files with text, in the order of the spine, without the table of contents. */
function chaptersOf(archive: ZipArchive): string[] {
  const container = parseXml(decodeXml(archive.read(CONTAINER)));
  const packagePath = elementsWithin(container, "rootfile").next().value?.attributes["full-path"];
  if (packagePath === undefined) throw new BadDocument("no-text-place");
  const book = withoutPrefixes(parseXml(decodeXml(archive.read(packagePath))));
  const manifest = new Map(
    elementsOf(elementAt(book, "manifest") ?? book, "item").map((item) => [item.attributes["id"], item]),
  );
  const spine = elementsOf(elementAt(book, "spine") ?? book, "itemref");
  const items = spine.flatMap(({ attributes }) => {
    const item = attributes["linear"] === "no" ? undefined : manifest.get(attributes["idref"]);
    return item && isText(item) ? [partAt(packagePath, item.attributes["href"] ?? "")] : [];
  });
  return [...new Set(items)];
}

function isText({ attributes }: Element): boolean {
  const isContents = (attributes["properties"] ?? "").split(" ").includes("nav");
  return /html/.test(attributes["media-type"] ?? "") && !isContents;
}

/** The elements with their names without a prefix such as "opf:". */
function withoutPrefixes(element: Element): Element {
  const children = element.children.map((child) =>
    typeof child === "string" ? child : withoutPrefixes(child),
  );
  return { ...element, name: element.name.replace(/^.*:/, ""), children };
}

/** Fonts may be obfuscated; a chapter that is encrypted is protected. */
function refuseProtected(archive: ZipArchive, chapters: readonly string[]): void {
  if (!archive.has(ENCRYPTION)) return;
  const encryption = withoutPrefixes(parseXml(decodeXml(archive.read(ENCRYPTION))));
  for (const { attributes } of elementsWithin(encryption, "CipherReference")) {
    if (chapters.includes(partAt("", attributes["URI"] ?? ""))) throw new BadDocument("copy-protected");
  }
}
