/** The licences of everything that is shipped: for the window, and as a text in each package. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import parse from "spdx-expression-parse";
import { root } from "../root.ts";
import type { Component } from "./components.ts";

/** Licences that may be shipped: those that only require their text to be included, and nothing of our own code. */
const allowed = new Set([
  ...["MIT", "MIT-0", "ISC", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "BlueOak-1.0.0", "Zlib"],
  ...["MPL-2.0", "Unlicense", "CC0-1.0", "blessing", "LicenseRef-Microsoft-Distributable-Code"],
]);

/** An exception that lifts all further demands of a licence: GCC's, for programs that its libraries are linked into. */
const allowedException = "GCC-exception-3.1";

/** Their paths: `page` is shown in the window, `text` goes into each package's resources. */
export const licenceFiles = {
  page: join(root, "out", "renderer", "licences.json"),
  text: join(root, "out", "licences", "THIRD-PARTY-LICENCES.txt"),
} as const;

/** Writes both. Throws an error for a licence that must not be shipped. */
export function writeLicences(components: readonly Component[]): void {
  for (const component of components) expectAllowed(component);
  const entries = components.map(({ name, version, licence, text }) => ({ name, version, licence, text }));
  const line = "=".repeat(80);
  const texts = entries.map(
    ({ name, version, licence, text }) =>
      `${line}\n${name} ${version} (${licence})\n${line}\n\n${text.trim()}\n`,
  );
  const intro =
    "Coppice contains the components below. Chromium's own list, which includes Node.js, is LICENSES.chromium.html.";
  write(licenceFiles.page, JSON.stringify(entries));
  write(licenceFiles.text, [intro, ...texts].join("\n\n"));
}

function expectAllowed({ name, licence, text }: Component): void {
  if (!isAllowed(licence)) throw new Error(`${name} has the licence ${licence}, which is not allowed`);
  if (text.length < 40) throw new Error(`${name} has no licence text`);
}

/** Whether the terms of an SPDX expression can be met: one alternative, or all conjunctive parts, are allowed. */
export function isAllowed(licence: string): boolean {
  type Terms = ReturnType<typeof parse>;
  const meets = (terms: Terms): boolean => {
    if ("license" in terms) return allowed.has(terms.license) || terms.exception === allowedException;
    const [left, right] = [meets(terms.left), meets(terms.right)];
    return terms.conjunction === "or" ? left || right : left && right;
  };
  try {
    return meets(parse(licence));
  } catch {
    return false;
  }
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
