/** The text recognised on a page, stored by the hash of its file, so that it is recognised only once. */
import { existsSync, readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import type { FailedPages } from "../../../preload/contract/data/inspection.ts";
import type { PageProblems } from "../../../preload/contract/failures/page-problem.ts";
import { said } from "../../../native-models/codes.ts";

/** Words with their places in points, y from the bottom, as a PDF's own (`Word`). */
export const RecognisedPage = z.object({
  words: z.array(
    z.object({
      text: z.string(),
      left: z.number(),
      right: z.number(),
      baseline: z.number(),
      size: z.number(),
      isBold: z.literal(false),
    }),
  ),
  /** How sure the recognition is, from 0 to 1. */
  confidence: z.number(),
  /** Why there is no text, if recognition failed: a part of a sentence. */
  problem: said<PageProblems>().optional(),
  /** Whether it would fail again: a problem of the page, not of the computer at that time. */
  isFinal: z.boolean().optional(),
});
export type RecognisedPage = z.infer<typeof RecognisedPage>;

/** What identifies a document's pages: the SHA-256 of its bytes. */
export function documentKey(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The file of a page, from 1, in the folder of recognised text. */
export function recognisedFile(folder: string, key: string, page: number): string {
  return join(folder, key, `${page}.json`);
}

/** The recognised text of a page; undefined if there is none yet. */
export function recognisedPage(folder: string, key: string, page: number): RecognisedPage | undefined {
  const path = recognisedFile(folder, key, page);
  if (!existsSync(path)) return undefined;
  return RecognisedPage.safeParse(JSON.parse(readFileSync(path, "utf8"))).data;
}

/** Whether a page needs no further recognition: it was recognised, or would fail again. */
export function isSettled(folder: string, key: string, page: number): boolean {
  const found = recognisedPage(folder, key, page);
  return found !== undefined && (found.problem === undefined || found.isFinal === true);
}

/** The pages, from 1, whose recognition failed, grouped by problem. */
export function failedPages(pages: readonly (RecognisedPage | undefined)[]): FailedPages[] {
  const failed = new Map<string, FailedPages>();
  for (const [index, page] of pages.entries()) {
    if (page?.problem === undefined) continue;
    const { problem, isFinal = false } = page;
    const key = JSON.stringify({ isFinal, problem });
    if (!failed.has(key)) failed.set(key, { problem, isFinal, pages: [] });
    failed.get(key)!.pages.push(index + 1);
  }
  return [...failed.values()];
}
