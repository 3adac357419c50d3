/** OpenDocument texts and presentations (ODT, ODP): OASIS OpenDocument 1.3, part 3. */
import { EXTENSIONS } from "../../../../preload/contract/data/data-files.ts";
import { decodeXml } from "../markup/declared-encoding.ts";
import { elementAt, parseXml } from "../markup/markup.ts";
import type { Element } from "../markup/markup.ts";
import { refuseProtected } from "../markup/odf-protected.ts";
import { CONTENT, EmbeddedObjects } from "./odf/objects.ts";
import { slidesOf } from "./odf/slides.ts";
import { Styles } from "./odf/styles.ts";
import { Walk } from "./odf/walk.ts";
import { BadDocument } from "../whole-document.ts";
import type { ArchivedFormat, TextContent } from "../whole-document.ts";

export const odf: ArchivedFormat = {
  extensions: [...EXTENSIONS.odt, ...EXTENSIONS.odp],
  isIn: (archive) =>
    archive.has(CONTENT) &&
    (!archive.has("mimetype") ||
      /opendocument\.(text|presentation)/.test(archive.read("mimetype").toString())),
  read(archive) {
    refuseProtected(archive);
    const content = parseXml(decodeXml(archive.read(CONTENT)));
    const styles = archive.has("styles.xml") ? [parseXml(decodeXml(archive.read("styles.xml")))] : [];
    const objects = new EmbeddedObjects(archive);
    const { details, ...read } = blocksIn(content, new Styles([...styles, content]), objects);
    return {
      ...read,
      details: { ...details, ...(objects.unread > 0 && { unreadDrawings: objects.unread }) },
    };
  },
};

function blocksIn(content: Element, styles: Styles, objects: EmbeddedObjects): TextContent {
  const presentation = elementAt(content, "office:body", "office:presentation");
  if (presentation) return { format: "odp", ...slidesOf(presentation, styles, objects) };
  const text = elementAt(content, "office:body", "office:text");
  if (!text) throw new BadDocument("it is an OpenDocument file without text, slides or sheets");
  const walk = new Walk(styles, objects);
  walk.blocksIn(text);
  walk.addNotes();
  return { format: "odt", blocks: walk.list.blocks };
}
