/** The CUDA component, with files of its names that hold nothing: where onnxruntime looks for a provider is all that shows here. */
import { mkdirSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CUDA_LIBRARIES, cudaFolder, hasCuda, withCuda } from "../../../main/engine/cuda-component.ts";
import type { Launch, LaunchOptions } from "../../../main/engine/process/launch.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const isMade = process.platform === "linux" && process.arch === "x64";

/** A home with the component, or with a part of it. */
function homeWith(libraries: readonly string[]): string {
  const home = temporaryFolder();
  mkdirSync(cudaFolder(home), { recursive: true });
  for (const name of libraries) writeFileSync(join(cudaFolder(home), name), "");
  return home;
}

/** What an engine of this home would be started with; host-checks.ts starts one. */
function launchedWith(home: string, environment?: Record<string, string>): LaunchOptions {
  let given: LaunchOptions = {};
  const launch: Launch = (_, options) => {
    given = options;
    throw new Error("not started here");
  };
  const start = withCuda({ launch }, home).launch!;
  expect(() => start("engine", { ...(environment && { environment }) })).toThrow("not started here");
  return given;
}

test.runIf(isMade)("an engine of a home with the CUDA component loads it", () => {
  const home = homeWith(CUDA_LIBRARIES);
  expect(hasCuda(home)).toBe(true);
  const { environment } = launchedWith(home, { OTHER: "1" });
  expect(environment!.LD_LIBRARY_PATH!.split(":")[0]).toBe(cudaFolder(home));
  expect(environment!.OTHER).toBe("1");
  expect(readlinkSync(join(cudaFolder(home), "libonnxruntime.so.1"))).toMatch(/onnxruntime-node/);
  expect(launchedWith(home).environment).toHaveProperty("LD_LIBRARY_PATH"); // the link that is there is made anew
});

test.each([
  ["nothing", []],
  ["a part of it", CUDA_LIBRARIES.slice(0, 1)],
])("a home with %s is a home without the component", (_, libraries) => {
  const home = homeWith(libraries);
  expect(hasCuda(home)).toBe(false);
  expect(launchedWith(home).environment).toEqual({});
});
