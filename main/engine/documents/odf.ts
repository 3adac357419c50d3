/** OpenDocument texts (ODT and, as one XML file, FODT): OASIS OpenDocument 1.3, part 3. */
import { EXTENSIONS } from "../../../preload/contract/data-files.ts";
import { decodeXml } from "./declared-encoding.ts";
import { elementAt, parseXml } from "./markup.ts";
import type { Element } from "./markup.ts";
import { Styles } from "./odf/styles.ts";
import { Walk } from "./odf/walk.ts";
import { BadDocument } from "./whole-document.ts";
import type { ArchivedFormat, TextContent } from "./whole-document.ts";

const CONTENT = "content.xml";
const MANIFEST = "META-INF/manifest.xml";

export const odf: ArchivedFormat = {
  extensions: EXTENSIONS.odt,
  isIn: (archive) =>
    archive.has(CONTENT) &&
    (!archive.has("mimetype") || archive.read("mimetype").toString().includes("opendocument.text")),
  read(archive) {
    if (archive.has(MANIFEST) && archive.read(MANIFEST).includes("encryption-data"))
      throw new BadDocument("it is protected by a password; save it without one");
    const content = parseXml(decodeXml(archive.read(CONTENT)));
    const styles = archive.has("styles.xml") ? [parseXml(decodeXml(archive.read("styles.xml")))] : [];
    return openDocumentContent(content, styles);
  },
};

/** The text in a content.xml or a flat document; `styles` are other files with styles. Throws `BadDocument`: another kind of document. */
export function openDocumentContent(content: Element, styles: readonly Element[] = []): TextContent {
  const text = elementAt(content, "office:body", "office:text");
  if (!text) throw new BadDocument("it is an OpenDocument file without text or sheets");
  const walk = new Walk(new Styles([...styles, content]));
  walk.blocksIn(text);
  walk.addNotes();
  return { format: "odt", blocks: walk.list.blocks };
}
