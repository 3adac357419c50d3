/**
 * better-sqlite3's addon for the fallback Electron: the package's own is built for Node-API 10, Electron 22 supports 8. Compiled
 * once from the installed package, unchanged, with references-napi8.hpp before its sources.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Missing } from "./missing.ts";
import { builtFolder } from "./release.ts";

const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));
const source = join(modules, "better-sqlite3");
const nodeApi = join(modules, "node-api-headers");
const header = fileURLToPath(new URL("references-napi8.hpp", import.meta.url));
const hostFunctions = fileURLToPath(new URL("node-api-of-host.c", import.meta.url));

/** Compilers for each system, on Linux. */
const compilers = {
  linux: {
    c: "gcc",
    cpp: "g++",
    package: "g++",
    options: ["-fPIC"],
    link: ["-shared", "-Wl,-Bsymbolic", "-lpthread", "-ldl"],
  },
  windows: {
    c: "x86_64-w64-mingw32-gcc-posix",
    cpp: "x86_64-w64-mingw32-g++-posix",
    package: "g++-mingw-w64-x86-64-posix",
    options: ["-DBUILDING_NODE_EXTENSION"],
    link: ["-shared", "-static", "-s"],
  },
} as const;
type Compilers = (typeof compilers)[keyof typeof compilers];

/** Path of the addon, compiled if missing (about a minute). Throws `Missing`. */
export async function fallbackSqlite(system: keyof typeof compilers = "linux"): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(source, "package.json"), "utf8")) as { version: string };
  const suffix = system === "linux" ? "" : `-${system}`;
  const addon = join(builtFolder, `better-sqlite3-${version}${suffix}.node`);
  if (existsSync(addon)) return addon;
  console.error(`Coppice: compiling SQLite for Electron 22 on ${system} (once, about a minute) …`);
  const work = `${addon}.${process.pid}`;
  mkdirSync(work, { recursive: true });
  const tools = compilers[system];
  try {
    const objects = [compileSqlite(tools, work), compileAddon(tools, work)];
    if (system === "windows") objects.push(compileHostFunctions(tools, work));
    const built = join(work, "built.node");
    // Libraries come after the objects that need them.
    await compile(tools, tools.cpp, ["-o", built, ...(await Promise.all(objects)), ...tools.link]);
    renameSync(built, addon);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return addon;
}

/** SQLite itself, with the features that better-sqlite3 requires. */
async function compileSqlite(tools: Compilers, work: string): Promise<string> {
  const defines = readFileSync(join(source, "deps", "defines.gypi"), "utf8");
  const features = [...defines.matchAll(/^\s*'(\w+(?:=-?\w+)?)',$/gm)].map(([, feature]) => `-D${feature}`);
  const object = join(work, "sqlite3.o");
  const file = join(source, "deps", "sqlite3", "sqlite3.c");
  const options = ["-O2", "-w", "-DNDEBUG", ...features, ...tools.options];
  await compile(tools, tools.c, [...options, "-c", file, "-o", object]);
  return object;
}

async function compileAddon(tools: Compilers, work: string): Promise<string> {
  const defines = [
    "NDEBUG",
    "NAPI_VERSION=8",
    "NAPI_DISABLE_CPP_EXCEPTIONS",
    "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS",
    "NODE_GYP_MODULE_NAME=better_sqlite3",
  ].map((define) => `-D${define}`);
  const includes = [
    join(nodeApi, "include"),
    join(modules, "node-addon-api"),
    join(source, "deps", "sqlite3"),
  ].flatMap((folder) => ["-I", folder]);
  const object = join(work, "better_sqlite3.o");
  const language = ["-std=c++20", "-O2", "-fvisibility=hidden", "-fno-exceptions", ...tools.options];
  const file = join(source, "src", "better_sqlite3.cpp");
  await compile(tools, tools.cpp, [
    ...language,
    ...defines,
    ...includes,
    ...["-include", header, "-c", file, "-o", object],
  ]);
  return object;
}

/** Node-API for Windows, by the names that its headers list for Windows linkers. */
async function compileHostFunctions(tools: Compilers, work: string): Promise<string> {
  const lists = ["js_native_api.def", "node_api.def"].map((name) => join(nodeApi, "def", name));
  const names = lists.flatMap((list) => readFileSync(list, "utf8").match(/\b(napi|node_api)_\w+/g) ?? []);
  writeFileSync(
    join(work, "functions.inc"),
    [...new Set(names)].map((name) => `FUNCTION(${name})\n`).join(""),
  );
  const object = join(work, "node-api-of-host.o");
  await compile(tools, tools.c, ["-O2", "-I", work, "-c", hostFunctions, "-o", object]);
  return object;
}

function compile(tools: Compilers, command: string, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"] });
    child.on("error", () =>
      reject(
        new Missing(
          `Electron 22 needs SQLite compiled for it: install ${command} (on Debian: apt-get install ${tools.package}).`,
        ),
      ),
    );
    child.on("exit", (status) =>
      status === 0
        ? resolve()
        : reject(new Error(`${command} could not compile better-sqlite3 for Electron 22`)),
    );
  });
}

if (import.meta.main) console.log(await fallbackSqlite());
