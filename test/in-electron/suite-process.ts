/**
 * Runs one Vitest file inside this utilityProcess, by Vitest's own runner, and posts each result to the main process.
 * Its argument is the file's key in `suites`. The bundle holds every file; only the chosen one is loaded.
 */
import { startTests } from "vitest/internal/browser";
import type { SerializedConfig } from "vitest/runtime";
import type { RunnerTask } from "vitest";
import type { TestResult } from "./results.ts";
import { suites } from "./suites.ts";

const file = process.argv[2]!;
const { parentPort } = process as unknown as {
  parentPort: { postMessage(result: TestResult | "end"): void };
};

/** What of Vitest's configuration its runner reads; a file that is new to it may want more. */
const config = {
  root: process.cwd(),
  name: "",
  setupFiles: [],
  allowOnly: false,
  passWithNoTests: false,
  sequence: { seed: 1, hooks: "stack", setupFiles: "parallel", shuffle: false, concurrent: false },
  maxConcurrency: 1,
  testTimeout: 120_000,
  hookTimeout: 120_000,
  retry: 0,
  includeTaskLocation: false,
  tags: [],
  expect: {},
  snapshotOptions: {},
} as unknown as SerializedConfig;

const worker = { filepath: file, config, ctx: {}, rpc: {}, durations: {}, environment: { name: "node" } };
Object.assign(globalThis, { __vitest_worker__: worker });

void startTests([file], { config, importFile: suites[file]! }).then((files) => {
  for (const task of files) post(task, []);
  parentPort.postMessage("end");
});

function post(task: RunnerTask, above: string[]): void {
  const titles = task.type === "suite" && "filepath" in task ? above : [...above, task.name];
  const error = task.result?.errors?.map(({ message, stack }) => stack ?? message).join("\n");
  const failed = task.result?.state === "fail";
  // A suite counts only when it fails by itself: in a hook, or while its file was loaded.
  if (task.type === "test" || (failed && error)) {
    const state = failed ? "failed" : task.result?.state === "pass" ? "passed" : "skipped";
    const title = titles.join(" › ") || "the file loads";
    parentPort.postMessage({ suite: file, title, state, ...(error ? { error } : {}) });
  }
  if (task.type === "suite") for (const child of task.tasks) post(child, titles);
}
