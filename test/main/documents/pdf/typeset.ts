/** Sets text on the pages of a PDF of our own making, to see what is read from them. Standard fonts, no compression. */

import { deflateSync } from "node:zlib";
import { pdfFile } from "./pdf-bytes.ts";

/** Widths of Helvetica's ASCII characters from the space on, in thousandths of the size (Adobe's metrics). */
const WIDTHS = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
  556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
  500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
  556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
  278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
const OTHER_WIDTH = 556;

/** A picture of grey pixels, from the top left. */
export interface GreyPixels {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

export interface TextOptions {
  readonly size?: number;
  readonly bold?: boolean;
  /** Quarter turns, counterclockwise. */
  readonly turns?: 0 | 1 | 2 | 3;
  /** Red, green and blue from 0 to 1. */
  readonly colour?: readonly [number, number, number];
  /** Neither filled nor as an outline. */
  readonly invisible?: boolean;
}

export interface ParagraphOptions extends TextOptions {
  /** Between baselines, in points. */
  readonly leading?: number;
  readonly justified?: boolean;
  /** Of the first line. */
  readonly indent?: number;
}

/** The width of a text in points. */
export function widthOf(text: string, size: number): number {
  let sum = 0;
  for (const character of text) sum += WIDTHS[character.charCodeAt(0) - 32] ?? OTHER_WIDTH;
  return (sum * size) / 1000;
}

/** A page of 612 × 792 points, measured from the bottom left. Calls write in the order of the file. */
export class Sheet {
  readonly operators: string[] = [];
  /** Written before the page's own entries, such as "/Rotate 90". */
  entries = "";

  text(x: number, y: number, text: string, options: TextOptions = {}): this {
    const { size = 10, bold = false, turns = 0, colour = [0, 0, 0], invisible = false } = options;
    const matrix = ["1 0 0 1", "0 1 -1 0", "-1 0 0 -1", "0 -1 1 0"][turns]!;
    const font = bold ? "F2" : "F1";
    this.operators.push(
      `${colour.join(" ")} rg BT /${font} ${size} Tf ${invisible ? 3 : 0} Tr ${matrix} ${x} ${y} Tm (${escaped(text)}) Tj ET`,
    );
    return this;
  }

  rule(left: number, bottom: number, right: number, top: number): this {
    this.operators.push(`0.5 w ${left} ${bottom} m ${right} ${top} l S`);
    return this;
  }

  /** A filled area. */
  area(left: number, bottom: number, width: number, height: number, colour: readonly number[]): this {
    this.operators.push(`${colour.join(" ")} rg ${left} ${bottom} ${width} ${height} re f`);
    return this;
  }

  /** A grey picture, with a byte a pixel from the top, over an area of the page. */
  picture(left: number, bottom: number, width: number, height: number, grey: GreyPixels): this {
    const header = `/W ${grey.width} /H ${grey.height} /BPC 8 /CS /G`;
    const pixels = deflateSync(grey.pixels).toString("latin1");
    const placed = `q ${width} 0 0 ${height} ${left} ${bottom} cm`;
    this.operators.push(`${placed}\nBI ${header} /F /Fl ID ${pixels}\nEI Q`);
    return this;
  }

  /**
   * Breaks a text into lines of a width, also at its soft hyphens and after hyphens. Returns the baseline of the line that would
   * follow.
   */
  paragraph(x: number, y: number, width: number, text: string, options: ParagraphOptions = {}): number {
    const { size = 10, leading = 1.2 * size, justified = false, indent = 0 } = options;
    const lines = brokenInto(text, width, size, indent);
    for (const [index, line] of lines.entries()) {
      const left = x + (index === 0 ? indent : 0);
      if (justified && index < lines.length - 1) this.#spread(left, y, width + x - left, line, options);
      else this.text(left, y, line, options);
      y -= leading;
    }
    return y;
  }

  /** Words apart, so that the line fills its width: each is shown on its own, as typesetters do. */
  #spread(x: number, y: number, width: number, line: string, options: TextOptions): void {
    const { size = 10 } = options;
    const words = line.split(" ");
    const own = words.reduce((sum, word) => sum + widthOf(word, size), 0);
    const gap = words.length > 1 ? (width - own) / (words.length - 1) : 0;
    for (const word of words) {
      this.text(round(x), y, word, options);
      x += widthOf(word, size) + gap;
    }
  }
}

function brokenInto(text: string, width: number, size: number, indent: number): string[] {
  const lines: string[] = [];
  let line = "";
  const room = () => width - (lines.length === 0 ? indent : 0);
  const fits = (more: string) => widthOf(more.replace(/\u00ad/g, ""), size) <= room();
  for (const word of text.split(" ")) {
    const spaced = line === "" ? word : `${line} ${word}`;
    if (fits(spaced)) {
      line = spaced;
      continue;
    }
    const pieces = word.split(/\u00ad|(?<=[a-z]-)(?=[a-z])/i);
    const ending = (count: number) =>
      pieces.slice(0, count).join("") + (pieces[count - 1]!.endsWith("-") ? "" : "-");
    let count = pieces.length - 1;
    while (count > 0 && !fits(`${line} ${ending(count)}`)) count--;
    lines.push(count > 0 ? `${line} ${ending(count)}` : line);
    line = pieces.slice(count).join(count > 0 ? "" : "\u00ad");
  }
  return [...lines, line].map((one) => one.replace(/\u00ad/g, ""));
}

const round = (value: number) => Math.round(100 * value) / 100;

/** Windows-1252, which covers German and typographic marks. */
const WINDOWS = new Map(
  Object.entries({
    "•": 0x95,
    "–": 0x96,
    "—": 0x97,
    "‘": 0x91,
    "’": 0x92,
    "“": 0x93,
    "”": 0x94,
    "„": 0x84,
    "€": 0x80,
    "†": 0x86,
  }),
);

function escaped(text: string): string {
  const codes = [...text].map((character) => WINDOWS.get(character) ?? character.charCodeAt(0));
  return codes
    .map((code) => String.fromCharCode(code))
    .join("")
    .replace(/[()\\]/g, "\\$&")
    .replace(CONTROL, (code) => `\\${code.charCodeAt(0).toString(8).padStart(3, "0")}`);
}

// eslint-disable-next-line no-control-regex -- codes of fonts
const CONTROL = /[\0-\x1f]/g;

/** The file with these pages. `fonts`: the standard fonts of text and of bold text. */
export function pdfOf(
  sheets: readonly Sheet[],
  fonts: readonly [string, string] = ["Helvetica", "Helvetica-Bold"],
): Buffer {
  const kids = sheets.map((_, index) => `${5 + 2 * index} 0 R`).join(" ");
  const font = (name: string) =>
    `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`;
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Kids [${kids}] /Count ${sheets.length} >>`,
    ...fonts.map(font),
    ...sheets.flatMap(({ operators, entries }, index) => {
      const content = operators.join("\n");
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] ${entries} /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents ${6 + 2 * index} 0 R >>`,
        `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      ];
    }),
  ];
  return pdfFile(objects);
}
