/** Finds the pages of a person's files that need text recognition. */
import { join } from "node:path";
import { AppError } from "../../../native-models/failure.ts";
import { isPicture } from "../../../preload/contract/data/data-files.ts";
import { markUsed } from "../../home/home-cache.ts";
import { pagesToRecognise } from "../pdf/pdf.ts";
import { readBeginning, readDocumentBytes } from "../files/regular-file.ts";
import { picturePages } from "./picture-file.ts";
import { documentKey, isSettled } from "../pdf/recognised.ts";

/** A file's pages whose text is still to be recognised. */
export interface Scan {
  readonly path: string;
  readonly key: string;
  /** From 1. */
  readonly pages: readonly number[];
}

/** The pages of a file that have no text, neither their own nor one in `recognised`; undefined if there are none. */
export async function scanIn(path: string, recognised: string): Promise<Scan | undefined> {
  try {
    const isPdf = readBeginning(path, 1024).includes("%PDF-");
    if (!isPdf && !isPicture(path)) return undefined;
    const bytes = readDocumentBytes(path);
    const all = isPdf ? await pagesToRecognise(path, bytes) : numbers(picturePages(bytes) ?? 0);
    if (all.length === 0) return undefined;
    const key = documentKey(bytes);
    markUsed(join(recognised, key));
    const pages = all.filter((page) => !isSettled(recognised, key, page));
    return pages.length === 0 ? undefined : { path, key, pages };
  } catch (error) {
    if (error instanceof AppError) return undefined; // reading the file reports it
    throw error;
  }
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
