/** What the packages for Linux ask of the system they are installed in. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { rpmRequires } from "../../../build/package/linux/libraries.ts";
import { nativeFiles } from "../../../build/package/sbom.ts";
import { shipped } from "./shipped.ts";

/** Parts of the C library. */
const cLibrary = /^(lib(c|m|dl|rt|pthread)\.so\.\d+|ld-linux.*)$/;

test.runIf(process.platform === "linux")("they ask for every library that a binary of theirs names", () => {
  const folder = dirname(shipped);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  const own = new Set(files.filter((file) => file.isFile()).map(({ name }) => name));
  const binaries = nativeFiles(folder);
  expect(binaries.length).toBeGreaterThan(8);
  const { stdout, status } = spawnSync("readelf", ["--dynamic", ...binaries], { encoding: "utf8" });
  expect(status).toBe(0);
  const named = new Set([...stdout.matchAll(/\(NEEDED\).*\[(.+)\]/g)].map(([, library]) => library!));
  const asked = [...named].filter((library) => !own.has(library) && !cLibrary.test(library));
  expect(asked.length).toBeGreaterThan(20);
  expect(asked.filter((library) => !rpmRequires.includes(`${library}()(64bit)`))).toEqual([]);
});
