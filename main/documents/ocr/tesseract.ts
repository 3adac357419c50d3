/** Tesseract, compiled to WebAssembly (tesseract.js-core): the words of a picture. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
// @ts-expect-error -- it brings no types
import untypedCore from "tesseract.js-core/tesseract-core-simd-lstm.js";
import type { OcrLanguage } from "../../../preload/contract/data/ocr.ts";
import { bundledFile } from "../files/bundled-file.ts";

/** A word and its place, in pixels from the upper left of the picture after it was rotated upright. */
export interface FoundWord {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  /** The baseline of its line. */
  readonly baseline: number;
  /** The height of its line, with ascenders and descenders. */
  readonly height: number;
}

export interface FoundText {
  readonly words: readonly FoundWord[];
  /** How sure Tesseract is, from 0 to 1. */
  readonly confidence: number;
}

/** The file is not a picture that leptonica can decode. */
export class UnreadablePicture extends Error {}

/** The parts of Tesseract that are used. */
interface Api {
  Init(folder: null, languages: string, engine: number): number;
  SetVariable(name: string, value: string): boolean;
  /** `orientation`: as in EXIF; `angle`: the rotation, in radians, that is applied first. Returns 1 if the picture cannot be read. */
  SetImageFile(orientation: number, angle: number): number;
  FindLines(): number;
  /** The slope of the lines. */
  GetGradient(): number;
  Recognize(monitor: null): number;
  GetJSONText(): string;
  MeanTextConf(): number;
  End(): void;
}

interface Core {
  readonly FS: { writeFile(path: string, bytes: Uint8Array): void };
  readonly TessBaseAPI: new () => Api;
}

const loadCore = untypedCore as (options: object) => Promise<Core>;

/** LSTM only (OEM) */
const NEURAL_ENGINE = 1;
const INPUT = "/input";
/** A page whose slant is less than this, in radians, is read as it is. */
const SMALLEST_SLANT = 0.002;

/** The file of each language's trained data. */
const DATA: Record<OcrLanguage, string> = {
  eng: "@tesseract.js-data/eng/4.0.0_best_int/eng.traineddata.gz",
  deu: "@tesseract.js-data/deu/4.0.0_best_int/deu.traineddata.gz",
};

let loaded: { languages: string; core: Core; api: Api } | undefined;

/** The words of a picture in a format that leptonica decodes. Throws `UnreadablePicture`. */
export async function recognise(picture: Uint8Array, languages: readonly OcrLanguage[]): Promise<FoundText> {
  const { core, api } = await tesseractFor(languages);
  core.FS.writeFile(INPUT, picture);
  setPicture(api, 0);
  api.FindLines();
  const slant = Math.atan(api.GetGradient());
  if (Math.abs(slant) >= SMALLEST_SLANT) setPicture(api, slant);
  api.Recognize(null);
  const { blocks } = JSON.parse(api.GetJSONText()) as { blocks: JsonBlock[] | null };
  return { words: wordsIn(blocks ?? []), confidence: api.MeanTextConf() / 100 };
}

function setPicture(api: Api, angle: number): void {
  if (api.SetImageFile(1, angle) === 1) throw new UnreadablePicture();
}

/** Keeps only one set of languages loaded: another one replaces it. */
async function tesseractFor(languages: readonly OcrLanguage[]): Promise<{ core: Core; api: Api }> {
  const key = languages.join("+");
  if (loaded?.languages !== key) {
    const core = await loadCore({
      wasmBinary: readFileSync(bundledFile("tesseract.js-core/tesseract-core-simd-lstm.wasm")),
      TesseractProgress: () => {},
      print: () => {},
      printErr: () => {},
    });
    for (const language of languages)
      core.FS.writeFile(`./${language}.traineddata`, gunzipSync(readFileSync(bundledFile(DATA[language]))));
    const api = new core.TessBaseAPI();
    if (api.Init(null, key, NEURAL_ENGINE) !== 0) throw new Error(`Tesseract cannot load ${key}`);
    loaded = { languages: key, core, api };
  }
  return loaded;
}

interface JsonBox {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

interface JsonLine {
  readonly bbox: JsonBox;
  readonly baseline: JsonBox;
  readonly rowAttributes: { readonly rowHeight: number };
  readonly words: readonly { readonly text: string; readonly bbox: JsonBox }[];
}

interface JsonBlock {
  readonly paragraphs: readonly { readonly lines: readonly JsonLine[] }[];
}

function wordsIn(blocks: readonly JsonBlock[]): FoundWord[] {
  const lines = blocks.flatMap(({ paragraphs }) => paragraphs.flatMap(({ lines }) => lines));
  return lines.flatMap(({ words, baseline, rowAttributes }) =>
    words
      .filter(({ text }) => text.trim() !== "")
      .map(({ text, bbox }) => ({
        text: text.trim(),
        left: bbox.x0,
        right: bbox.x1,
        baseline: (baseline.y0 + baseline.y1) / 2,
        height: rowAttributes.rowHeight,
      })),
  );
}
