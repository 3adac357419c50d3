/** Scans of our own pages: drawn, laid at a slant, blurred and speckled, as a flatbed does. The same on every computer. */
import { Random } from "../../native-models/random.ts";
import { drawPage } from "../../main/documents/ocr/page-picture.ts";
import type { GreyPicture } from "../../main/documents/ocr/page-picture.ts";
import { PdfDocument } from "../../main/documents/pdf/pdfium.ts";
import { pdfOf, Sheet } from "../main/documents/pdf/typeset.ts";

export interface Scanning {
  readonly dpi: number;
  /** In degrees. */
  readonly slant: number;
  /** The standard deviation of the noise, of 255. */
  readonly noise: number;
}

const WHITE = 255;

/** The PDF of a scanner that was given these pages. */
export async function scannedPdf(pdf: Buffer, scanning: Scanning): Promise<Buffer> {
  const document = await PdfDocument.open(pdf);
  const sheets = Array.from({ length: document.pageCount }, (_, index) => {
    const drawn = drawPage(document, index, scanning.dpi)!;
    const { width, height, pixels } = noisy(slanted(drawn, scanning.slant), scanning.noise, index + 1);
    return new Sheet().picture(0, 0, 612, 792, { width, height, pixels });
  });
  document.close();
  return pdfOf(sheets);
}

/** Turned about its middle, between its pixels. */
function slanted(picture: GreyPicture, degrees: number): GreyPicture {
  const { width, height } = picture;
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [dx, dy] = [x - width / 2, y - height / 2];
      pixels[y * width + x] = between(
        picture,
        width / 2 + dx * cos + dy * sin,
        height / 2 + dy * cos - dx * sin,
      );
    }
  }
  return { ...picture, pixels };
}

function between({ width, height, pixels }: GreyPicture, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  if (left < 0 || top < 0 || left + 1 >= width || top + 1 >= height) return WHITE;
  const [right, down] = [x - left, y - top];
  const at = top * width + left;
  const upper = pixels[at]! * (1 - right) + pixels[at + 1]! * right;
  const lower = pixels[at + width]! * (1 - right) + pixels[at + width + 1]! * right;
  return Math.round(upper * (1 - down) + lower * down);
}

/** About normal: the sum of three. */
function noisy(picture: GreyPicture, deviation: number, seed: number): GreyPicture {
  const random = new Random(seed);
  const pixels = picture.pixels.map((grey) => {
    const noise = 2 * deviation * (random.uniform() + random.uniform() + random.uniform() - 1.5);
    return Math.min(255, Math.max(0, Math.round(0.94 * grey + 8 + noise)));
  });
  return { ...picture, pixels };
}
