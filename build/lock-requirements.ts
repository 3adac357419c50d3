/**
 * Writes distributed/requirements.txt: the packages of requirements.in beside it and all that they need, with the SHA-256 of their wheels
 * for each Python here on Linux x86_64, as pip chooses them. Needs those Pythons, with pip: node build/run.js build/lock-requirements.ts
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { root } from "./root.ts";

const PYTHONS = ["3.11", "3.12", "3.13"];
/** The part that is read here of pip's report (https://pip.pypa.io/en/stable/reference/installation-report). */
const Report = z.object({
  install: z.array(
    z.object({
      metadata: z.object({ name: z.string(), version: z.string() }),
      download_info: z.object({ archive_info: z.object({ hashes: z.object({ sha256: z.string() }) }) }),
    }),
  ),
});

const direct = join(root, "distributed", "requirements.in");
const args = ["-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet", "--only-binary", ":all:"];
const packages = new Map<string, { pythons: string[]; hashes: Set<string> }>();
for (const python of PYTHONS) {
  const report = execFileSync(`python${python}`, [...args, "--report", "-", "-r", direct], {
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    stdio: ["ignore", "pipe", "inherit"],
  });
  for (const { metadata, download_info } of Report.parse(JSON.parse(report)).install) {
    const pinned = `${metadata.name.toLowerCase().replaceAll("_", "-")}==${metadata.version}`;
    const found = packages.get(pinned) ?? { pythons: [], hashes: new Set() };
    found.pythons.push(python);
    found.hashes.add(download_info.archive_info.hashes.sha256);
    packages.set(pinned, found);
  }
}
const lines = [...packages].sort().map(([pinned, { pythons, hashes }]) => {
  const some = pythons.map((python) => `python_version == "${python}"`).join(" or ");
  const marker = pythons.length < PYTHONS.length ? ` ; ${some}` : "";
  return [pinned + marker, ...[...hashes].sort().map((hash) => `--hash=sha256:${hash}`)].join(" ");
});
const head = `# For Linux on x86_64 and Python ${PYTHONS.join(", ")}; written by build/lock-requirements.ts from requirements.in.\n`;
writeFileSync(join(root, "distributed", "requirements.txt"), `${head}${lines.join("\n")}\n`);
