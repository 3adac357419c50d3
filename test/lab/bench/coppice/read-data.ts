/** Reads data as the reader's process does: previews it, or makes a data set from part of its rows. */
import { join } from "node:path";
import { readDataset } from "../../../../main/documents/dataset.ts";
import { inspectFile } from "../../../../main/documents/inspect.ts";
import { findSources } from "../../../../main/documents/files/split-sources.ts";
import type { OpenReadData } from "../read-data.ts";

export const open: OpenReadData = ({ data, out, sampleRows }) =>
  Promise.resolve({
    inspect: async () => {
      let rows = 0;
      for (const path of findSources({ data: [data] }).train) {
        const { rows: found, failure } = await inspectFile(path, "train", { sampleRows });
        if (failure) throw new Error(`${path}: ${failure.code}`);
        rows += found.examples + found.conversations;
      }
      return rows;
    },
    read: async () => {
      const report = await readDataset({ data: [data], out: join(out, "dataset"), seed: 1, sampleRows });
      return report.splits.train!.examples + report.splits.train!.conversations;
    },
  });
