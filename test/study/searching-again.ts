/**
 * How long searches for passages in a long PDF take, the first one and others: docs/decisions/0058-passages-by-words.md. The PDF has 1,000
 * pages with the texts in test/study/documents, one after the other.
 *
 *     node build/run.js test/study/searching-again.ts
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPassages } from "../../main/engine/documents/passage-search.ts";
import { pdfBytes } from "../main/engine/documents/pdf-bytes.ts";

const FOLDER = "test/study/documents";
const PAGES = 1000;
const LINES = 50;

const words = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".md"))
  .flatMap((name) => readFileSync(join(FOLDER, name), "latin1").split(/\s+/));
let next = 0;
const line = () => Array.from({ length: 12 }, () => words[next++ % words.length]!).join(" ");
const page = () => Array.from({ length: LINES }, (_, place) => ({ text: line(), y: 750 - 14 * place }));

const folder = mkdtempSync(join(tmpdir(), "coppice-search-"));
try {
  const path = join(folder, "long.pdf");
  writeFileSync(path, pdfBytes(Array.from({ length: PAGES }, page)));
  for (const question of ["May the tenant keep a dog?", "Who repairs the heating?", "When is rent due?"]) {
    const begin = process.cpuUsage();
    const { of } = await findPassages({ kind: "file", path }, question, 20);
    const seconds = process.cpuUsage(begin).user / 1e6;
    console.log(`${of} passages: ${seconds.toFixed(1)} s of one processor's time`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
