/**
 * Word documents (DOCX): headings, paragraphs, lists, tables, notes; no layout, pictures, headers, footers (ECMA-376, part 1, 17). One that
 * is a table of questions and answers is read as its rows.
 */
import { EXTENSIONS } from "../../../preload/contract/data/data-files.ts";
import { decodeXml } from "../markup/declared-encoding.ts";
import { wordBlocks } from "./docx/body.ts";
import { wordNumbering } from "./docx/numbering.ts";
import { WordStyles } from "./docx/styles.ts";
import { unreadIn } from "./drawing-text.ts";
import { questionTable } from "./question-table.ts";
import { elementAt, elementsOf, elementsWithin, parseXml } from "../markup/markup.ts";
import type { Element } from "../markup/markup.ts";
import { relationsOf } from "../markup/relations.ts";
import { BadDocument } from "../bad-document.ts";
import type { ArchivedFormat } from "../whole-document.ts";
import type { ZipArchive } from "../files/zip.ts";

/** The main part; some programs number it. */
const MAIN_PART = /^word\/document\d*\.xml$/;

export const docx: ArchivedFormat = {
  extensions: EXTENSIONS.docx,
  isIn: (archive) => mainPart(archive) !== undefined,
  read(archive) {
    const main = mainPart(archive);
    const body = main === undefined ? undefined : elementAt(partOf(archive, main), "w:body");
    if (main === undefined || !body) throw new BadDocument("damaged");
    const relations = relationsOf(archive, main);
    const part = (kind: string) => {
      const found = [...relations.values()].find(({ type }) => type.endsWith(`/${kind}`));
      const name = found?.part ?? `word/${kind}.xml`;
      return archive.has(name) ? partOf(archive, name) : undefined;
    };
    const styles = new WordStyles(part("styles"));
    const notes = { footnote: notesIn(part("footnotes")), endnote: notesIn(part("endnotes")) };
    const blocks = wordBlocks(body, {
      styles,
      numbering: wordNumbering(part("numbering"), styles),
      note: (kind, id) => notes[kind].get(id),
    });
    const unreadImports = [...elementsWithin(body, "w:altChunk")].length;
    const details = { ...(unreadImports > 0 && { unreadImports }), ...unreadIn(body) };
    const records = questionTable(blocks);
    return records ? { format: "docx", records, details } : { format: "docx", blocks, details };
  },
};

const mainPart = ({ entries }: ZipArchive) => entries.find(({ name }) => MAIN_PART.test(name))?.name;

function notesIn(root: Element | undefined): Map<string, Element> {
  const notes = root ? elementsOf(root, "w:footnote", "w:endnote") : [];
  return new Map(notes.map((note) => [note.attributes["w:id"] ?? "", note]));
}

const WORD_NAMESPACE =
  /^http:\/\/(schemas\.openxmlformats\.org|purl\.oclc\.org\/ooxml)\/wordprocessingml\/.*main$/;

/** A part with "w:" as the prefix of Word's own names, whatever prefix another program gives them. */
function partOf(archive: ZipArchive, name: string): Element {
  const root = parseXml(decodeXml(archive.read(name)));
  const declared = Object.entries(root.attributes).find(([, value]) => WORD_NAMESPACE.test(value))?.[0];
  if (declared === undefined || declared === "xmlns:w") return root;
  const prefix = declared === "xmlns" ? "" : `${declared.slice("xmlns:".length)}:`;
  return withPrefix(root, prefix);
}

function withPrefix(element: Element, prefix: string): Element {
  const renamed = (name: string) => {
    const isOwn = prefix === "" ? !name.includes(":") : name.startsWith(prefix);
    return isOwn ? `w:${name.slice(prefix.length)}` : name;
  };
  return {
    name: renamed(element.name),
    attributes: Object.fromEntries(
      Object.entries(element.attributes).map(([key, value]) => [renamed(key), value]),
    ),
    children: element.children.map((child) =>
      typeof child === "string" ? child : withPrefix(child, prefix),
    ),
  };
}
