/**
 * better-sqlite3's addon for the fallback Electron: the package's own is built for Node-API 10, Electron 22 supports 8. Compiled
 * once from the installed package, unchanged, with references-napi8.hpp before its sources.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile, compilers, makeAddon, nodeApiHeaders, type CompiledFor } from "../compile.ts";
import { builtFolder } from "./release.ts";

const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));
const source = join(modules, "better-sqlite3");
const header = fileURLToPath(new URL("references-napi8.hpp", import.meta.url));

const PURPOSE = "Electron 22 needs SQLite compiled for it";

/** Path of the addon, compiled if missing (about a minute). Throws `Missing`. */
export async function fallbackSqlite(system: CompiledFor = "linux"): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(source, "package.json"), "utf8")) as { version: string };
  const suffix = system === "linux" ? "" : `-${system}`;
  const addon = join(builtFolder, `better-sqlite3-${version}${suffix}.node`);
  if (existsSync(addon)) return addon;
  console.error(`Coppice: compiling SQLite for Electron 22 on ${system} (once, about a minute) …`);
  await makeAddon(addon, system, PURPOSE, (work) =>
    Promise.all([compileSqlite(system, work), compileAddon(system, work)]),
  );
  return addon;
}

/** SQLite itself, with the features that better-sqlite3 requires. */
async function compileSqlite(system: CompiledFor, work: string): Promise<string> {
  const defines = readFileSync(join(source, "deps", "defines.gypi"), "utf8");
  const features = [...defines.matchAll(/^\s*'(\w+(?:=-?\w+)?)',$/gm)].map(([, feature]) => `-D${feature}`);
  const object = join(work, "sqlite3.o");
  const file = join(source, "deps", "sqlite3", "sqlite3.c");
  const options = ["-O2", "-w", "-DNDEBUG", ...features, ...compilers[system].options];
  await compile(system, "c", [...options, "-c", file, "-o", object], PURPOSE);
  return object;
}

async function compileAddon(system: CompiledFor, work: string): Promise<string> {
  const defines = [
    "NDEBUG",
    "NAPI_VERSION=8",
    "NAPI_DISABLE_CPP_EXCEPTIONS",
    "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS",
    "NODE_GYP_MODULE_NAME=better_sqlite3",
  ].map((define) => `-D${define}`);
  const includes = [nodeApiHeaders, join(modules, "node-addon-api"), join(source, "deps", "sqlite3")].flatMap(
    (folder) => ["-I", folder],
  );
  const object = join(work, "better_sqlite3.o");
  const language = [
    "-std=c++20",
    "-O2",
    "-fvisibility=hidden",
    "-fno-exceptions",
    ...compilers[system].options,
  ];
  const file = join(source, "src", "better_sqlite3.cpp");
  const sources = ["-include", header, "-c", file, "-o", object];
  await compile(system, "cpp", [...language, ...defines, ...includes, ...sources], PURPOSE);
  return object;
}

if (import.meta.main) console.log(await fallbackSqlite());
