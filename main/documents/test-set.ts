/** A separate test set, to measure a model that is not trained here. */
import { statSync } from "node:fs";
import { inferChoiceStyle } from "../../native-models/evaluation/choices.ts";
import type { ChoiceStyleEvidence } from "../../native-models/evaluation/choices.ts";
import type { Split } from "../../preload/contract/data/data.ts";
import { rowsOf } from "./cut-texts.ts";
import { readDocuments, refuseLeftOut } from "./read-document.ts";
import { ofMainOrigin } from "./splits/main-origin.ts";
import { examplesIn, questionsIn, splitOf } from "./row.ts";
import type { ReadingOptions } from "./row.ts";
import { findSources, mayLackText } from "./files/split-sources.ts";

/**
 * The rows of files, or of a folder's test files, and the style in which its training files (if any) present choices. Throws
 * `not-found`, `unreadable`, `unsupported-format`, and `bad-data` even for a single unusable row.
 */
export async function readTestSet(
  paths: readonly string[],
  options: ReadingOptions = {},
): Promise<{
  split: Split;
  evidence: ChoiceStyleEvidence;
  files: string[];
  /** How many made questions were left out beside others. */
  madeLeftOut: number;
}> {
  const files = findSources({ data: [], test: paths }).test;
  const mayLack = (path: string) => mayLackText(path, { data: [], test: paths });
  const documents = await readDocuments(files, {}, { ...options, mayLack });
  documents.forEach(refuseLeftOut);
  const { rows, madeLeftOut } = ofMainOrigin(documents.flatMap((document) => rowsOf(document)));
  const train = findSources({ data: paths.filter((path) => statSync(path).isDirectory()) }).train;
  const learnt = (await readDocuments(train, {}, options)).flatMap((document) => rowsOf(document));
  // As in a run's data: made questions do not decide.
  const asked = questionsIn(rows).filter(({ made }) => !made);
  const evidence = inferChoiceStyle(examplesIn(learnt), asked);
  return { split: splitOf(rows), evidence, files, madeLeftOut };
}
