/** What drawings of Office refer to: diagrams and charts, each with a part of its own. */
import type { BlockList } from "../blocks/block-list.ts";
import { chartIn, chartOf } from "./chart.ts";
import { addChart } from "./chart-blocks.ts";
import type { ValueTexts } from "./chart-blocks.ts";
import { decodeXml } from "../markup/declared-encoding.ts";
import { addDiagram, diagramOf } from "./diagram.ts";
import { parseXml } from "../markup/markup.ts";
import type { Element } from "../markup/markup.ts";
import type { Relation } from "../markup/relations.ts";
import { BadDocument } from "../whole-document.ts";
import { BadArchive } from "../files/zip.ts";
import type { ZipArchive } from "../files/zip.ts";

/** The diagrams and charts of a document. Each is read once, however often a damaged document refers to it. */
export class Drawings {
  readonly #archive: ZipArchive;
  readonly #valueTexts: ValueTexts | undefined;
  readonly #read = new Set<string>();
  /** How many are left out because their parts are missing or damaged. */
  unread = 0;

  private constructor(archive: ZipArchive, valueTexts: ValueTexts | undefined) {
    this.#archive = archive;
    this.#valueTexts = valueTexts;
  }

  static async in(archive: ZipArchive): Promise<Drawings> {
    const hasCharts = archive.entries.some(({ name }) => /chart/i.test(name));
    return new Drawings(archive, hasCharts ? await import("../sheets/cell-text.ts") : undefined); // it loads much of hucre
  }

  /** Adds what a drawing (a:graphic) shows; `relations` are those of the part that it is in. */
  add(list: BlockList, graphic: Element, relations: ReadonlyMap<string, Relation>): void {
    const partOf = (id: string | undefined) => this.#part(id, relations);
    const diagram = partOf(diagramOf(graphic));
    if (diagram) addDiagram(list, diagram);
    const chart = partOf(chartOf(graphic));
    if (chart && this.#valueTexts) addChart(list, chartIn(chart, this.#valueTexts));
  }

  #part(id: string | undefined, relations: ReadonlyMap<string, Relation>): Element | undefined {
    const name = relations.get(id ?? "")?.part ?? "";
    if (id === undefined || this.#read.has(name)) return undefined;
    this.#read.add(name);
    try {
      return parseXml(decodeXml(this.#archive.read(name)));
    } catch (error) {
      if (!(error instanceof BadArchive || error instanceof BadDocument)) throw error;
      this.unread++;
      return undefined;
    }
  }
}
