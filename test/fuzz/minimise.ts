/** The smallest file that still fails in the same way. */
import { judge } from "./judge.ts";
import type { Files, FuzzedParser } from "./parser.ts";

const MOST_TRIES = 2_000;

/** Takes bytes out of the files, one after another, for as long as the error stays the same. */
export async function minimised(parser: FuzzedParser, files: Files, folder: string): Promise<Files> {
  const wanted = (await judge(parser, files, folder)).error;
  let best = files;
  let tries = 0;
  for (const name of Object.keys(files)) {
    for (let size = best[name]!.length >> 1; size >= 1; size >>= 1) {
      for (let at = 0; at < best[name]!.length && tries < MOST_TRIES;) {
        const bytes = best[name]!;
        const less = { ...best, [name]: Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + size)]) };
        tries++;
        if ((await judge(parser, less, folder)).error === wanted) best = less;
        else at += size;
      }
    }
  }
  return best;
}
