/** The error of readers that do not know their file's path. */
import type { BadDataReason } from "../../preload/contract/failures/bad-data.ts";

/** Why a document cannot be read; whoever knows its path makes it `bad-data`. */
export class BadDocument extends Error {
  readonly reason: BadDataReason;

  constructor(reason: BadDataReason) {
    super(JSON.stringify(reason));
    this.reason = reason;
  }
}

/** Throws `BadDocument`. */
export function refuse(reason: BadDataReason): never {
  throw new BadDocument(reason);
}
