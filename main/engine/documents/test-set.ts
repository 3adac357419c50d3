/** A test set alone, to measure a model that is not trained here. */
import { statSync } from "node:fs";
import { inferChoiceStyle } from "../../../native-models/evaluation/choices.ts";
import type { ChoiceStyleEvidence } from "../../../native-models/evaluation/choices.ts";
import type { Split } from "../../../preload/contract/data.ts";
import { readDocuments } from "./formats.ts";
import { examplesIn, questionsIn, splitOf } from "./row.ts";
import { findSources } from "./split-sources.ts";

/**
 * The rows of files, or of a folder's test files, and the style in which its training files (where it has any) put choices.
 * Throws `not-found`, `unreadable`, `unsupported-format`, `bad-data`.
 */
export function readTestSet(paths: readonly string[]): {
  split: Split;
  evidence: ChoiceStyleEvidence;
  files: string[];
} {
  const files = findSources({ data: [], test: paths }).test;
  const rows = readDocuments(files);
  const train = findSources({ data: paths.filter((path) => statSync(path).isDirectory()) }).train;
  const evidence = inferChoiceStyle(examplesIn(readDocuments(train)), questionsIn(rows));
  return { split: splitOf(rows), evidence, files };
}
