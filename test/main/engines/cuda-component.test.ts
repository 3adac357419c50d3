/** The CUDA component, with files of its names that hold nothing: where onnxruntime looks for a provider is all that shows here. */
import { chmodSync, mkdirSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  cudaAbsence,
  CUDA_LIBRARIES,
  cudaEnvironment,
  cudaFolder,
} from "../../../main/engines/cuda-component.ts";
import { reader, trainer } from "../../../main/engines/jobs.ts";
import { startEngine, type EngineOptions } from "../../../main/engines/process/host.ts";
import type { Launch, LaunchOptions } from "../../../main/engines/process/launch.ts";
import { homeIn, makeHome } from "../../../main/home/home.ts";
import { setEnvironment } from "../set-environment.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const isMade = process.platform === "linux" && process.arch === "x64";

/** An account with the component, or with a part of it; returns the component's folder. */
function accountWith(libraries: readonly string[]): string {
  setEnvironment("XDG_DATA_HOME", temporaryFolder());
  const folder = cudaFolder();
  mkdirSync(folder, { recursive: true });
  for (const name of libraries) writeFileSync(join(folder, name), "");
  return folder;
}

/** The environment that an engine is started with; host-checks.ts starts one. */
function environmentOf(kind: typeof reader | typeof trainer, options: EngineOptions) {
  let given: LaunchOptions = {};
  const launch: Launch = (_, options) => {
    given = options;
    throw new Error("not started here");
  };
  expect(() => startEngine(kind as typeof reader, { ...options, launch })).toThrow("not started here");
  return given.environment;
}

test.runIf(isMade)("an engine that uses CUDA loads the component, and no other does", () => {
  const folder = accountWith(CUDA_LIBRARIES);
  expect(cudaAbsence()).toBe(null);
  const environment = environmentOf(trainer, { device: "cuda", environment: { OTHER: "1" } })!;
  expect(environment.LD_LIBRARY_PATH!.split(":")[0]).toBe(folder);
  expect(environment.OTHER).toBe("1");
  expect(readlinkSync(join(folder, "libonnxruntime.so.1"))).toMatch(/onnxruntime-node/);
  expect(cudaEnvironment()).toHaveProperty("LD_LIBRARY_PATH"); // the link that is there is made anew
  for (const kind of [reader, trainer]) expect(environmentOf(kind, {})).toEqual({});
  expect(environmentOf(trainer, { device: "webgpu" })).toEqual({});
});

test("libraries that came with a home are never loaded", () => {
  accountWith([]);
  const home = homeIn(join(process.env["XDG_DATA_HOME"]!, "coppice"));
  makeHome(home);
  for (const folder of ["cuda", "coppice-cuda", join("components", "cuda")]) {
    mkdirSync(join(home.folder, folder), { recursive: true });
    for (const name of CUDA_LIBRARIES) writeFileSync(join(home.folder, folder, name), "");
  }
  expect(environmentOf(trainer, { device: "cuda" })).toEqual({});
});

test.each([
  ["nothing", []],
  ["a part of it", CUDA_LIBRARIES.slice(0, 1)],
])("an account with %s is one without the component", (_, libraries) => {
  accountWith(libraries);
  expect(cudaAbsence({ platform: "linux", arch: "x64" })).toBe("not-added");
  expect(environmentOf(trainer, { device: "cuda" })).toEqual({});
});

test("elsewhere than on Linux with x64 it is for another system", () => {
  expect(cudaAbsence({ platform: "win32", arch: "x64" })).toBe("other-system");
  expect(cudaAbsence({ platform: "linux", arch: "arm64" })).toBe("other-system");
});

test.runIf(isMade)("what other accounts can change is not loaded, nor what leads there", () => {
  const folder = accountWith(CUDA_LIBRARIES);
  const library = join(folder, CUDA_LIBRARIES[0]!);
  for (const path of [library, folder])
    for (const mode of [0o775, 0o757]) {
      chmodSync(path, mode);
      expect(cudaAbsence()).toBe("unsafe");
      expect(cudaEnvironment()).toEqual({});
      chmodSync(path, 0o755);
    }
  const elsewhere = join(temporaryFolder(), "libcudnn.so.9");
  writeFileSync(elsewhere, "");
  chmodSync(elsewhere, 0o666);
  symlinkSync(elsewhere, join(folder, "libcudnn.so.9"));
  expect(cudaAbsence()).toBe("unsafe");
  chmodSync(elsewhere, 0o644);
  expect(cudaAbsence()).toBe(null);
});
