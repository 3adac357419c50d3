/** A text file of lines with a maximum size: a full file is rotated, and the oldest is deleted. */
import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { makeFolder } from "../../native-models/formats/atomic.ts";

export interface Rotation {
  /** The most bytes of one file. */
  readonly mostBytes: number;
  /** The most files, including the current one. */
  readonly mostFiles: number;
}

/**
 * Appends lines to `path` immediately, so that they survive a crash. Lines that cannot be written are lost: a log must never stop
 * the program.
 */
export class RotatingFile {
  readonly #path: string;
  readonly #rotation: Rotation;
  #file: number | null = null;
  #bytes = 0;

  constructor(path: string, rotation: Rotation) {
    this.#path = path;
    this.#rotation = rotation;
  }

  append(line: string): void {
    try {
      const text = Buffer.from(`${line}\n`);
      if (this.#file === null) this.#open();
      if (this.#bytes > 0 && this.#bytes + text.length > this.#rotation.mostBytes) this.#rotate();
      writeSync(this.#file!, text);
      this.#bytes += text.length;
    } catch {
      this.close(); // the next line tries again
    }
  }

  close(): void {
    const file = this.#file;
    this.#file = null;
    try {
      if (file !== null) closeSync(file);
    } catch {
      // Its disk is gone.
    }
  }

  #open(): void {
    makeFolder(dirname(this.#path), 0o700); // on the first start, this creates the home before anything else does
    this.#file = openSync(this.#path, "a", 0o600);
    this.#bytes = fstatSync(this.#file).size;
  }

  #rotate(): void {
    const { mostFiles } = this.#rotation;
    const names = rotatedNames(this.#path, mostFiles);
    this.close();
    try {
      rmSync(names[mostFiles - 1]!, { force: true });
      for (let place = mostFiles - 1; place > 0; place--)
        if (existsSync(names[place - 1]!)) renameSync(names[place - 1]!, names[place]!);
      this.#open();
    } catch {
      // On Windows, another program may have one open. The limit still applies, so the current file starts over.
      this.#open();
      ftruncateSync(this.#file!, 0);
      this.#bytes = 0;
    }
  }
}

/** The files of a rotation, the current one first: coppice.log, coppice.1.log … */
export function rotatedNames(path: string, mostFiles: number): string[] {
  return Array.from({ length: mostFiles }, (_, place) =>
    place === 0 ? path : path.replace(/(\.\w+)?$/, `.${place}$1`),
  );
}
