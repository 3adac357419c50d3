/** The packages that are tried, and the names in them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { execute } from "./clean-system.ts";

const paths = JSON.parse(process.env["COPPICE_TEST_PACKAGES"] ?? "[]") as string[];
const ending = (extension: string) => paths.find((path) => path.endsWith(extension))!;

export const deb = ending(".deb");
export const rpm = ending(".rpm");
export const appImage = ending(".AppImage");

/** Of the package, its executable and its menu entry: coppice, or coppice-test. */
export const name = basename(deb).split("_")[0]!;
/** Where deb and rpm put the application. */
export const folder = `/opt/${name.replace("coppice", "Coppice")}`;

/** The same deb under a higher version, in `target`. */
export function higherVersion(target: string): string {
  const work = mkdtempSync(join(tmpdir(), "coppice-higher-"));
  try {
    const tree = join(work, "tree");
    execute(["dpkg-deb", "-R", deb, tree]);
    const control = join(tree, "DEBIAN", "control");
    writeFileSync(control, readFileSync(control, "utf8").replace(/^Version: .*$/m, "Version: 0.2.0"));
    const path = join(target, `${name}_0.2.0_amd64.deb`);
    execute(["dpkg-deb", "-Zgzip", "-z1", "--build", tree, path]);
    return path;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
