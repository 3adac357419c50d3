/** A file or folder that a person could be sent, and the required outcome. */
import type { InspectedFile } from "../../preload/contract/data/inspection.ts";

/**
 * The ways by which a file comes in: a model that is looked at, data that is looked at, and data that is looked at with a model (the
 * folder `model` and the file `data.jsonl` in the path).
 */
export type Door = "inspect-model" | "inspect-data" | "inspect-with-model";

export interface HostileCase {
  /** Begins with the number of the case, where it is one of those that the project counts. */
  readonly title: string;
  /** The file's name, where it matters. */
  readonly name?: string;
  readonly door?: Door;
  /** Makes the file or folder at this path. */
  readonly write: (path: string) => void | Promise<void>;
  /** Goes on while it is read; called again and again. */
  readonly meanwhile?: (path: string) => void;
  /** What the failure must be, its cause in it; null where it has to be read, "either" where both are right. */
  readonly expected: object | null | "either";
  /** What was seen of data, or what of the folder, must hold. */
  readonly check?: (path: string, seen: InspectedFile | null) => void;
}

/** Cases that come in by one door under one name. */
export interface HostileTable {
  readonly title: string;
  readonly door: Door;
  readonly name: string;
  readonly cases: readonly HostileCase[];
}

/** The number of a case, or null. */
export function numberOf({ title }: HostileCase): number | null {
  const number = /^(\d+) /.exec(title)?.[1];
  return number === undefined ? null : Number(number);
}
