/**
 * Documents in archives (ZIP) and packed ones (gzip). A document in an archive has a path of its own, "folder.zip › a/b.docx", and is
 * unpacked in memory whenever it is read: nothing is ever written.
 */
import { basename, sep } from "node:path";
import { gunzipSync } from "node:zlib";
import { fail } from "../../../native-models/failure.ts";
import {
  isDataFile,
  isDocumentArchive,
  isContainerFile,
  isOfPrograms,
  isPicture,
  extensionOf,
} from "../../../preload/contract/data-files.ts";
import type { NotRead } from "../../../preload/contract/inspection.ts";
import { closing, openRegularDocument, statusOf } from "./file-descriptor.ts";
import type { DocumentFile } from "./file-descriptor.ts";
import { BadArchive, ZipArchive } from "./zip.ts";
import type { RandomBytes, ZipEntry } from "./zip.ts";

/** Between the path of an archive and the name of a document in it. */
export const WITHIN = " › ";

/** A document is held in memory, packed and unpacked. */
const LARGEST_DOCUMENT_BYTES = 256 * 2 ** 20;
const MOST_DOCUMENTS = 10_000;
const MOST_FOLDERS = 16;
/** No document of text is packed so well; smaller ones do no harm. */
const MOST_TIMES_PACKED = 200;
const HARMLESS_BYTES = 2 ** 20;

/** What is in an archive: the names of its documents and pictures, by code units, and what is not read. */
export interface ContainerContents {
  readonly names: readonly string[];
  readonly notRead: readonly NotRead[];
}

/** The path of a document in an archive. */
export function pathWithin(archive: string, name: string): string {
  return `${archive}${WITHIN}${name.split("/").join(sep)}`;
}

/** The documents in an archive. Throws `not-found`, `unreadable`, and `bad-data`: damaged, or too many documents. */
export function contentsOf(path: string): ContainerContents {
  if (extensionOf(path) === ".gz") return { names: [basename(path).slice(0, -".gz".length)], notRead: [] };
  const { documents, notRead } = archiveAt(path);
  if (documents.size > MOST_DOCUMENTS)
    fail({ code: "bad-data", path, reason: `the archive has more than ${MOST_DOCUMENTS} documents` });
  return { names: [...documents.keys()].sort((a, b) => (a < b ? -1 : 1)), notRead };
}

/** An archive whose directory was read. */
interface KnownArchive {
  readonly archive: ZipArchive;
  readonly documents: ReadonlyMap<string, ZipEntry>;
  readonly notRead: readonly NotRead[];
}

/** The last archive that was looked into: its documents are opened one after another. */
let lastArchive: ({ readonly key: string } & KnownArchive) | undefined;

function archiveAt(path: string): KnownArchive {
  const key = versionOf(path);
  if (lastArchive?.key !== key) lastArchive = { key, ...lookedInto(path) };
  return lastArchive;
}

function lookedInto(path: string): KnownArchive {
  const archive = unlessDamaged(path, () => new ZipArchive(bytesOf(path), LARGEST_DOCUMENT_BYTES));
  const documents = new Map<string, ZipEntry>();
  const notRead: NotRead[] = [];
  for (const entry of archive.entries) {
    if (entry.name.endsWith("/")) continue;
    const why = documents.has(entry.name) ? "duplicate" : whyNotRead(entry);
    if (why === null) documents.set(entry.name, entry);
    else notRead.push({ path: pathWithin(path, shown(entry.name)), why });
  }
  return { archive, documents, notRead };
}

/** The bytes of a file that is opened whenever some are read. */
function bytesOf(path: string): RandomBytes {
  return {
    sizeBytes: closing(openRegularDocument(path), ({ sizeBytes }) => sizeBytes),
    read: (offset, length) => closing(openRegularDocument(path), (file) => file.read(offset, length)),
  };
}

/** A file's path and what changes when it is written again. */
function versionOf(path: string): string {
  const status = statusOf(path);
  return `${path}\0${status?.size}\0${status?.mtimeMs}`;
}

