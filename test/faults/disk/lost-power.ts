/**
 * What a disk may hold after the power failed. The model is POSIX's, harsher than journalling file systems: only what an
 * fsync of a file or folder covered is certain. A write that no fsync covered may be lost, be torn at any sector, or have left
 * zeros; a name that no fsync of its folder covered may be lost, made, removed or moved whatever became of the others. A rename
 * within the disk is one step, as every journal makes it.
 */
import { closeSync, ftruncateSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Random } from "../../../native-models/random.ts";
import type { Change } from "./changes.ts";

/** What became of the changes that nothing made certain. */
export type Luck = "nothing survives" | "everything survives" | "chance decides";
export const lucks: readonly Luck[] = ["nothing survives", "everything survives", "chance decides"];

const SECTOR_BYTES = 512;

interface FileNode {
  readonly kind: "file";
  certain: Buffer;
  pending: Change[];
}

interface FolderNode {
  readonly kind: "folder";
  /** By name, as everybody sees it now. */
  readonly now: Map<string, Node>;
}

type Node = FileNode | FolderNode;

/** A step of names that is lost or made as a whole: entries of folders that are set or, with null, removed. */
interface Step {
  readonly entries: readonly {
    readonly folder: FolderNode;
    readonly name: string;
    readonly node: Node | null;
  }[];
}

/** A disk under `root` as changes come to it. */
export class Disk {
  readonly #root: string;
  readonly #top: FolderNode = { kind: "folder", now: new Map() };
  readonly #files = new Map<bigint, FileNode>();
  /** Names that are certain, and steps that are not, in order. */
  readonly #certain = new Map<FolderNode, Map<string, Node>>();
  #pending: Step[] = [];

  constructor(root: string) {
    this.#root = root;
  }

  /** Takes in the next change. */
  change({ kind, path, to, inode, offset, data }: Change): void {
    if (kind === "told" || (path === this.#root && kind === "mkdir")) return;
    const file = this.#files.get(inode);
    switch (kind) {
      case "create": {
        const node: FileNode = { kind: "file", certain: Buffer.alloc(0), pending: [] };
        this.#files.set(inode, node);
        return this.#step([[path, node]]);
      }
      case "mkdir":
        return this.#step([[path, { kind: "folder", now: new Map() }]]);
      case "write":
      case "truncate":
        file!.pending.push({ kind, path, to, inode, offset, data });
        return;
      case "sync": {
        const named = this.#find(path);
        if (named?.kind === "folder") return this.#syncFolder(named);
        file!.certain = applied(file!.certain, file!.pending);
        file!.pending = [];
        return;
      }
      case "rename":
        return this.#step([
          [path, null],
          [to, this.#at(path)],
        ]);
      case "unlink":
      case "rmdir":
        return this.#step([[path, null]]);
    }
  }

  /** Writes what is left into the folder `root`, which is created again. */
  failInto(root: string, luck: Luck, random: Random): void {
    const survives = () =>
      luck === "everything survives" || (luck === "chance decides" && random.integer(2) === 0);
    const names = new Map([...this.#certain].map(([folder, entries]) => [folder, new Map(entries)]));
    for (const step of this.#pending) if (survives()) set(names, step);
    rmSync(root, { recursive: true, force: true });
    const write = (folder: FolderNode, path: string) => {
      mkdirSync(path, { mode: 0o700 });
      for (const [name, node] of names.get(folder) ?? []) {
        if (node.kind === "folder") write(node, join(path, name));
        else writeBytes(join(path, name), left(node, luck, random));
      }
    };
    write(this.#top, root);
  }

  #at(path: string): Node {
    return this.#find(path) ?? unknownPath(path);
  }

  #find(path: string): Node | undefined {
    if (path === this.#root) return this.#top;
    const folder = this.#find(dirname(path));
    return folder?.kind === "folder" ? folder.now.get(basename(path)) : undefined;
  }

  #step(entries: [string, Node | null][]): void {
    const step: Step = {
      entries: entries.map(([path, node]) => ({
        folder: this.#at(dirname(path)) as FolderNode,
        name: basename(path),
        node,
      })),
    };
    for (const { folder, name, node } of step.entries) {
      if (node) folder.now.set(name, node);
      else folder.now.delete(name);
    }
    this.#pending.push(step);
  }

  /** What is in a folder is certain, and so is the other end of what was moved into it or out of it. */
  #syncFolder(folder: FolderNode): void {
    const isCovered = ({ entries }: Step) => entries.some((entry) => entry.folder === folder);
    for (const step of this.#pending.filter(isCovered)) set(this.#certain, step);
    this.#pending = this.#pending.filter((step) => !isCovered(step));
  }
}

function unknownPath(path: string): never {
  throw new Error(`${path} was changed but never made`);
}

function set(names: Map<FolderNode, Map<string, Node>>, { entries }: Step): void {
  for (const { folder, name, node } of entries) {
    const known = names.get(folder) ?? new Map<string, Node>();
    names.set(folder, known);
    if (node) known.set(name, node);
    else known.delete(name);
  }
}

/** A file's bytes after changes that all happened. */
function applied(bytes: Buffer, changes: readonly Change[]): Buffer {
  return changes.reduce((content, { kind, offset, data }) => {
    const size = kind === "truncate" ? offset : Math.max(content.length, offset + data.length);
    const next = Buffer.alloc(size);
    content.copy(next, 0, 0, Math.min(content.length, size));
    if (kind === "write") data.copy(next, offset);
    return next;
  }, bytes);
}

/** A file's bytes after the power failed. */
function left({ certain, pending }: FileNode, luck: Luck, random: Random): Buffer {
  if (luck === "nothing survives") return certain;
  if (luck === "everything survives") return applied(certain, pending);
  const kept = pending.flatMap((change): Change[] => {
    const fate = random.integer(4);
    if (fate === 0) return [change];
    if (fate === 1 || change.kind === "truncate") return [];
    if (fate === 2) return [{ ...change, data: Buffer.alloc(change.data.length) }]; // its place was made, its bytes were not
    const whole = Math.max(
      0,
      Math.ceil((change.offset + change.data.length) / SECTOR_BYTES) -
        Math.floor(change.offset / SECTOR_BYTES),
    );
    const end = (Math.floor(change.offset / SECTOR_BYTES) + random.integer(whole + 1)) * SECTOR_BYTES;
    return [{ ...change, data: change.data.subarray(0, Math.max(0, end - change.offset)) }];
  });
  return applied(certain, kept);
}

function writeBytes(path: string, bytes: Buffer): void {
  const file = openSync(path, "w", 0o600);
  ftruncateSync(file, 0);
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
  closeSync(file);
}
