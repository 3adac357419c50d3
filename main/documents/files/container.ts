/**
 * Documents in ZIP archives and gzip files, including archives within archives. A document in an archive has a path of its own
 * such as "folder.zip › a/b.docx", and is unpacked in memory whenever it is read: nothing is ever written to disk.
 */
import { BadDocument } from "../bad-document.ts";
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
} from "../../../preload/contract/data/data-files.ts";
import type { NotRead } from "../../../preload/contract/failures/left-out.ts";
import { closing, openRegularDocument, statusOf } from "./file-descriptor.ts";
import type { DocumentFile } from "./file-descriptor.ts";
import { inMemory, ZipArchive } from "./zip.ts";
import type { RandomBytes, ZipEntry } from "./zip.ts";

/** Between the path of an archive and the name of a document in it. */
export const WITHIN = " › ";

/** A document is held in memory, packed and unpacked. */
const LARGEST_DOCUMENT_BYTES = 256 * 2 ** 20;
/** An archive within another is held in memory as well while its documents are read. */
const LARGEST_ARCHIVE_WITHIN_BYTES = 128 * 2 ** 20;
const MOST_DOCUMENTS = 10_000;
const MOST_FOLDERS = 16;
/** No text document compresses better than this; small files may, since they do no harm. */
const MOST_TIMES_PACKED = 200;
const HARMLESS_BYTES = 2 ** 20;

/** The contents of an archive: the names of its documents and pictures, sorted by code units, and the files that are not read. */
export interface ContainerContents {
  readonly names: readonly string[];
  /** The archives in it, and the most bytes that each may unpack to. */
  readonly archives: ReadonlyMap<string, number>;
  readonly notRead: readonly NotRead[];
}

/** The path of a document in an archive. */
export function pathWithin(archive: string, name: string): string {
  return `${archive}${WITHIN}${name.split("/").join(sep)}`;
}

/**
 * The contents of an archive, which may be in another. Throws `not-found`, `unreadable`, and `bad-data`: damaged, or too many documents.
 */
export function contentsOf(path: string): ContainerContents {
  const { documents, archives, notRead } = containerAt(path);
  if (documents.size > MOST_DOCUMENTS)
    fail({ code: "bad-data", path, reason: { code: "too-many-files", most: MOST_DOCUMENTS } });
  return { names: [...documents].sort((a, b) => (a < b ? -1 : 1)), archives, notRead };
}

/** An archive whose directory was read, or a packed file. */
interface Container {
  readonly path: string;
  /** The names of all of its files. */
  readonly names: readonly string[];
  readonly documents: ReadonlySet<string>;
  readonly archives: ReadonlyMap<string, number>;
  readonly notRead: readonly NotRead[];
  /** The content of a file. Throws `not-found`, `unreadable`, `bad-data`. */
  unpacked(name: string): Buffer;
}

/** A file in an archive: by its name there, and by a key that changes with the archive. */
interface ContainedFile {
  readonly container: Container;
  readonly name: string;
  readonly key: string;
}

/** A cache of the archive that was opened last at each depth of nesting: its documents are opened one after another. */
const lastContainers: { readonly key: string; readonly container: Container }[] = [];

function containerAt(path: string): Container {
  return fileWithin(path + WITHIN).container;
}

/** Resolves a path through nested archives. Throws `not-found`, `unreadable`, `bad-data`. */
function fileWithin(path: string): ContainedFile {
  const ends = endsIn(path);
  const end = ends.find((end) => statusOf(path.slice(0, end))?.isFile()) ?? ends[0]!;
  const root = path.slice(0, end);
  let key = versionOf(root);
  let container = lastOr(0, key, () => openedContainer(root, bytesOf(root)));
  let rest = path
    .slice(end + WITHIN.length)
    .split(sep)
    .join("/");
  for (let depth = 1; ; depth++) {
    const next = endsIn(rest).find((end) => container.archives.has(rest.slice(0, end)));
    if (next === undefined) return { container, name: rest, key: `${key}\0${rest}` };
    const [outer, name] = [container, rest.slice(0, next)];
    key = `${key}\0${name}`;
    container = lastOr(depth, key, () =>
      openedContainer(pathWithin(outer.path, name), inMemory(outer.unpacked(name))),
    );
    rest = rest.slice(next + WITHIN.length);
  }
}

