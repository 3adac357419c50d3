/** A data set's card (huggingface.co/docs/hub/datasets-cards): where its rows came from, how many there are, and their hashes. */
import { basename } from "node:path";
import type { DataSetFile, DataSetFormat } from "../../../preload/contract/data/data-set.ts";
import type { DatasetReport, SplitName, SplitReport } from "../../../preload/contract/data/data.ts";
import { noteText } from "../../../preload/contract/words/notes.ts";
import { COLUMN_TYPES } from "./exported-columns.ts";

export interface DataCardFacts {
  readonly name: string;
  readonly version: number;
  /** ISO 8601 */
  readonly addedAt: string;
  readonly report: DatasetReport;
  readonly format: DataSetFormat;
  readonly files: readonly DataSetFile[];
}

/** The hub's names of splits. */
const HUB_SPLITS: Record<SplitName, string> = {
  train: "train",
  valid: "validation",
  test: "test",
  offDomain: "off_domain",
};
/** How many sources are named at most; nobody reads more. */

/**
 * Markdown with the hub's metadata: a configuration for each kind of row, whose columns differ. Sources are named without their folders,
 * which could reveal something about the computer.
 */
export function dataCard({ name, version, addedAt, report, files }: DataCardFacts): string {
  const splits = [...new Set(files.map(({ split }) => split))];
  const kinds = [...new Set(files.map(({ kind }) => kind))];
  const configOf = (kind: string) => (kinds.length === 1 ? "default" : kind);
  return [
    "---",
    "license: unknown",
    "tags: [coppice]",
    "configs:",
    ...kinds.flatMap((kind) => [
      `  - config_name: ${configOf(kind)}`,
      "    data_files:",
      ...files.flatMap((one) =>
        one.kind === kind ? [`      - split: ${HUB_SPLITS[one.split]}`, `        path: ${one.file}`] : [],
      ),
    ]),
    "dataset_info:",
    ...kinds.flatMap((kind) => [
      `  - config_name: ${configOf(kind)}`,
      "    features:",
      ...featuresOf(files.find((one) => one.kind === kind)!),
    ]),
    "---",
    "",
    `# ${name}, version ${version}`,
    "",
    `Read with Coppice on ${addedAt.slice(0, 10)}. These rows are a person's own data: share them only if you have the right to.`,
    "",
    "## Splits",
    "",
    "| split | questions | examples | conversations | from |",
    "| --- | ---: | ---: | ---: | --- |",
    ...splits.flatMap((split) => {
      const own = report.splits[split];
      if (!own) return [];
      const { questions, examples, conversations } = own;
      return [
        `| ${HUB_SPLITS[split]} | ${questions} | ${examples} | ${conversations} | ${sourcesText(own)} |`,
      ];
    }),
    "",
    "In training, questions with choices are counted as the examples that they become.",
    "",
    ...(files.some(({ weights }) => weights)
      ? ["In conversations, answers with the weight 0 are neither learnt nor measured.", ""]
      : []),
    "## Files",
    "",
    "| file | rows | SHA-256 |",
    "| --- | ---: | --- |",
    ...files.map(({ file, rows, sha256 }) => `| ${file} | ${rows} | ${sha256} |`),
    "",
    ...(report.notes.length === 0
      ? []
      : ["## Notes", "", ...report.notes.map((note) => `- ${inline(noteText(note))}`), ""]),
  ].join("\n");
}

const featuresOf = ({ columns, weights }: DataSetFile): string[] =>
  columns.flatMap((column) => featureLines(column, weights === true));

/** A column with its type, because it may be null in all rows of a file. */
function featureLines(column: string, hasWeights: boolean): string[] {
  const named = `      - name: ${column}`;
  switch (COLUMN_TYPES[column]!) {
    case "text":
      return [named, "        dtype: string"];
    case "texts":
      return [named, "        sequence: string"];
    case "integer":
      return [named, "        dtype: int64"];
    case "boolean":
      return [named, "        dtype: bool"];
    case "messages":
      return [
        named,
        "        list:",
        ...["role", "content"].flatMap((name) => [`          - name: ${name}`, "            dtype: string"]),
        ...(hasWeights ? ["          - name: weight", "            dtype: int64"] : []),
      ];
  }
}

function sourcesText({ files, moreFiles = 0 }: SplitReport): string {
  const names = files.map((path) => inline(basename(path)));
  return `${names.join(", ")}${moreFiles > 0 ? ` and ${moreFiles} more` : ""}`;
}

/** Text that stays within a cell or a line. */
function inline(text: string): string {
  return text.replaceAll("|", "\\|").replace(/\s+/g, " ");
}
