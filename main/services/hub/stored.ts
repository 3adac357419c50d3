/**
 * Downloads on the disk. An unfinished one is in cache/downloads/: its record, and files/ with whole files under their names and
 * the rest as NAME.part. A finished one is that folder of files, moved to models/OWNER/NAME in one step.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fail } from "../../../native-models/failure.ts";
import { remove } from "../../../native-models/formats/atomic.ts";
import { holderOf, lockFolder } from "../../home/folder-lock.ts";
import type { FolderLock } from "../../home/folder-lock.ts";
import type { Home } from "../../home/home.ts";
import { bytesOf, downloadedModels, namesIn, readRecord, sizeOf } from "../models/downloaded.ts";
import type { DownloadedModel, DownloadRecord } from "../models/downloaded.ts";
import type { ModelChoice } from "./model-files.ts";
import type { Repository } from "./repository.ts";

type Place = Pick<Home, "models" | "cache">;

/** The suffix of a file's name until its checksum has been verified. */
export const PART = ".part";

/** A download that can be resumed. */
export interface UnfinishedDownload {
  readonly id: string;
  readonly record: DownloadRecord;
  readonly doneBytes: number;
  readonly sizeBytes: number;
}

export function recordOf(
  host: string,
  { name, commit, licence }: Repository,
  { name: choice, files }: ModelChoice,
): DownloadRecord {
  return { host, repository: name, commit, licence, choice, files: [...files] };
}

const unfinishedIn = ({ cache }: Place) => join(cache, "downloads");

/** The folder of an unfinished download, the same for every revision. */
export function unfinishedFolder(home: Place, { repository, choice }: DownloadRecord): string {
  return join(unfinishedIn(home), `${repository.replace("/", "--")}--${choice.replaceAll("/", "--")}`);
}

/** An unused folder for a finished download; if another revision already has the model's name, the commit is appended. */
export function finishedFolder(home: Place, { repository, choice, commit }: DownloadRecord): string {
  const [owner, name] = repository.split("/") as [string, string];
  const stem =
    choice === "safetensors" ? name : `${name}--${choice.replace(/\.gguf$/i, "").replaceAll("/", "--")}`;
  const folder = join(home.models, owner, stem);
  const revised = `${folder}@${commit.slice(0, 7)}`;
  let unused = folder;
  for (let copy = 1; existsSync(unused); copy++) unused = copy === 1 ? revised : `${revised}-${copy}`;
  return unused;
}

/** The finished download of exactly these files, preferably an undamaged one; null if there is none. */
export function findDownloaded(home: Place, wanted: DownloadRecord): DownloadedModel | null {
  const key = (record: DownloadRecord) => JSON.stringify([record.repository, record.choice, record.files]);
  const same = downloadedModels(home).filter(({ record }) => key(record) === key(wanted));
  return same.find(({ isDamaged }) => !isDamaged) ?? same[0] ?? null;
}

/** Downloads that were interrupted or are running, by name. */
export function unfinishedDownloads(home: Place): UnfinishedDownload[] {
  return namesIn(unfinishedIn(home)).flatMap((id) => {
    const folder = join(unfinishedIn(home), id);
    const record = readRecord(folder);
    if (record === null) return [];
    return [{ id, record, doneBytes: doneBytes(folder, record), sizeBytes: sizeOf(record) }];
  });
}

/** Makes this process the only one that downloads into `folder`. Failures: home-in-use, unwritable, disk-full. */
export function lockDownload(folder: string): FolderLock {
  const lock = lockFolder(folder, "downloader", 0);
  if (lock !== null) return lock;
  const processId = holderOf(folder, "downloader");
  return fail({ code: "home-in-use", path: folder, ...(processId !== null && { processId }) });
}

/** Removes what was downloaded so far. Failures: those of `lockDownload`. */
export async function discardUnfinished(home: Place, id: string): Promise<void> {
  if (!namesIn(unfinishedIn(home)).includes(id)) return;
  const folder = join(unfinishedIn(home), id);
  lockDownload(folder).release(); // Windows cannot remove an open file
  await remove(folder);
}

/** Bytes that need not be downloaded again. */
export function doneBytes(folder: string, { files }: DownloadRecord): number {
  const filesIn = join(folder, "files");
  return files.reduce((sum, { name, sizeBytes }) => {
    const part = bytesOf(join(filesIn, name)) ?? bytesOf(join(filesIn, name + PART)) ?? 0;
    return sum + Math.min(part, sizeBytes);
  }, 0);
}
