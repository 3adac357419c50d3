/** All tables of hostile files. */
import type { HostileTable } from "./case.ts";
import { documentCases } from "./cases/documents.ts";
import { fileCases } from "./cases/files.ts";
import { ggufCases } from "./cases/gguf.ts";
import { markupCases } from "./cases/markup.ts";
import { oldWorkbookCases } from "./cases/old-workbooks.ts";
import { oldWordCases } from "./cases/old-word.ts";
import { parquetCases } from "./cases/parquet.ts";
import { personalCases } from "./cases/personal.ts";
import { safetensorsCases } from "./cases/safetensors.ts";
import { tokenizerCases } from "./cases/tokenizers.ts";
import { workbookCases } from "./cases/workbooks.ts";

export const tables: readonly HostileTable[] = [
  { title: "hostile GGUF", door: "inspect-model", name: "model.gguf", cases: ggufCases },
  { title: "hostile safetensors", door: "inspect-model", name: "model.safetensors", cases: safetensorsCases },
  { title: "hostile tokenizers", door: "inspect-with-model", name: "case", cases: tokenizerCases },
  { title: "hostile documents", door: "inspect-data", name: "data", cases: documentCases },
  { title: "hostile old Word documents", door: "inspect-data", name: "data", cases: oldWordCases },
  { title: "hostile pages, messages and books", door: "inspect-data", name: "data", cases: markupCases },
  { title: "hostile workbooks and archives", door: "inspect-data", name: "data", cases: workbookCases },
  { title: "hostile files of old Office", door: "inspect-data", name: "data", cases: oldWorkbookCases },
  { title: "hostile Parquet", door: "inspect-data", name: "data.parquet", cases: parquetCases },
  {
    title: "texts that a search for personal data could hang on",
    door: "inspect-data",
    name: "data.txt",
    cases: personalCases,
  },
  { title: "what is no file of data or no model", door: "inspect-data", name: "data", cases: fileCases },
];

/** The numbers whose files come in by other doors, and the test of each. */
export const HELD_ELSEWHERE: Readonly<Record<string, readonly number[]>> = {
  "onnx.test.ts": [38, 39, 40, 41, 42, 43, 44, 45],
  "template-checks.ts": [49, 50, 51, 52],
};
