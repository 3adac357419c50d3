/**
 * Runs one Vitest file inside this utilityProcess, by Vitest's own runner, and posts each result to the main process.
 * Its argument is the file's key in `suites`. The bundle holds every file; only the chosen one is loaded.
 */
import { startTests } from "vitest/internal/browser";
import type { SerializedConfig, VitestRunner } from "vitest/runtime";
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
  testTimeout: 300_000, // SwiftShader takes half a minute to compile some shaders, on a busy computer minutes
  hookTimeout: 300_000,
  retry: 0,
  includeTaskLocation: false,
  tags: [],
  expect: {},
  snapshotOptions: {},
} as unknown as SerializedConfig;

const worker = { filepath: file, config, ctx: {}, rpc: {}, durations: {}, environment: { name: "node" } };
Object.assign(globalThis, { __vitest_worker__: worker });

const runner: VitestRunner = { config, importFile: suites[file]!, onAfterRunTask: post };
void startTests([file], runner).then((files) => {
  for (const task of files) postBroken(task);
  parentPort.postMessage("end");
});

function post(task: RunnerTask): void {
  const { state, errors, duration = 0 } = task.result ?? {};
  const error = errors?.map(({ message, stack }) => stack ?? message).join("\n");
  const told = state === "pass" ? "passed" : state === "fail" ? "failed" : "skipped";
  const result = { suite: file, title: titleOf(task), state: told, ms: duration } as const;
  parentPort.postMessage({ ...result, ...(error ? { error } : {}) });
}

/** Suites that failed by themselves: in a hook, or while the file was loaded. And tests that never began. */
function postBroken(task: RunnerTask): void {
  if (task.type === "test" ? !task.result || task.mode === "skip" : task.result?.errors?.length) post(task);
  if (task.type === "suite") for (const child of task.tasks) postBroken(child);
}

function titleOf(task: RunnerTask): string {
  const titles: string[] = [];
  for (let at: RunnerTask | undefined = task; at && at.name !== file; at = at.suite) titles.unshift(at.name);
  return titles.join(" › ") || "the file loads";
}
