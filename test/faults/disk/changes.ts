/** What shim.c writes down: every change of a disk, in the order it happened. */

const kinds = ["create", "write", "truncate", "sync", "rename", "unlink", "mkdir", "rmdir", "told"] as const;

/** One change; `told` is the text on the program's standard output by then. */
export interface Change {
  readonly kind: (typeof kinds)[number];
  readonly path: string;
  /** Where a rename led. */
  readonly to: string;
  /** Of a file that was open: it may have another name by now. */
  readonly inode: bigint;
  /** Of a write; the new size for a truncation. */
  readonly offset: number;
  readonly data: Buffer;
}

const HEADER_BYTES = 32;

/** Reads a log. */
export function changesIn(log: Buffer): Change[] {
  const changes: Change[] = [];
  for (let at = 0; at < log.length;) {
    const [kind, path, to, data] = [0, 4, 8, 12].map((field) => log.readUInt32LE(at + field)) as [
      number,
      number,
      number,
      number,
    ];
    const inode = log.readBigUInt64LE(at + 16);
    const offset = Number(log.readBigUInt64LE(at + 24));
    let begin = at + HEADER_BYTES;
    if (begin + path + to + data > log.length) break; // the program was killed while it wrote this
    const next = (bytes: number) => log.subarray(begin, (begin += bytes));
    changes.push({
      kind: kinds[kind]!,
      path: next(path).toString(),
      to: next(to).toString(),
      inode,
      offset,
      data: next(data),
    });
    at = begin;
  }
  return changes;
}
