import { readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fusesOf, readFuses } from "../../build/package/fuses.ts";
import { runtimeLibraries } from "../../build/package/windows/runtime.ts";
import { nativeName } from "../../native-models/runtime/native-file.ts";
import { readPortableExecutable } from "./portable-executable.ts";
import { foundWhenCalled, windowsHas } from "./windows-libraries.ts";
import { executable, filesIn, installer, name, unpacked, whyNot, zip } from "./windows-package.ts";

const MB = 1e6;
const X64 = 0x8664;
const decoder = `resources/native/${nativeName("win32", "x64")}`;
const onnxruntime = "resources/app.asar.unpacked/node_modules/onnxruntime-node/bin/napi-v6/win32/x64";

describe.skipIf(whyNot)(`The packages for Windows${whyNot ? `: ${whyNot}` : ""}`, () => {
  let folder: string;
  let files: Map<string, number>;
  beforeAll(() => {
    folder = unpacked(zip!);
    files = filesIn(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const binaries = () =>
    [...files.keys()].flatMap((path) => {
      const binary = readPortableExecutable(readFileSync(join(folder, path)));
      return binary ? [{ path, ...binary }] : [];
    });

  test("take less than 350 MB installed and 150 MB to download", () => {
    expect([...files.values()].reduce((sum, bytes) => sum + bytes)).toBeLessThan(350 * MB);
    expect(readFileSync(installer!).length).toBeLessThan(150 * MB);
    expect(readFileSync(zip!).length).toBeLessThan(150 * MB);
  });

  test("contain the same files, plus an uninstaller in the installer", () => {
    const outer = unpacked(installer!);
    const inner = unpacked(join(outer, "$PLUGINSDIR", "app-64.7z"));
    try {
      expect(filesIn(inner)).toEqual(files);
      expect([...filesIn(outer).keys()]).toContain(`$R0/Uninstall ${executable}`);
    } finally {
      for (const made of [outer, inner]) rmSync(made, { recursive: true, force: true });
    }
  });

  test("have binaries only for Windows on x64, and none for CUDA, TensorRT or DirectML", () => {
    expect(binaries().filter(({ machine }) => machine !== X64)).toEqual([]);
    const others = [...files.keys()].filter((path) => isOfAnotherSystem(readFileSync(join(folder, path))));
    expect(others).toEqual([]);
    expect([...files.keys()].filter((path) => /cuda|tensorrt|directml/i.test(path))).toEqual([]);
    expect(binaries().map(({ path }) => path)).toEqual(
      expect.arrayContaining([executable, `bin/${name}.exe`, `${onnxruntime}/onnxruntime.dll`, decoder]),
    );
  });

  test("have every library that a binary imports, unless Windows has it", () => {
    const beside = (path: string, library: string) =>
      // A program's own folder is searched for every library that it loads.
      [dirname(path), "."].some((at) => namesIn(at).includes(library));
    const namesIn = (at: string) =>
      [...files.keys()]
        .filter((path) => dirname(path) === at)
        .map((path) => path.split("/").at(-1)!.toLowerCase());
    const missing = binaries().flatMap(({ path, imports, delayed }) => [
      ...imports
        .filter((library) => !windowsHas(library) && !beside(path, library))
        .map((library) => [path, library]),
      ...delayed
        .filter((library) => !foundWhenCalled(library) && !beside(path, library))
        .map((library) => [path, library]),
    ]);
    expect(missing).toEqual([]);
  });

  test("need every file of Microsoft's runtime that they include", () => {
    const needed = new Set(binaries().flatMap(({ imports }) => imports));
    expect(runtimeLibraries.filter((library) => !needed.has(library))).toEqual([]);
  });

  test("have Electron's fuses set", async () => {
    const fuses = await readFuses(join(folder, executable));
    expect(fusesOf("win32", "22")).toMatchObject(fuses);
  });
});

/** Whether a file begins as programs of Linux and macOS do. */
const isOfAnotherSystem = (file: Buffer) =>
  ["7f454c46", "cffaedfe", "cafebabe"].includes(file.toString("hex", 0, 4));
