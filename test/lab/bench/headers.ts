/** How long it takes to read a large model's header and to open it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { QWEN_7B, writeHollowGguf } from "./coppice/large-gguf.ts";
import type { Benchmark } from "./harness/benchmark.ts";
import { bestCall } from "./harness/sides.ts";

/** What test/lab/bench/coppice/headers.ts exports: `export const open: OpenHeaders`. */
export type OpenHeaders = (options: {
  readonly path: string;
}) => Promise<{ header(): Promise<number>; model(): Promise<number> }>;

const ROW = "7B, Q4_K_M";

export const headers: Benchmark = {
  name: "headers",
  timed: true,
  rounds: 5,
  measures:
    "A GGUF file with the sizes and the tensor list of Qwen2.5-7B in Q4_K_M, 152,064 tokens and 151,808 merges, whose weights are a hole " +
    "in the file. The header and the tensor list are read, then the model is opened, with its tokenizer, each in a new process; the " +
    "best of the rounds, and the highest peak memory of the process, Node included.",
  columns: [
    { key: "headerSeconds", title: "header and tensor list", unit: "seconds" },
    { key: "headerBytes", title: "peak memory", unit: "bytes" },
    { key: "modelSeconds", title: "whole model opened", unit: "seconds" },
    { key: "modelBytes", title: "peak memory then", unit: "bytes" },
  ],
  targets: [
    { row: ROW, column: "headerSeconds", atMost: 1 },
    { row: ROW, column: "headerBytes", atMost: 300e6 },
  ],

  async run(context) {
    if (!context.wants(ROW)) return [];
    const folder = mkdtempSync(join(tmpdir(), "coppice-headers-"));
    try {
      const path = join(folder, "model.gguf");
      writeHollowGguf(path, QWEN_7B, "Q4_K_M");
      const header = await measure(path, "header", context.rounds);
      const model = await measure(path, "model", context.rounds);
      const figures = {
        headerSeconds: header.seconds,
        headerBytes: header.peakBytes,
        modelSeconds: model.seconds,
        modelBytes: model.peakBytes,
      };
      return [{ name: ROW, figures }];
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

const measure = (path: string, call: "header" | "model", rounds: number) =>
  bestCall("headers", call, rounds, () => ({ path }));
