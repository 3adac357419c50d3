/**
 * better-sqlite3's addon for the fallback Electron: its own is made for Node-API 10, Electron 22 speaks 8. Compiled once
 * from the installed package, unchanged, with references-napi8.hpp before its sources.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Missing } from "./missing.ts";
import { builtFolder } from "./release.ts";

const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));
const source = join(modules, "better-sqlite3");
const header = fileURLToPath(new URL("references-napi8.hpp", import.meta.url));

/** Path of the addon, compiled if it is not there yet (about a minute). Throws `Missing`. */
export async function fallbackSqlite(): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(source, "package.json"), "utf8")) as { version: string };
  const addon = join(builtFolder, `better-sqlite3-${version}.node`);
  if (existsSync(addon)) return addon;
  console.error("Coppice: compiling SQLite for Electron 22 (once, about a minute) …");
  const work = `${addon}.${process.pid}`;
  mkdirSync(work, { recursive: true });
  try {
    const objects = await Promise.all([compileSqlite(work), compileAddon(work)]);
    const built = join(work, "built.node");
    await compiler("g++", ["-shared", "-Wl,-Bsymbolic", "-o", built, ...objects, "-lpthread", "-ldl"]);
    renameSync(built, addon);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return addon;
}

/** SQLite itself, with the features that better-sqlite3 asks of it. */
async function compileSqlite(work: string): Promise<string> {
  const defines = readFileSync(join(source, "deps", "defines.gypi"), "utf8");
  const features = [...defines.matchAll(/^\s*'(\w+(?:=-?\w+)?)',$/gm)].map(([, feature]) => `-D${feature}`);
  const object = join(work, "sqlite3.o");
  const file = join(source, "deps", "sqlite3", "sqlite3.c");
  await compiler("gcc", ["-O2", "-w", "-fPIC", "-DNDEBUG", ...features, "-c", file, "-o", object]);
  return object;
}

async function compileAddon(work: string): Promise<string> {
  const defines = [
    "NDEBUG",
    "NAPI_VERSION=8",
    "NAPI_DISABLE_CPP_EXCEPTIONS",
    "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS",
    "NODE_GYP_MODULE_NAME=better_sqlite3",
  ].map((define) => `-D${define}`);
  const includes = [
    join(modules, "node-api-headers", "include"),
    join(modules, "node-addon-api"),
    join(source, "deps", "sqlite3"),
  ].flatMap((folder) => ["-I", folder]);
  const object = join(work, "better_sqlite3.o");
  const language = ["-std=c++20", "-O2", "-fPIC", "-fvisibility=hidden", "-fno-exceptions"];
  const file = join(source, "src", "better_sqlite3.cpp");
  await compiler("g++", [...language, ...defines, ...includes, "-include", header, "-c", file, "-o", object]);
  return object;
}

function compiler(command: string, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"] });
    child.on("error", () =>
      reject(
        new Missing(
          `Electron 22 needs SQLite compiled for it: install ${command} (on Debian: apt-get install g++).`,
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
