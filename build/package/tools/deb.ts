/** A Debian package, by dpkg-deb (Debian Policy, chapters 5 and 6). */
import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runProgram, type PackageSource } from "./source.ts";

/** Writes `source.output`. */
export function makeDeb(source: PackageSource): void {
  const { tree, output, compression } = source;
  const files = readdirSync(tree, { recursive: true, encoding: "utf8" })
    .filter((path) => lstatSync(join(tree, path)).isFile())
    .sort();
  const folder = join(tree, "DEBIAN");
  mkdirSync(folder);
  writeFileSync(join(folder, "control"), control(source, files));
  writeFileSync(join(folder, "md5sums"), files.map((path) => `${md5(join(tree, path))}  ${path}\n`).join(""));
  writeFileSync(join(folder, "postinst"), source.afterInstall, { mode: 0o755 });
  writeFileSync(join(folder, "postrm"), source.afterRemove, { mode: 0o755 });
  runProgram(
    "dpkg-deb",
    ["--root-owner-group", `-Z${compression === "gz" ? "gzip" : compression}`, "--build", tree, output],
    "dpkg",
  );
}

function control(source: PackageSource, files: readonly string[]): string {
  const bytes = files.reduce((sum, path) => sum + lstatSync(join(source.tree, path)).size, 0);
  const fields = {
    Package: source.name,
    Version: source.version,
    Architecture: source.architecture,
    Maintainer: source.maintainer,
    "Installed-Size": String(Math.ceil(bytes / 1024)),
    Depends: source.depends.join(", "),
    Recommends: source.recommends.join(", "),
    Section: source.category ?? "misc",
    Priority: source.priority ?? "optional",
    Homepage: source.url,
    Description: description(source.description),
  };
  return Object.entries(fields)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}: ${value}\n`)
    .join("");
}

/** The first line is the synopsis; the following lines start with a space, empty ones are a dot. */
function description(text: string): string {
  const [synopsis = "", ...lines] = text.split("\n").map((line) => line.trim());
  return [synopsis, ...lines.map((line) => ` ${line || "."}`)].join("\n");
}

const md5 = (path: string) => createHash("md5").update(readFileSync(path)).digest("hex");
