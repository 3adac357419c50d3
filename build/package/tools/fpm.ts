/** Builds a deb or an rpm from electron-builder's fpm arguments (`-s dir -t deb|rpm`), with dpkg-deb or rpmbuild. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { makeDeb } from "./deb.ts";
import { makeRpm } from "./rpm.ts";
import { runProgram, type PackageSource } from "./source.ts";

const text = { type: "string" } as const;
const list = { type: "string", multiple: true } as const;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    "input-type": { ...text, short: "s" },
    "output-type": { ...text, short: "t" },
    force: { type: "boolean" },
    debug: { type: "boolean" },
    log: text,
    depends: { ...list, short: "d" },
    "deb-recommends": list,
    "deb-compression": text,
    "deb-priority": text,
    "rpm-os": text,
    "rpm-compression": text,
    "rpm-summary": text,
    directories: list,
    exclude: list,
    architecture: text,
    "after-install": text,
    "after-remove": text,
    description: text,
    version: text,
    package: text,
    name: text,
    maintainer: text,
    vendor: text,
    url: text,
    category: text,
    license: text,
  },
});

const makers: Readonly<Record<string, (source: PackageSource) => void>> = { deb: makeDeb, rpm: makeRpm };
const make = makers[required("output-type")];
if (!make) throw new Error(`packages of type ${required("output-type")} are not supported`);
const work = mkdtempSync(join(tmpdir(), "coppice-package-"));
try {
  make({
    name: required("name"),
    version: required("version"),
    architecture: required("architecture"),
    description: required("description"),
    summary: values["rpm-summary"],
    maintainer: required("maintainer"),
    vendor: required("vendor"),
    url: required("url"),
    license: required("license"),
    category: values.category,
    priority: values["deb-priority"],
    depends: values.depends ?? [],
    recommends: values["deb-recommends"] ?? [],
    afterInstall: readFileSync(required("after-install"), "utf8"),
    afterRemove: readFileSync(required("after-remove"), "utf8"),
    compression: values["deb-compression"] ?? values["rpm-compression"] ?? "xz",
    ownFolders: values.directories ?? [],
    tree: layOut(join(work, "tree")),
    work,
    output: required("package"),
  });
} finally {
  rmSync(work, { recursive: true, force: true });
}

function required(
  name: Exclude<
    keyof typeof values,
    "force" | "debug" | "depends" | "deb-recommends" | "directories" | "exclude"
  >,
): string {
  const value = values[name];
  if (value === undefined) throw new Error(`fpm's --${name} is missing`);
  return value;
}

/** Copies each SOURCE=TARGET into place; for a source ending in "/", its contents. All files are world-readable. */
function layOut(tree: string): string {
  for (const mapping of positionals) {
    const [source, target] = mapping.split("=") as [string, string];
    const to = join(tree, target);
    const isFolder = source.endsWith("/");
    mkdirSync(isFolder ? to : dirname(to), { recursive: true });
    runProgram("cp", ["-a", "--reflink=auto", isFolder ? `${source}.` : source, to], "coreutils");
  }
  for (const path of values.exclude ?? []) rmSync(join(tree, path));
  runProgram("chmod", ["-R", "u+rwX,go+rX,go-w", tree], "coreutils");
  return tree;
}
