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
