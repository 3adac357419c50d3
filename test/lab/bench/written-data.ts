/** Data to read, of any size, from a seed. */
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { Random } from "../../../native-models/random.ts";
import { pdfOf, Sheet } from "../../main/documents/pdf/typeset.ts";
import { docxBytes } from "../../main/documents/files/zip-bytes.ts";

const PIECE_CHARACTERS = 2 ** 22;
const SYLLABLES = "ka lo mi ren tas vor el sha din qua pe sto rin mal os ver ti gan hul bre".split(" ");

/** Sentences of made-up words; the same for the same seed. */
class Sentences {
  readonly #random: Random;
  readonly #words: readonly string[];

  constructor(seed: number) {
    this.#random = new Random(seed, "sentences");
    this.#words = Array.from({ length: 4000 }, () =>
      Array.from({ length: 1 + this.#random.integer(3) }, () => this.#one(SYLLABLES)).join(""),
    );
  }

  next(words = 8 + this.#random.integer(12)): string {
    const text = Array.from({ length: words }, () => this.#one(this.#words)).join(" ");
    return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
  }

  paragraph(): string {
    return Array.from({ length: 4 }, () => this.next()).join(" ");
  }

  #one<T>(list: readonly T[]): T {
    return list[this.#random.integer(list.length)]!;
  }
}

/** Writes rows of a question and an answer of a few hundred characters until the file has `bytes` bytes. Returns the number of rows. */
export function writeRows(path: string, format: "csv" | "jsonl", bytes: number): number {
  const sentences = new Sentences(1);
  const pool = Array.from({ length: 5000 }, () => sentences.next());
  const random = new Random(1, format);
  const one = () => pool[random.integer(pool.length)]!;
  const file = openSync(path, "w");
  let [written, rows, piece] = [0, 0, format === "csv" ? "question,answer\n" : ""];
  while (written < bytes) {
    const [question, answer] = [`${++rows}: ${one()}`, `${one()} "${one()}" ${one()}`];
    piece +=
      format === "csv"
        ? `"${question}","${answer.replaceAll('"', '""')}"\n`
        : `${JSON.stringify({ prompt: question, completion: answer })}\n`;
    if (piece.length < PIECE_CHARACTERS && written + piece.length < bytes) continue;
    written += writeSync(file, piece);
    piece = "";
  }
  closeSync(file);
  return rows;
}

/** Writes `count` documents of about two pages, a quarter in each format. */
export function writeDocuments(folder: string, count: number): void {
  mkdirSync(folder);
  const sentences = new Sentences(2);
  const formats = [
    ["txt", (texts: readonly string[]) => texts.join("\n\n")],
    [
      "html",
      (texts: readonly string[]) =>
        `<!doctype html><title>A</title>${texts.map((text) => `<p>${text}</p>`).join("")}`,
    ],
    ["docx", (texts: readonly string[]) => docxBytes(...texts)],
    ["pdf", pdfWith],
  ] as const;
  for (let i = 0; i < count; i++) {
    const [ending, bytesOf] = formats[i % formats.length]!;
    const texts = Array.from({ length: 14 }, () => sentences.paragraph());
    writeFileSync(join(folder, `${String(i).padStart(4, "0")}.${ending}`), bytesOf(texts));
  }
}

function pdfWith(texts: readonly string[]): Buffer {
  const half = Math.ceil(texts.length / 2);
  return pdfOf([texts.slice(0, half), texts.slice(half)].map(pageOf));
}

function pageOf(texts: readonly string[]): Sheet {
  const sheet = new Sheet();
  let y = 720;
  for (const text of texts) y = sheet.paragraph(72, y, 460, text, { size: 10, leading: 12 }) - 10;
  return sheet;
}
