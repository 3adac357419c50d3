/** Keeps questions of different origins out of one split: an accuracy over both would be neither a person's nor a made one. */
import { questionsIn } from "../row.ts";
import type { Row } from "../row.ts";

/** The origins of questions, the most telling first; undefined: a person. */
const ORIGINS = [undefined, "written", "cloze"] as const;

/** The rows without made questions beside those that a person asked, and without cloze questions beside written ones. */
export function ofMainOrigin(rows: Row[]): { rows: Row[]; madeLeftOut: number } {
  const asked = questionsIn(rows);
  const origin = ORIGINS.find((one) => asked.some(({ made }) => made === one));
  const kept = rows.filter((row) => row.kind !== "question" || row.question.made === origin);
  return { rows: kept, madeLeftOut: rows.length - kept.length };
}
