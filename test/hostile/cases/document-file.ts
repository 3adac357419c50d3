/** What the tables of hostile documents share. */
import { saying } from "../../saying.ts";
import { writeFileSync } from "node:fs";
import type { HostileCase } from "../case.ts";

/** The failure of a document that is refused with such a reason. */
export const badData = (reason: RegExp, line?: number) => ({
  code: "bad-data",
  reason: saying(reason),
  ...(line === undefined ? {} : { line }),
});

/** A case of one file with these bytes. */
export const file = (
  title: string,
  name: string,
  bytes: () => string | Buffer,
  expected: HostileCase["expected"],
  check?: HostileCase["check"],
): HostileCase => ({
  title,
  name,
  expected,
  write: (path) => writeFileSync(path, bytes()),
  ...(check ? { check } : {}),
});

/** A document type whose entity `a30` stands for two thousand million letters. */
export const LAUGHS = `<!DOCTYPE x [<!ENTITY a0 "ha">${Array.from({ length: 30 }, (_, i) => `<!ENTITY a${i + 1} "&a${i};&a${i};">`).join("")}]>`;
