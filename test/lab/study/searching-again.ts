/**
 * How long searches for passages in a long PDF take, and in a data set of its passages, the first one and others:
 * docs/decisions/0058-passages-by-words.md. The PDF has 1,000 pages with the texts in test/lab/study/documents, one after the other.
 *
 *     node build/run.js test/lab/study/searching-again.ts
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rowsOf } from "../../../main/documents/cut-texts.ts";
import { findPassages } from "../../../main/documents/stored/passage-search.ts";
import { readDocuments } from "../../../main/documents/read-document.ts";
import { writeStoredRows } from "../../../main/documents/stored/stored-rows.ts";
import type { PassageSource } from "../../../preload/contract/chat/found-passage.ts";
import { pdfBytes } from "../../main/documents/pdf/pdf-bytes.ts";

const FOLDER = "test/lab/study/documents";
const PAGES = 1000;
const LINES = 50;
const QUESTIONS = ["May the tenant keep a dog?", "Who repairs the heating?", "When is rent due?"];

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
  const [valid, test, ...train] = (await readDocuments([path])).flatMap((document) => rowsOf(document));
  await writeStoredRows(folder, { train, valid: [valid!], test: [test!], offDomain: [] });
  for (const source of [{ kind: "file", path } as const, { kind: "data-set", folder } as const])
    for (const question of QUESTIONS) await search(source, question);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function search(source: PassageSource, question: string): Promise<void> {
  const begin = process.cpuUsage();
  const { of } = await findPassages({ source, question, most: 20 });
  const seconds = process.cpuUsage(begin).user / 1e6;
  console.log(`${source.kind}, ${of} passages: ${seconds.toFixed(2)} s of one processor's time`);
}
