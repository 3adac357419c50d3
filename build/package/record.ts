/** Files next to packages: a bill of materials for each, and the checksums of all. */
import { writeFileSync } from "node:fs";
import manifest from "../../package.json" with { type: "json" };
import { addChecksums } from "./checksums.ts";
import { billOf, type Bill } from "./sbom.ts";

/** Writes them for the packages among `made`; returns the packages and the written files. */
export function recordPackages(made: readonly string[], packed: Omit<Bill, "path" | "version">): string[] {
  const packages = made.filter((path) => /\.(deb|rpm|AppImage|exe|zip)$/.test(path));
  if (packages.length === 0) return [];
  const bills = packages.map((path) => {
    const bill = `${path}.cdx.json`;
    writeFileSync(bill, billOf({ ...packed, version: manifest.version, path }));
    return bill;
  });
  return [...packages, ...bills, addChecksums([...packages, ...bills])];
}
