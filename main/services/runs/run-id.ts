import { randomInt } from "node:crypto";

/** No vowels, so that no words result; no 0, 1 and l, which look like other characters. */
const letters = "23456789bcdfghjkmnpqrstvwxz";

/** A new run's id, short and readable, and a valid folder name on every system: "Lease clauses" → "lease-clauses-7f3k2". */
export function makeRunId(name: string): string {
  const readable = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 24)
    .replace(/^-+|-+$/g, "");
  const unique = Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join("");
  return `${readable || "run"}-${unique}`;
}

/** Whether a folder's name is some run's id, or such an id and a depth: "lease-clauses-7f3k2-round-3". */
export function isNamedAfterRun(name: string): boolean {
  return NAMED.test(name);
}

const NAMED = new RegExp(`^[a-z0-9-]+-[${letters}]{5}(?:-|$)`);

/** Whether a folder's name is the run's id, or that and a depth. */
export function belongsTo(id: string, name: string): boolean {
  return name === id || name.startsWith(`${id}-`);
}