/** What an entry's name, kind and sizes speak against; the first that applies. A new reason is a row. */
const OBJECTIONS: readonly (readonly [NotRead["why"], (entry: ZipEntry) => boolean])[] = [
  ["outside", ({ name }) => /^([/\\]|[a-z]:)/i.test(name) || name.split(/[/\\]/).includes("..")],
  ["outside", ({ name }) => name.includes("\\") || hasControl(name)],
  ["too-deep", ({ name }) => name.split("/").length > MOST_FOLDERS],
  ["link", ({ isLink }) => isLink],
  ["archive", ({ name }) => isContainerFile(name)],
  ["other-file", ({ name }) => !(isDataFile(name) || isPicture(name)) || name.split("/").some(isOfPrograms)],
  ["encrypted", ({ encrypted }) => encrypted],
  [
    "too-large",
    ({ unpackedBytes, packedBytes }) => Math.max(unpackedBytes, packedBytes) > LARGEST_DOCUMENT_BYTES,
  ],
  [
    "too-large",
    ({ unpackedBytes, packedBytes }) =>
      unpackedBytes > HARMLESS_BYTES && unpackedBytes > MOST_TIMES_PACKED * packedBytes,
  ],
];

function whyNotRead(entry: ZipEntry): NotRead["why"] | null {
  return OBJECTIONS.find(([, applies]) => applies(entry))?.[0] ?? null;
}

function hasControl(name: string): boolean {
  return [...name].some((character) => character.charCodeAt(0) < 0x20);
}

/** A name of any kind as a person may see it. */
function shown(name: string): string {
  return [...name]
    .map((character) => (character.charCodeAt(0) < 0x20 ? "?" : character))
    .join("")
    .slice(0, 200);
}

/** Whether a ZIP file is a container of documents, and not itself one, such as of Word. Throws `not-found`, `unreadable`. */
export function isContainer(path: string): boolean {
  if (!isContainerFile(path) || statusOf(path)?.isFile() !== true) return false;
  if (extensionOf(path) === ".gz") return true;
  try {
    return !isDocumentArchive(archiveAt(path).archive.entries.map(({ name }) => name));
  } catch {
    return true; // whoever lists it says what is wrong
  }
}

/** Opens a document: a file, or what its path names in an archive. Throws `not-found`, `unreadable`, `bad-data`. */
export function openAnyDocument(path: string): DocumentFile {
  const at = path.indexOf(WITHIN);
  if (at < 0 || statusOf(path) !== undefined) return openRegularDocument(path);
  const bytes = bytesWithin(
    path,
    path.slice(0, at),
    path
      .slice(at + WITHIN.length)
      .split(sep)
      .join("/"),
  );
  return {
    sizeBytes: bytes.length,
    read: (offset, length) => bytes.subarray(offset, offset + length),
    close: () => undefined,
  };
}

/** The last document that was unpacked: a document is opened several times in a row. */
let last: { readonly key: string; readonly bytes: Buffer } | undefined;

function bytesWithin(path: string, archive: string, name: string): Buffer {
  const key = `${name}\0${versionOf(archive)}`;
  if (last?.key !== key) {
    last = undefined;
    last = {
      key,
      bytes: extensionOf(archive) === ".gz" ? gunzipped(path, archive) : unzipped(path, archive, name),
    };
  }
  return last.bytes;
}

function unzipped(path: string, archivePath: string, name: string): Buffer {
  const { archive, documents } = archiveAt(archivePath);
  const document = documents.get(name);
  if (document) {
    archive.limitTo(LARGEST_DOCUMENT_BYTES);
    return unlessDamaged(archivePath, () => archive.read(document));
  }
  const entry = archive.entries.find((one) => one.name === name);
  if (!entry) return fail({ code: "not-found", path, what: "file" });
  return fail({ code: "bad-data", path, reason: `it is not read from its archive (${whyNotRead(entry)})` });
}

function gunzipped(path: string, archive: string): Buffer {
  return closing(openRegularDocument(archive), (file) => {
    if (file.sizeBytes > LARGEST_DOCUMENT_BYTES) return refuseLarge(path);
    try {
      return gunzipSync(file.read(0, file.sizeBytes), { maxOutputLength: LARGEST_DOCUMENT_BYTES });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ERR_BUFFER_TOO_LARGE") return refuseLarge(path);
      if (code?.startsWith("Z_"))
        return fail({ code: "bad-data", path: archive, reason: "its packed content is damaged" });
      throw error;
    }
  });
}

function refuseLarge(path: string): never {
  fail({ code: "bad-data", path, reason: "it unpacks to more than 256 MiB; unpack it first" });
}

function unlessDamaged<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof BadArchive)
      return fail({ code: "bad-data", path, reason: `the file ${error.message}` });
    throw error;
  }
}
