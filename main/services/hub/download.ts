/**
 * Downloads a model: resumed where it was cut off, checked file by file, moved into place only when complete. If it was damaged later,
 * only the damaged files are downloaded again and replaced.
 */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError, fail } from "../../../native-models/failure.ts";
import {
  failedWrite,
  makeFolder,
  moveIntoPlace,
  remove,
  writeFileAtomic,
} from "../../../native-models/formats/atomic.ts";
import { freeDiskBytes } from "../../computer.ts";
import type { Home } from "../../home/home.ts";
import { downloadedIn, lackingFiles, readRecord, RECORD_FILE, sizeOf } from "../models/downloaded.ts";
import type { DownloadedModel, DownloadRecord } from "../models/downloaded.ts";
import { Unreachable } from "../network/request.ts";
import { Busy } from "./hub-requests.ts";
import type { HubRequests } from "./hub-requests.ts";
import type { ModelChoice, ModelFile } from "./model-files.ts";
import { isIntact, PartialFile } from "./partial-file.ts";
import type { Repository } from "./repository.ts";
import {
  doneBytes,
  findDownloaded,
  finishedFolder,
  lockDownload,
  PART,
  recordOf,
  unfinishedFolder,
} from "./stored.ts";

export interface DownloadOptions {
  readonly signal: AbortSignal;
  readonly onBytes?: (doneBytes: number, totalBytes: number) => void;
  readonly freeBytes?: (path: string) => number | null;
  /** The first pause after a failed attempt; each further one is twice as long. */
  readonly pauseMs?: number;
}

/** For the record, and for the file system's own overhead. */
const MARGIN_BYTES = 16e6;
/** Consecutive attempts that receive no byte. */
const MOST_FRUITLESS = 5;
const MOST_ATTEMPTS = 200;
/** If the hub asks for a longer wait, trying again is left to the person. */
const MOST_WAIT_MS = 60_000;
const PROGRESS_INTERVAL_MS = 100;

/**
 * Downloads one of a repository's models into the home; one that is already there is returned, or repaired if it is damaged. What was
 * downloaded before a failure or a cancellation is kept for the next attempt. Failures: those of `HubRequests.get`, hub-unreachable,
 * not-enough-disk, disk-full, unwritable, home-in-use.
 */
export async function downloadModel(
  requests: HubRequests,
  {
    home,
    repository,
    choice,
  }: { home: Pick<Home, "models" | "cache">; repository: Repository; choice: ModelChoice },
  options: DownloadOptions,
): Promise<DownloadedModel> {
  const record = recordOf(requests.hub.host, repository, choice);
  const there = findDownloaded(home, record);
  if (there !== null && !there.isDamaged) return there;
  const folder = unfinishedFolder(home, record);
  const files = join(folder, "files");
  writable(folder, () => makeFolder(files, 0o700));
  const lock = lockDownload(folder);
  let isFinished = false;
  try {
    await removeOthers(folder, record);
    await writeFileAtomic(join(folder, RECORD_FILE), JSON.stringify(record));
    const { freeBytes = freeDiskBytes, signal } = options;
    const lacking = there === null ? record : { ...record, files: lackingFiles(there) };
    const left = sizeOf(lacking) - doneBytes(folder, lacking) + MARGIN_BYTES;
    const free = freeBytes(folder);
    if (free !== null && free < left)
      fail({ code: "not-enough-disk", path: folder, neededBytes: left, freeBytes: free });
    const progress = paced(options.onBytes, sizeOf(record));
    let done = 0;
    // Small files first: problems with them show before the weights are downloaded.
    for (const file of [...record.files].sort((a, b) => a.sizeBytes - b.sizeBytes)) {
      const onBytes = (bytes: number) => progress(done + bytes);
      if (there === null || !(await isIntact(join(there.folder, file.name), file, { signal, onBytes })))
        await downloadFile(requests, { record, file, path: join(files, file.name) }, options, onBytes);
      done += file.sizeBytes;
    }
    progress(done, true);
    const place =
      there === null ? await putInPlace(files, home, record) : await replaceIn(there.folder, files, record);
    isFinished = true;
    return downloadedIn(place, record);
  } finally {
    lock.release();
    if (isFinished) await remove(folder).catch(() => {});
  }
}

/** Moves all files, with their record, to a new folder, and returns it. */
async function putInPlace(
  files: string,
  home: Pick<Home, "models" | "cache">,
  record: DownloadRecord,
): Promise<string> {
  const place = finishedFolder(home, record);
  await writeFileAtomic(join(files, RECORD_FILE), JSON.stringify(record, null, 2));
  writable(place, () => makeFolder(dirname(place), 0o700));
  await moveIntoPlace(files, place);
  return place;
}

/** Replaces the damaged files by the downloaded ones, and returns their folder. */
async function replaceIn(place: string, files: string, record: DownloadRecord): Promise<string> {
  for (const { name } of record.files)
    if (existsSync(join(files, name))) await moveIntoPlace(join(files, name), join(place, name));
  return place;
}