/** The positions in a path at which a name of an archive may end. */
function endsIn(path: string): number[] {
  const ends: number[] = [];
  for (let at = -1; (at = path.indexOf(WITHIN, at + 1)) >= 0;) ends.push(at);
  return ends;
}

function lastOr(depth: number, key: string, open: () => Container): Container {
  if (lastContainers[depth]?.key !== key) {
    lastContainers.length = Math.min(lastContainers.length, depth);
    lastContainers[depth] = { key, container: open() };
  }
  return lastContainers[depth]!.container;
}

function openedContainer(path: string, bytes: RandomBytes): Container {
  return extensionOf(path) === ".gz" ? openedPacked(path, bytes) : openedArchive(path, bytes);
}

function openedArchive(path: string, bytes: RandomBytes): Container {
  const archive = unlessDamaged(path, () => new ZipArchive(bytes, LARGEST_DOCUMENT_BYTES));
  const readable = new Map<string, ZipEntry>();
  const notRead: NotRead[] = [];
  for (const entry of archive.entries) {
    if (entry.name.endsWith("/")) continue;
    const why = readable.has(entry.name) ? "duplicate" : whyNotRead(entry);
    if (why === null) readable.set(entry.name, entry);
    else notRead.push({ path: pathWithin(path, shown(entry.name)), why });
  }
  return {
    path,
    names: archive.entries.map(({ name }) => name),
    documents: new Set([...readable.keys()].filter((name) => !isContainerFile(name))),
    archives: new Map(
      [...readable].flatMap(([name, entry]) => (isContainerFile(name) ? [[name, bytesClaimed(entry)]] : [])),
    ),
    notRead,
    unpacked(name) {
      const entry = readable.get(name);
      if (entry) {
        archive.limitTo(isContainerFile(name) ? bytesClaimed(entry) : LARGEST_DOCUMENT_BYTES);
        return unlessDamaged(path, () => archive.read(entry));
      }
      const unread = archive.entries.find((one) => one.name === name);
      if (!unread) return fail({ code: "not-found", path: pathWithin(path, name), what: "file" });
      const reason = { code: "not-from-archive", why: whyNotRead(unread) } as const;
      return fail({ code: "bad-data", path: pathWithin(path, name), reason });
    },
  };
}

function openedPacked(path: string, bytes: RandomBytes): Container {
  const name = basename(path.split(WITHIN).at(-1)!).slice(0, -".gz".length);
  const isArchive = isContainerFile(name);
  return {
    path,
    names: [name],
    documents: new Set(isArchive ? [] : [name]),
    archives: new Map(isArchive ? [[name, LARGEST_ARCHIVE_WITHIN_BYTES]] : []),
    notRead: [],
    unpacked: () => gunzipped(pathWithin(path, name), path, bytes),
  };
}

const mostBytesOf = (name: string) =>
  isContainerFile(name) ? LARGEST_ARCHIVE_WITHIN_BYTES : LARGEST_DOCUMENT_BYTES;

/** The bytes of a file, which is opened anew for each read. */
function bytesOf(path: string): RandomBytes {
  return {
    sizeBytes: closing(openRegularDocument(path), ({ sizeBytes }) => sizeBytes),
    read: (offset, length) => closing(openRegularDocument(path), (file) => file.read(offset, length)),
  };
}

/** A file's path with its size and modification time, which change when it is rewritten. */
function versionOf(path: string): string {
  const status = statusOf(path);
  return `${path}\0${status?.size}\0${status?.mtimeMs}`;
}

/** The most bytes that an entry may take when it is read: the archive's directory may understate its unpacked size. */
const bytesClaimed = ({ unpackedBytes, packedBytes }: ZipEntry) => Math.max(unpackedBytes, packedBytes);

