/** The packages for Windows that are tried, unpacked. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { root } from "../../build/root.ts";

const given = JSON.parse(process.env["COPPICE_TEST_PACKAGES"] ?? "[]") as string[];
const made = existsSync(join(root, "dist"))
  ? readdirSync(join(root, "dist")).map((name) => join(root, "dist", name))
  : [];
const named = (ending: string) => [...given, ...made].find((path) => path.endsWith(ending));

/** Paths of the packages; undefined where they were not made. */
export const installer = named("-windows-x64-setup.exe");
export const zip = named("-windows-x64.zip");

/** coppice, or coppice-test. */
export const name = zip === undefined ? "" : basename(zip).replace(/-\d.*/, "");
export const executable = `${name.replace("coppice", "Coppice")}.exe`;

/** Why the packages cannot be looked into; undefined if they can. */
export const whyNot =
  installer === undefined || zip === undefined
    ? "there are no packages for Windows (npm run dist -- --windows)"
    : spawnSync("7z").error && "7z is not there (on Debian: apt-get install p7zip-full)";

/** Unpacks `archive` into a new folder, which the caller removes. */
export function unpacked(archive: string): string {
  const folder = mkdtempSync(join(tmpdir(), "coppice-windows-"));
  const { status, stderr } = spawnSync("7z", ["x", "-y", `-o${folder}`, archive], { encoding: "utf8" });
  if (status === 0) return folder;
  rmSync(folder, { recursive: true, force: true });
  throw new Error(`7z could not unpack ${archive}: ${stderr}`);
}

/** Every file in `folder` with its size, by its path from there. */
export function filesIn(folder: string): Map<string, number> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [relative(folder, path), statSync(path).size]));
}
