/** A run of the built-in sample that takes seconds, started through the bridge as the wizard starts one. */
import type { Page } from "playwright-core";
import type { RunSummary } from "../../preload/contract/calls/runs.ts";
import { cutSample } from "../main/cut-sample.ts";
import type { Coppice } from "./coppice.ts";

/** Rows that are left of each file. */
const rows = {
  "train.jsonl": 96,
  "valid.jsonl": 24,
  "test.jsonl": 40,
  "test_sft.jsonl": 8,
  "offdomain.jsonl": 20,
};

export interface ShortRun {
  readonly name?: string;
  /** Blocks to keep of eight; of half-blocks, of sixteen. */
  readonly keep?: number;
  readonly unit?: "block" | "sublayer";
  /** Fewer rounds: less time. */
  readonly unitsPerRound?: number;
  /** More of them: more time. */
  readonly tuningEpochs?: number;
  readonly rowsPerRound?: number;
}

/** Puts a run into the queue; gives its id. */
export async function startRun(
  { electron, page, folder }: Pick<Coppice, "electron" | "page" | "folder">,
  {
    name = "Short sample",
    keep = 4,
    unit = "block",
    unitsPerRound = 1,
    tuningEpochs = 1,
    rowsPerRound = 48,
  }: ShortRun = {},
): Promise<string> {
  const data = cutSample(folder, rows);
  const settings = {
    tune: { maxEpochs: tuningEpochs },
    trim: { rowsPerRound, calibrationRows: 16, unitsPerRound },
    heal: { epochs: 1 },
  };
  await electron.evaluate(({ dialog }, path) => {
    const { showOpenDialog } = dialog;
    dialog.showOpenDialog = () => {
      dialog.showOpenDialog = showOpenDialog;
      return Promise.resolve({ canceled: false, filePaths: [path] });
    };
  }, data);
  return page.evaluate(
    async (asked) => {
      const { coppice } = window;
      // The window may name what a person chose.
      await coppice.application.choose({ what: "data-folder" });
      const found = await coppice.models.find();
      if (!found.ok) throw new Error(JSON.stringify(found.failure));
      const { path } = found.value.find(({ source }) => source === "sample")!;
      const started = await coppice.runs.start({
        model: { path, name: "sample" },
        sources: { data: [asked.data] },
        patch: {
          ...asked.settings,
          trim: { ...asked.settings.trim, keep: { units: asked.keep }, unit: asked.unit },
        },
        name: asked.name,
      });
      if (!started.ok) throw new Error(JSON.stringify(started.failure));
      return started.value.id;
    },
    { data, name, keep, unit, settings },
  );
}

/** Shows a run's page. */
export async function showRun(page: Page, id: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#/runs/${id}`);
}

/** What main knows of a run. */
export function summaryOf(page: Page, id: string): Promise<RunSummary> {
  return page.evaluate(async (wanted) => {
    const list = await window.coppice.runs.list();
    if (!list.ok) throw new Error(JSON.stringify(list.failure));
    return list.value.find((run) => run.id === wanted)!;
  }, id);
}
