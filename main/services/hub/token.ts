/** A person's access token for the hub: encrypted by the system, or kept only in memory if that is impossible. */
import { existsSync, readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { failedWrite } from "../../../native-models/formats/atomic.ts";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import type { DownloadsState } from "../../../preload/contract/calls/downloads.ts";

/** The system's encryption. */
export interface Secrets {
  isAvailable(): boolean;
  encrypt(text: string): Uint8Array;
  decrypt(bytes: Uint8Array): string;
}

/** The form "hf_…" that the hub's own library checks, too. */
const TOKEN = /^hf_[A-Za-z0-9_-]{1,200}$/;

export class Token {
  readonly #path: string;
  readonly #secrets: Secrets;
  #inMemory: string | null = null;

  constructor(folder: string, secrets: Secrets) {
    this.#path = join(folder, "hub-token");
    this.#secrets = secrets;
  }

  get state(): DownloadsState["token"] {
    if (this.#inMemory !== null) return "session";
    return existsSync(this.#path) ? "kept" : "none";
  }

  /** The token; null if there is none, or if it was encrypted by another account or computer. */
  get(): string | null {
    if (this.#inMemory !== null || !existsSync(this.#path)) return this.#inMemory;
    try {
      return this.#secrets.decrypt(readFileSync(this.#path));
    } catch {
      return null;
    }
  }

  /** Failures: bad-choice, disk-full, unwritable. */
  async set(token: string | null): Promise<void> {
    const text = token?.trim() ?? null;
    if (text !== null && !TOKEN.test(text)) refuseChoice("access-token");
    await rm(this.#path, { force: true });
    this.#inMemory = null;
    if (text === null) return;
    if (!this.#secrets.isAvailable()) return void (this.#inMemory = text);
    const bytes = this.#secrets.encrypt(text);
    await writeFile(this.#path, bytes, { mode: 0o600 }).catch((error) => failedWrite(this.#path, error));
  }
}