/** Reasons not to read an entry, judged by its name, kind and sizes; the first that applies counts. A new reason is a new row. */
const OBJECTIONS: readonly (readonly [NotRead["why"], (entry: ZipEntry) => boolean])[] = [
  ["outside", ({ name }) => /^([/\\]|[a-z]:)/i.test(name) || name.split(/[/\\]/).includes("..")],
  ["outside", ({ name }) => name.includes("\\") || hasControl(name)],
  ["too-deep", ({ name }) => name.split("/").length > MOST_FOLDERS],
  ["link", ({ isLink }) => isLink],
  [
    "other-file",
    ({ name }) =>
      !(isDataFile(name) || isPicture(name) || isContainerFile(name)) || name.split("/").some(isOfPrograms),
  ],
  ["encrypted", ({ encrypted }) => encrypted],
  ["too-large", (entry) => bytesClaimed(entry) > mostBytesOf(entry.name)],
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

/** Any name in a form that is safe to show: without control characters, and shortened. */
function shown(name: string): string {
  return [...name]
    .map((character) => (character.charCodeAt(0) < 0x20 ? "?" : character))
    .join("")
    .slice(0, 200);
}

/** Whether a file contains documents and is not one itself, as a Word file is. Throws `not-found`, `unreadable`. */
export function isContainer(path: string): boolean {
  const status = statusOf(path);
  if (!isContainerFile(path) || !(status ? status.isFile() : path.includes(WITHIN))) return false;
  if (extensionOf(path) === ".gz") return true;
  try {
    return !isDocumentArchive(containerAt(path).names);
  } catch {
    return true; // listing its contents reports what is wrong
  }
}

/** Opens a document: a file, or one in an archive. Throws `not-found`, `unreadable`, `bad-data`. */
export function openAnyDocument(path: string): DocumentFile {
  const attached = held.get(path);
  if (attached) return { ...inMemory(attached), close: () => undefined };
  if (!path.includes(WITHIN) || statusOf(path) !== undefined) return openRegularDocument(path);
  const bytes = bytesWithin(path);
  return { ...inMemory(bytes), close: () => undefined };
}

/** The attachments of documents that are being read, by their paths. */
const held = new Map<string, Buffer>();
let heldBefore = 0;

/**
 * Calls `use` with a path at which the bytes of an attachment can be read until `use` has ended. `path`: the document that it is attached
 * to.
 */
export async function holding<T>(
  path: string,
  name: string,
  bytes: Buffer,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const own = pathWithin(pathWithin(path, String(++heldBefore)), name); // several attachments may have the same name
  held.set(own, bytes);
  try {
    return await use(own);
  } finally {
    held.delete(own);
  }
}

/** The last document that was unpacked: a document is opened several times in a row. */
let last: { readonly key: string; readonly bytes: Buffer } | undefined;

function bytesWithin(path: string): Buffer {
  const { container, name, key } = fileWithin(path);
  if (last?.key !== key) {
    last = undefined;
    last = { key, bytes: container.unpacked(name) };
  }
  return last.bytes;
}

function gunzipped(path: string, archive: string, bytes: RandomBytes): Buffer {
  if (bytes.sizeBytes > LARGEST_DOCUMENT_BYTES) return refuseLarge(path);
  try {
    return gunzipSync(bytes.read(0, bytes.sizeBytes), { maxOutputLength: mostBytesOf(path) });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ERR_BUFFER_TOO_LARGE") return refuseLarge(path);
    if (code?.startsWith("Z_")) return fail({ code: "bad-data", path: archive, reason: "damaged" });
    throw error;
  }
}

function refuseLarge(path: string): never {
  const reason = { code: "unpacks-to-much", mib: mostBytesOf(path) / 2 ** 20, parts: false } as const;
  fail({ code: "bad-data", path, reason });
}

function unlessDamaged<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof BadDocument) return fail({ code: "bad-data", path, reason: error.reason });
    throw error;
  }
}