/** Removes the files of an earlier attempt that have changed on the hub since. */
async function removeOthers(folder: string, record: DownloadRecord): Promise<void> {
  const earlier = readRecord(folder)?.files ?? [];
  const same = (name: string) => {
    const [before, now] = [earlier, record.files].map((files) => files.find((file) => file.name === name));
    return now !== undefined && JSON.stringify(before) === JSON.stringify(now);
  };
  for (const name of await readdir(join(folder, "files")))
    if (!same(name) && !(name.endsWith(PART) && same(name.slice(0, -PART.length))))
      await remove(join(folder, "files", name));
}

interface Wanted {
  readonly record: DownloadRecord;
  readonly file: ModelFile;
  readonly path: string;
}

/** Retries until the file is complete, nothing more arrives, or the hub refuses. */
async function downloadFile(
  requests: HubRequests,
  wanted: Wanted,
  { signal, pauseMs = 1000 }: DownloadOptions,
  onBytes: (doneBytes: number) => void,
): Promise<void> {
  const { record, file, path } = wanted;
  const { host } = requests.hub;
  const partial = await PartialFile.open(path, file, { signal, onBytes });
  if (partial === null) return onBytes(file.sizeBytes); // it was finished before
  try {
    let fruitless = 0;
    for (let attempt = 1; ; attempt++) {
      const before = partial.doneBytes;
      try {
        if (partial.doneBytes < file.sizeBytes) await transfer(requests, wanted, partial, signal);
        if (await partial.finish()) return;
        // What an earlier attempt left may have been damaged since.
        if (!partial.wasResumed) refuse(host, record, file, "wrong-checksum");
        await partial.restart();
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
        fruitless = partial.doneBytes > before ? 0 : fruitless + 1;
        const waitMs =
          error instanceof Busy && error.waitMs !== null ? error.waitMs : pauseMs * 2 ** fruitless;
        if (fruitless >= MOST_FRUITLESS || attempt >= MOST_ATTEMPTS || waitMs > MOST_WAIT_MS)
          fail({ code: "hub-unreachable", host, reason: error.reason });
        await sleep(waitMs, undefined, { signal }).catch(() => fail({ code: "cancelled" }));
      }
    }
  } catch (error) {
    if (error instanceof AppError && error.failure.code === "download-refused") await partial.remove();
    throw error;
  } finally {
    await partial.close();
  }
}

/** A file's path in the repository, encoded for an address. */
const addressOf = ({ name, path = name }: ModelFile) => path.split("/").map(encodeURIComponent).join("/");

/** One request, from where the file ends. Throws `Unreachable` if the connection ends before the file does. */
async function transfer(
  requests: HubRequests,
  { record, file }: Wanted,
  partial: PartialFile,
  signal: AbortSignal,
): Promise<void> {
  const { hub } = requests;
  const { repository, commit } = record;
  const from = partial.doneBytes;
  const answer = await requests.get(`${hub.address}/${repository}/resolve/${commit}/${addressOf(file)}`, {
    repository,
    file: file.name,
    signal,
    ...(from > 0 && { headers: { range: `bytes=${from}-` } }),
  });
  const refused = (reason: "malformed" | "wrong-size") => {
    answer.end();
    return refuse(hub.host, record, file, reason);
  };
  const { status, headers } = answer;
  const isPart = status === 206 && from > 0;
  if (/^text\/html\b/i.test(headers["content-type"] ?? "")) refused("malformed");
  if (isPart && !rangeIsRight(headers["content-range"], from, file.sizeBytes)) refused("wrong-size");
  if (!isPart) {
    if (status !== 200) refused("wrong-size"); // a range that the server's file does not have
    const stated = headers["content-encoding"] === undefined ? headers["content-length"] : undefined;
    if (stated !== undefined && Number(stated) !== file.sizeBytes) refused("wrong-size");
    if (from > 0) await partial.restart(); // the server sends the file from its beginning
  }
  try {
    for await (const chunk of answer.chunks) {
      if (partial.doneBytes + chunk.length > file.sizeBytes) refused("wrong-size");
      await partial.append(chunk);
    }
  } finally {
    answer.end();
  }
  if (partial.doneBytes < file.sizeBytes) throw new Unreachable("cut-off");
}

/** "bytes 100-199/200"; the whole size may be unknown. */
function rangeIsRight(text: string | undefined, from: number, sizeBytes: number): boolean {
  const [, first, size] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(text ?? "") ?? [];
  return Number(first) === from && (size === "*" || Number(size) === sizeBytes);
}

function refuse(
  host: string,
  { repository }: DownloadRecord,
  { name }: ModelFile,
  reason: "malformed" | "wrong-size" | "wrong-checksum",
): never {
  return fail({ code: "download-refused", host, repository, file: name, reason });
}

function writable(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    failedWrite(path, error);
  }
}

/** Reports at most ten times a second, and at the end. */
function paced(report: DownloadOptions["onBytes"], totalBytes: number) {
  let last = -Infinity;
  return (bytes: number, isEnd = false) => {
    const now = performance.now();
    if (!isEnd && now - last < PROGRESS_INTERVAL_MS) return;
    last = now;
    report?.(bytes, totalBytes);
  };
}
