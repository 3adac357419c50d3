/** What is embedded in OpenDocument files: formulas and charts, each a document in a folder of the archive or, in flat files, in its place. */
import type { BlockList } from "../../blocks/block-list.ts";
import { partAt } from "../../files/archive-paths.ts";
import { BadArchive } from "../../files/zip.ts";
import type { ZipArchive } from "../../files/zip.ts";
import { decodeXml } from "../../markup/declared-encoding.ts";
import { elementAt, elementsOf, elementsWithin, parseXml } from "../../markup/markup.ts";
import type { Element } from "../../markup/markup.ts";
import { isMath, mathText } from "../../markup/mathml.ts";
import { MANIFEST } from "../../markup/odf-protected.ts";
import { BadDocument } from "../../whole-document.ts";
import { addChart } from "../chart-blocks.ts";
import type { ValueTexts } from "../chart-blocks.ts";
import { chartIn } from "./chart.ts";
import type { ChartSurroundings } from "./chart.ts";

export const CONTENT = "content.xml";
const TYPE = "application/vnd.oasis.opendocument.";
/** Enough for programs that merge equal cells; those that are known write each on its own. */
const MOST_REPEATED_CELLS = 100_000;

/** The objects of a document. Each is read only where it is referred to first, because it belongs in one place. */
export class EmbeddedObjects {
  /** How many charts are left out because their parts are missing or damaged. */
  unreadCharts = 0;
  readonly #archive: ZipArchive | undefined;
  /** The types of the objects in the archive that are not read yet, by their folders. */
  readonly #types: Map<string, string>;
  readonly #surroundings: ChartSurroundings;
  readonly #valueTexts: ValueTexts | undefined;

  private constructor(
    archive: ZipArchive | undefined,
    types: Map<string, string>,
    surroundings: ChartSurroundings,
    valueTexts: ValueTexts | undefined,
  ) {
    this.#archive = archive;
    this.#types = types;
    this.#surroundings = surroundings;
    this.#valueTexts = valueTexts;
  }

  /** `archive`: undefined for a flat document. */
  static async in(
    content: Element,
    language: string,
    archive: ZipArchive | undefined,
  ): Promise<EmbeddedObjects> {
    const hasObjects = !elementsWithin(content, "draw:object").next().done;
    const types = hasObjects && archive?.has(MANIFEST) ? typesIn(archive) : new Map<string, string>();
    const hasCharts =
      [...types.values()].includes("chart") || !elementsWithin(content, "office:chart").next().done;
    const tables = [...elementsWithin(content, "table:table")].flatMap(
      ({ attributes }) => attributes["table:name"] ?? [],
    );
    const surroundings = { language, tables: new Set(tables), repeats: { left: MOST_REPEATED_CELLS } };
    const valueTexts = hasCharts ? await import("../../sheets/cell-text.ts") : undefined; // it loads much of hucre
    return new EmbeddedObjects(archive, types, surroundings, valueTexts);
  }

  /** The formula that an object (draw:object) is; empty if it is something else. */
  formulaText(object: Element): string {
    const formula = elementsOf(object).find(isMath) ?? this.#formulaAt(object);
    return formula && isMath(formula) ? mathText(formula) : "";
  }

  #formulaAt(object: Element): Element | undefined {
    const part = this.#partOf(object, "formula");
    return part !== undefined && this.#archive?.has(part) ? xmlIn(this.#archive, part) : undefined;
  }

  /** Adds what an object shows if it is a chart. */
  addChart(list: BlockList, object: Element): void {
    const document = elementAt(object, "office:document") ?? this.#chartAt(object);
    const chart = document && this.#valueTexts && chartIn(document, this.#surroundings, this.#valueTexts);
    if (chart) addChart(list, chart);
  }

  #chartAt(object: Element): Element | undefined {
    const part = this.#partOf(object, "chart");
    if (part === undefined || !this.#archive) return undefined;
    try {
      return xmlIn(this.#archive, part);
    } catch (error) {
      if (!(error instanceof BadArchive || error instanceof BadDocument)) throw error;
      this.unreadCharts++;
      return undefined;
    }
  }

  /** The part of an object of this type that is not read yet. */
  #partOf({ attributes }: Element, type: string): string | undefined {
    const folder = partAt(CONTENT, `${attributes["xlink:href"] ?? ""}/`);
    if (this.#types.get(folder) !== type) return undefined;
    this.#types.delete(folder);
    return `${folder}${CONTENT}`;
  }
}

const xmlIn = (archive: ZipArchive, part: string): Element => parseXml(decodeXml(archive.read(part)));

/** The types of the documents in an archive, by their folders. */
function typesIn(archive: ZipArchive): Map<string, string> {
  return new Map(
    [...elementsWithin(xmlIn(archive, MANIFEST), "manifest:file-entry")].flatMap(({ attributes }) => {
      const [folder = "", type = ""] = [attributes["manifest:full-path"], attributes["manifest:media-type"]];
      return type.startsWith(TYPE) ? [[folder, type.slice(TYPE.length)] as const] : [];
    }),
  );
}
