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
  extensionOf,
} from "../../../preload/contract/data-files.ts";
import type { NotRead } from "../../../preload/contract/inspection.ts";
import { openRegularDocument, statusOf } from "./file-descriptor.ts";
import type { DocumentFile } from "./file-descriptor.ts";
import { BadArchive, ZipArchive } from "./zip.ts";
import type { ZipEntry } from "./zip.ts";

/** Between the path of an archive and the name of a document in it. */
export const WITHIN = " › ";

/** A document is held in memory, packed and unpacked. */
const LARGEST_DOCUMENT_BYTES = 256 * 2 ** 20;
const MOST_DOCUMENTS = 10_000;
const MOST_FOLDERS = 16;
/** No document of text is packed so well; smaller ones do no harm. */
const MOST_TIMES_PACKED = 200;
const HARMLESS_BYTES = 2 ** 20;

/** What is in an archive: the names of its documents, by code units, and what is not read. */
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
  return inArchive(path, ({ entries }) => {
    const names = new Set<string>();
    const notRead: NotRead[] = [];
    for (const entry of entries) {
      if (entry.name.endsWith("/")) continue;
      const why = names.has(entry.name) ? "duplicate" : whyNotRead(entry);
      if (why === null) names.add(entry.name);
      else notRead.push({ path: pathWithin(path, shown(entry.name)), why });
    }
    if (names.size > MOST_DOCUMENTS)
      fail({ code: "bad-data", path, reason: `the archive has more than ${MOST_DOCUMENTS} documents` });
    return { names: [...names].sort((a, b) => (a < b ? -1 : 1)), notRead };
  });
}

/** What an entry's name, kind and sizes speak against; the first that applies. A new reason is a row. */
const OBJECTIONS: readonly (readonly [NotRead["why"], (entry: ZipEntry) => boolean])[] = [
  ["outside", ({ name }) => /^([/\\]|[a-z]:)/i.test(name) || name.split(/[/\\]/).includes("..")],
  ["outside", ({ name }) => name.includes("\\") || hasControl(name)],
  ["too-deep", ({ name }) => name.split("/").length > MOST_FOLDERS],
  ["link", ({ isLink }) => isLink],
  ["archive", ({ name }) => isContainerFile(name)],
  [
    "other-file",
    ({ name }) => !isDataFile(name) || name.split("/").some((part) => /^(\.|__MACOSX$)/.test(part)),
  ],
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
    return inArchive(path, (archive) => !isDocumentArchive(archive.entries.map(({ name }) => name)));
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
  const status = statusOf(archive);
  const key = `${path}\0${status?.size}\0${status?.mtimeMs}`;
  if (last?.key !== key) {
    last = undefined;
    last = {
      key,
      bytes: extensionOf(archive) === ".gz" ? gunzipped(path, archive) : unzipped(path, archive, name),
    };
  }
  return last.bytes;
}

function unzipped(path: string, archive: string, name: string): Buffer {
  return inArchive(archive, (zip) => {
    const entry = zip.entries.find((one) => one.name === name);
    if (!entry) return fail({ code: "not-found", path, what: "file" });
    const why = whyNotRead(entry);
    if (why !== null)
      return fail({ code: "bad-data", path, reason: `it is not read from its archive (${why})` });
    return zip.read(name);
  });
}

function gunzipped(path: string, archive: string): Buffer {
  const file = openRegularDocument(archive);
  try {
    if (file.sizeBytes > LARGEST_DOCUMENT_BYTES) return refuseLarge(path);
    return gunzipSync(file.read(0, file.sizeBytes), { maxOutputLength: LARGEST_DOCUMENT_BYTES });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ERR_BUFFER_TOO_LARGE") return refuseLarge(path);
    if (code?.startsWith("Z_"))
      return fail({ code: "bad-data", path: archive, reason: "its packed content is damaged" });
    throw error;
  } finally {
    file.close();
  }
}

function refuseLarge(path: string): never {
  fail({ code: "bad-data", path, reason: "it unpacks to more than 256 MiB; unpack it first" });
}

function inArchive<T>(path: string, use: (archive: ZipArchive) => T): T {
  const file = openRegularDocument(path);
  try {
    return use(new ZipArchive(file, LARGEST_DOCUMENT_BYTES));
  } catch (error) {
    if (error instanceof BadArchive)
      return fail({ code: "bad-data", path, reason: `the file ${error.message}` });
    throw error;
  } finally {
    file.close();
  }
}
