/** What is embedded in OpenDocument files, each a document in a folder of the archive: formulas are read. */
import { partAt } from "../../files/archive-paths.ts";
import type { ZipArchive } from "../../files/zip.ts";
import { decodeXml } from "../../markup/declared-encoding.ts";
import { formulaText, isMath } from "../../markup/formula.ts";
import { parseXml } from "../../markup/markup.ts";
import type { Element } from "../../markup/markup.ts";
import { BadDocument } from "../../bad-document.ts";

export const CONTENT = "content.xml";

/** The objects of a document. Each is read only where it is referred to first, because it belongs in one place. */
export class EmbeddedObjects {
  /** How many are not read, because they are something else, such as a chart, or damaged. */
  unread = 0;
  readonly #archive: ZipArchive;
  readonly #seen = new Set<string>();

  constructor(archive: ZipArchive) {
    this.#archive = archive;
  }

  /** The text of an object (draw:object) that is a formula; otherwise empty. */
  formulaIn(object: Element): string {
    const part = partAt(CONTENT, `${object.attributes["xlink:href"] ?? ""}/${CONTENT}`);
    if (this.#seen.has(part) || !this.#archive.has(part)) return "";
    this.#seen.add(part);
    const formula = this.#rootOf(part);
    if (formula && isMath(formula)) return formulaText(formula);
    this.unread++;
    return "";
  }

  #rootOf(part: string): Element | undefined {
    try {
      return parseXml(decodeXml(this.#archive.read(part)));
    } catch (error) {
      if (error instanceof BadDocument) return undefined;
      throw error;
    }
  }
}
