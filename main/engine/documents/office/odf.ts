/** OpenDocument texts and presentations (ODT, ODP and, as one XML file, FODT, FODP): OASIS OpenDocument 1.3, part 3. */
import { EXTENSIONS } from "../../../../preload/contract/data-files.ts";
import { partAt } from "../files/archive-paths.ts";
import { decodeXml } from "../markup/declared-encoding.ts";
import { elementAt, elementsWithin, parseXml } from "../markup/markup.ts";
import type { Element } from "../markup/markup.ts";
import { MANIFEST, refuseProtected } from "../markup/odf-protected.ts";
import { withoutDeletions } from "./odf/deletions.ts";
import { slidesOf } from "./odf/slides.ts";
import { Styles } from "./odf/styles.ts";
import { Walk } from "./odf/walk.ts";
import type { ObjectAt } from "./odf/walk.ts";
import { BadDocument } from "../whole-document.ts";
import type { ArchivedFormat, TextContent } from "../whole-document.ts";
import type { ZipArchive } from "../files/zip.ts";

const CONTENT = "content.xml";

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
    return openDocumentContent(content, styles, formulasIn(archive));
  },
};

const FORMULA = "application/vnd.oasis.opendocument.formula";

/** Finds embedded objects that are formulas. Each is returned only for the first reference to it, because it belongs in one place. */
function formulasIn(archive: ZipArchive): ObjectAt {
  let unread: Set<string> | undefined;
  return (address) => {
    unread ??= new Set(foldersOf(archive, FORMULA));
    const folder = partAt(CONTENT, `${address}/`);
    const part = `${folder}${CONTENT}`;
    return unread.delete(folder) && archive.has(part) ? parseXml(decodeXml(archive.read(part))) : undefined;
  };
}

/** The folders in an archive that hold embedded documents of a type. */
function foldersOf(archive: ZipArchive, type: string): string[] {
  if (!archive.has(MANIFEST)) return [];
  return [...elementsWithin(parseXml(decodeXml(archive.read(MANIFEST))), "manifest:file-entry")]
    .filter(({ attributes }) => attributes["manifest:media-type"] === type)
    .map(({ attributes }) => attributes["manifest:full-path"] ?? "");
}

/** The content of a content.xml or a flat document; `files`: other files with styles. Throws `BadDocument`: another kind of document. */
export function openDocumentContent(
  content: Element,
  files: readonly Element[] = [],
  objectAt: ObjectAt = () => undefined,
): TextContent {
  const styles = new Styles([...files, content]);
  const presentation = elementAt(content, "office:body", "office:presentation");
  if (presentation) return { format: "odp", ...slidesOf(presentation, styles, objectAt) };
  const text = elementAt(withoutDeletions(content), "office:body", "office:text");
  if (!text) throw new BadDocument("it is an OpenDocument file without text, slides or sheets");
  const walk = new Walk(styles, objectAt);
  walk.blocksIn(text);
  walk.addNotes();
  return { format: "odt", blocks: walk.list.blocks };
}
