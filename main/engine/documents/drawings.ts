/** What drawings of Office refer to: diagrams and charts, each with a part of its own. */
import type { BlockList } from "./block-list.ts";
import { addChart, chartOf } from "./chart.ts";
import type { ValueTexts } from "./chart.ts";
import { decodeXml } from "./declared-encoding.ts";
import { addDiagram, diagramOf } from "./diagram.ts";
import { parseXml } from "./markup.ts";
import type { Element } from "./markup.ts";
import type { Relation } from "./relations.ts";
import type { ZipArchive } from "./zip.ts";

/** The diagrams and charts of a document. Each is read once, however often a damaged document refers to it. */
export class Drawings {
  readonly #archive: ZipArchive;
  readonly #valueTexts: ValueTexts | undefined;
  readonly #read = new Set<string>();

  private constructor(archive: ZipArchive, valueTexts: ValueTexts | undefined) {
    this.#archive = archive;
    this.#valueTexts = valueTexts;
  }

  static async in(archive: ZipArchive): Promise<Drawings> {
    const hasCharts = archive.entries.some(({ name }) => /chart/i.test(name));
    return new Drawings(archive, hasCharts ? await import("./cell-text.ts") : undefined); // it loads much of hucre
  }

  /** Adds what a drawing (a:graphic) shows; `relations` are those of the part that it is in. */
  add(list: BlockList, graphic: Element, relations: ReadonlyMap<string, Relation>): void {
    const read = (id: string | undefined) => this.#part(relations.get(id ?? "")?.part ?? "");
    const diagram = read(diagramOf(graphic));
    if (diagram) addDiagram(list, diagram);
    const chart = this.#valueTexts && read(chartOf(graphic));
    if (chart) addChart(list, chart, this.#valueTexts);
  }

  #part(name: string): Element | undefined {
    if (this.#read.has(name) || !this.#archive.has(name)) return undefined;
    this.#read.add(name);
    return parseXml(decodeXml(this.#archive.read(name)));
  }
}
