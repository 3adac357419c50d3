/** How much of our own pages is recognised right, scanned well and badly. */
import { describe, expect, test } from "vitest";
import { recognisePage } from "../../main/documents/ocr/recognise-page.ts";
import { blocksOf } from "../../main/documents/pdf/paragraphs.ts";
import { partsOf } from "../../main/documents/pdf/regions.ts";
import { segmentsOf } from "../../main/documents/pdf/segments.ts";
import { editDistance } from "../main/documents/edit-distance.ts";
import { paragraphs, plain } from "../main/documents/pdf/laid-out.ts";
import { pdfOf, Sheet } from "../main/documents/pdf/typeset.ts";
import { scannedPdf } from "./scanned.ts";
import type { Scanning } from "./scanned.ts";

const FONTS = { Helvetica: ["Helvetica", "Helvetica-Bold"], Times: ["Times-Roman", "Times-Bold"] } as const;

const qualities: readonly (Scanning & { readonly most: number })[] = [
  { dpi: 300, slant: 0, noise: 8, most: 0.02 },
  { dpi: 150, slant: 2, noise: 12, most: 0.05 },
];

function pageOf(texts: readonly string[]): Sheet {
  const sheet = new Sheet();
  let y = 720;
  for (const text of texts) y = sheet.paragraph(72, y, 460, text, { size: 11, leading: 14 }) - 12;
  return sheet;
}

/** The share of characters that are wrong, missing or too many, after spaces are normalised. */
function characterError(found: string, expected: string): number {
  const normal = (text: string) => text.replace(/\s+/g, " ").trim();
  return editDistance(normal(found), normal(expected)) / normal(expected).length;
}

describe.each(qualities)("A scan at $dpi dpi, $slant° aslant", (quality) => {
  test.each(
    Object.entries(paragraphs).flatMap(([language, texts]) =>
      Object.entries(FONTS).map(([font, fonts]) => ({ language, texts, font, fonts })),
    ),
  )("in $language, set in $font", async ({ language, texts, font, fonts }) => {
    const scan = await scannedPdf(pdfOf([pageOf(texts)], fonts), quality);
    const start = performance.now();
    const { words, problem } = await recognisePage(scan, 1);
    const seconds = (performance.now() - start) / 1000;
    expect(problem).toBeUndefined();
    const blocks = blocksOf([partsOf(segmentsOf({ words, rules: [] }), [])]);
    const error = characterError(blocks.map(({ text }) => text).join("\n"), texts.map(plain).join("\n"));
    console.log(
      `${quality.dpi} dpi, ${quality.slant}°, ${language}, ${font}: ${(100 * error).toFixed(2)}% of ${texts.map(plain).join(" ").length} characters wrong, ${seconds.toFixed(1)} s`,
    );
    expect(error).toBeLessThanOrEqual(quality.most);
  });
});
