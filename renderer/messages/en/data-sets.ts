import { numberText } from "../figures.ts";
import { counted } from "./counted.ts";

export const dataSets = {
  title: "Data sets",
  about: "What was read on this computer, with the runs that were trained on it.",
  add: "Add data",
  emptyTitle: "No data yet",
  emptyText:
    "Data that you add for a model is listed here: to look through, to use again with another model, and to export.",
  reading: "Reading the data sets",
  missing: "This data set is no longer there",
  missingText: "It was deleted. Choose another one from the list.",
  version: (version: number) => `Version ${numberText(version)}`,
  use: "Use for a new model",
  rename: "Rename…",
  export: "Export…",
  erase: "Delete…",
  origin: "Origin and use",
  readOn: (date: string, size: string) => `Read on ${date}, ${size} on disk.`,
  usedBy: "Used by",
  unused: "No run has used it.",
  unusedAndNotKept: "No run has used it. Give it a name to keep it.",
  goesWithRuns: "It is deleted with its last run unless you give it a name.",
  rowsTitle: "Rows",
  whichSplit: "Split",
  search: "Search the rows",
  looking: "Looking …",
  found: (count: number) => counted(count, "row"),
  wholeRow: "The chosen row",
  keep: "Name and keep this data set",
  keptIt: "Data set kept",
  choose: "Use a data set…",
  nameTitle: "Name of the data set",
  nameHint: "A data set with a name stays when its last run is deleted.",
  exportTitle: (name: string) => `Export “${name}”`,
  format: "Format",
  formats: {
    jsonl: { name: "JSON lines", about: "A line for each row; opens in any editor, and here." },
    parquet: {
      name: "Parquet",
      about: "Small files with columns, for the Hugging Face hub, pandas and DuckDB.",
    },
  },
  exportText:
    "A file for each split goes into a new folder, with a card that names sources, counts and hashes.",
  chooseAndWrite: "Choose a folder…",
  writing: (file: string) => (file === "" ? "Writing …" : `Writing ${file} …`),
  exported: "Data set exported",
  eraseText: "Its rows are deleted from this computer. Your own files stay.",
  eraseRuns: (count: number) =>
    count === 1
      ? "This run was trained on it. It keeps its figures, but its data can no longer be shown:"
      : `These ${numberText(count)} runs were trained on it. They keep their figures, but their data can no longer be shown:`,
  eraseDescendants: (count: number) =>
    count === 1
      ? "This run started from the model of such a run, so its model carries the data, too:"
      : `These ${numberText(count)} runs started from the models of such runs, so their models carry the data, too:`,
  startedFrom: (name: string, from: string) => `${name}, started from the model of “${from}”`,
};
