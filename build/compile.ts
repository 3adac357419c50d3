/** Compiling addons for Node-API 8: on Linux also for Windows, on Windows for itself. */
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Missing } from "./electron/missing.ts";

const nodeApi = fileURLToPath(new URL("../node_modules/node-api-headers", import.meta.url));
const hostFunctions = fileURLToPath(new URL("node-api-of-host.c", import.meta.url));

/** The sources that each addon for a system has besides its own. */
export const addonSources = { linux: [], windows: [hostFunctions] } as const;

/** The folder of Node-API's headers. */
export const nodeApiHeaders = join(nodeApi, "include");

const isWindows = process.platform === "win32"; // there, MinGW-w64's compilers have plain names

/** MinGW-w64's compilers for Windows, gcc for Linux. */
export const compilers = {
  linux: {
    c: "gcc",
    cpp: "g++",
    package: "g++",
    options: ["-fPIC"],
    link: ["-shared", "-Wl,-Bsymbolic", "-lpthread", "-ldl"],
  },
  windows: {
    c: isWindows ? "gcc" : "x86_64-w64-mingw32-gcc-posix",
    cpp: isWindows ? "g++" : "x86_64-w64-mingw32-g++-posix",
    package: "g++-mingw-w64-x86-64-posix",
    // gcc spills vector registers with aligned moves, to stacks that Windows aligns to 16 bytes (gcc's bug 54412).
    options: ["-DBUILDING_NODE_EXTENSION", "-Wa,-muse-unaligned-vector-move"],
    link: ["-shared", "-static", "-s"],
  },
} as const;
export type CompiledFor = keyof typeof compilers;

/**
 * Runs a compiler; `purpose` is what needs it ("Electron 22 needs SQLite compiled for it"). Throws `Missing` if it is not installed, and
 * an error if it fails.
 */
export function compile(
  system: CompiledFor,
  language: "c" | "cpp",
  args: readonly string[],
  purpose: string,
): Promise<void> {
  const tools = compilers[system];
  const command = tools[language];
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"] });
    child.on("error", () =>
      reject(new Missing(`${purpose}: install ${command} (on Debian: apt-get install ${tools.package}).`)),
    );
    child.on("exit", (status) =>
      status === 0 ? resolve() : reject(new Error(`${command} failed. ${purpose}.`)),
    );
  });
}

/**
 * Builds an addon and moves it to `file` once it is complete: `objects` compiles it into a work folder and returns the paths of its objects.
 * Throws the errors of `compile`.
 */
export async function makeAddon(
  file: string,
  system: CompiledFor,
  purpose: string,
  objects: (work: string) => Promise<readonly string[]>,
): Promise<void> {
  const work = `${file}.${process.pid}`;
  mkdirSync(work, { recursive: true });
  try {
    const made = await objects(work);
    const host = system === "windows" ? [await compileHostFunctions(work, purpose)] : [];
    const built = join(work, "built.node");
    // Libraries come after the objects that need them.
    await compile(system, "cpp", ["-o", built, ...made, ...host, ...compilers[system].link], purpose);
    renameSync(built, file);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Compiles Node-API for Windows, with the names that its headers list for Windows linkers; returns the object's path. */
async function compileHostFunctions(work: string, purpose: string): Promise<string> {
  const lists = ["js_native_api.def", "node_api.def"].map((name) => join(nodeApi, "def", name));
  const names = lists.flatMap((list) => readFileSync(list, "utf8").match(/\b(napi|node_api)_\w+/g) ?? []);
  writeFileSync(
    join(work, "functions.inc"),
    [...new Set(names)].map((name) => `FUNCTION(${name})\n`).join(""),
  );
  const object = join(work, "node-api-of-host.o");
  await compile("windows", "c", ["-O2", "-I", work, "-c", hostFunctions, "-o", object], purpose);
  return object;
}
