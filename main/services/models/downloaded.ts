/** Models that were downloaded into the home: folders models/OWNER/NAME with a record of where their files come from. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import type { Home } from "../../home/home.ts";

/** A relative path, none of whose parts leads upwards. */
const PATH = /^(?!\.{1,2}(?:\/|$))[^/\\]+(?:\/(?!\.{1,2}(?:\/|$))[^/\\]+)*$/;

/** Where a model comes from, and the sizes and checksums of its files. */
export const DownloadRecord = z.object({
  host: z.string(),
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  commit: z.string(),
  licence: z.string().nullable(),
  /** "safetensors", or the name of a GGUF file, after the repository's folder: "Q4_K_M/model.gguf". */
  choice: z.string().regex(PATH),
  files: z
    .array(
      z.object({
        name: z.string().regex(/^[^/\\]+$/),
        path: z.string().regex(PATH).optional(),
        sizeBytes: z.number(),
        checksum: z.object({ kind: z.enum(["sha256", "git-sha1"]), hex: z.string() }),
      }),
    )
    .min(1),
});
export type DownloadRecord = z.infer<typeof DownloadRecord>;

/** The record's file. */
export const RECORD_FILE = "coppice-download.json";

/** A model that was downloaded. `path` is what opens it: its folder, or its GGUF file. */
export interface DownloadedModel {
  readonly path: string;
  readonly folder: string;
  readonly record: DownloadRecord;
  readonly sizeBytes: number;
  /** Whether a file is missing or has the wrong size. */
  readonly isDamaged: boolean;
}

/** All downloaded models, by name. */
export function downloadedModels({ models }: Pick<Home, "models">): DownloadedModel[] {
  return namesIn(models).flatMap((owner) =>
    namesIn(join(models, owner)).flatMap((name) => {
      const folder = join(models, owner, name);
      const record = readRecord(folder);
      return record === null ? [] : [downloadedIn(folder, record)];
    }),
  );
}

export function downloadedIn(folder: string, record: DownloadRecord): DownloadedModel {
  const name = basename(record.choice);
  const path = name === "safetensors" ? folder : join(folder, name);
  const isDamaged = lackingFiles({ folder, record }).length > 0;
  return { path, folder, record, sizeBytes: sizeOf(record), isDamaged };
}

/** The files of a model that are missing or have the wrong size. */
export const lackingFiles = ({
  folder,
  record,
}: Pick<DownloadedModel, "folder" | "record">): DownloadRecord["files"] =>
  record.files.filter(({ name, sizeBytes }) => bytesOf(join(folder, name)) !== sizeBytes);

/** "OWNER/NAME", followed by the file or the folder if it is one of several models in the repository. */
export const downloadName = ({
  repository,
  choice,
}: Pick<DownloadRecord, "repository" | "choice">): string =>
  choice === "safetensors" ? repository : `${repository}: ${choice.replace(/\.gguf$|\/safetensors$/i, "")}`;

export const sizeOf = ({ files }: DownloadRecord): number =>
  files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

/** The record in a folder; null if it has none, or an invalid one. */
export function readRecord(folder: string): DownloadRecord | null {
  try {
    return DownloadRecord.parse(JSON.parse(readFileSync(join(folder, RECORD_FILE), "utf8")));
  } catch {
    return null;
  }
}

/** The contents of a folder, by name; empty if it cannot be read. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** A file's size; null if there is no such file. */
export function bytesOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.size ?? null;
}
