/** A data set's card (huggingface.co/docs/hub/datasets-cards): where its rows came from, how many there are, and their hashes. */
import { basename } from "node:path";
import type { DataSetFile, DataSetFormat } from "../../../preload/contract/data-set.ts";
import type { DatasetReport, SplitName, SplitReport } from "../../../preload/contract/data.ts";

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
/** More files than a person reads. */
const MOST_SOURCES = 100;

/** Markdown with the hub's metadata. Sources are named without their folders, which tell about a computer. */
export function dataCard({ name, version, addedAt, report, files }: DataCardFacts): string {
  const splits = [...new Set(files.map(({ split }) => split))];
  return [
    "---",
    "license: unknown",
    "tags: [coppice]",
    "configs:",
    "  - config_name: default",
    "    data_files:",
    ...splits.flatMap((split) => [
      `      - split: ${HUB_SPLITS[split]}`,
      `        path: [${files.flatMap((one) => (one.split === split ? [one.file] : [])).join(", ")}]`,
    ]),
    "---",
    "",
    `# ${name}, version ${version}`,
    "",
    `Read with Coppice on ${addedAt.slice(0, 10)}. These rows are a person's own data: who shares them needs the right to.`,
    "",
    "## Splits",
    "",
    "| split | questions | examples | conversations | from |",
    "| --- | ---: | ---: | ---: | --- |",
    ...splits.flatMap((split) => {
      const told = report.splits[split];
      if (!told) return [];
      const { questions, examples, conversations } = told;
      return [
        `| ${HUB_SPLITS[split]} | ${questions} | ${examples} | ${conversations} | ${sourcesText(told)} |`,
      ];
    }),
    "",
    "In training, questions with choices are counted as the examples that they become.",
    "",
    "## Files",
    "",
    "| file | rows | SHA-256 |",
    "| --- | ---: | --- |",
    ...files.map(({ file, rows, sha256 }) => `| ${file} | ${rows} | ${sha256} |`),
    "",
    ...(report.notes.length === 0
      ? []
      : ["## Notes", "", ...report.notes.map((note) => `- ${inline(note)}`), ""]),
  ].join("\n");
}

function sourcesText({ files, moreFiles = 0 }: SplitReport): string {
  const names = files.slice(0, MOST_SOURCES).map((path) => inline(basename(path)));
  const more = files.length + moreFiles - names.length;
  return `${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** Text that stays within a cell or a line. */
function inline(text: string): string {
  return text.replaceAll("|", "\\|").replace(/\s+/g, " ");
}
