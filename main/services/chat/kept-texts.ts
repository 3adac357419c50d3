/** Files with what models have read of conversations, beside their chat weights in the cache. They contain what was said. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { query } from "../../database/store.ts";
import type { Store } from "../../database/store.ts";
import type { Home } from "../../home/home.ts";
import { namesIn, remove } from "../../home/home-cache.ts";

/** In the folder of a model's chat weights, with which it is removed. */
const FOLDER = "texts";
const MOST_BYTES = 2 ** 30;

export class KeptTexts {
  readonly #cache: string;
  readonly #store: Store;

  constructor({ cache }: Pick<Home, "cache">, store: Store) {
    this.#cache = cache;
    this.#store = store;
  }

  /** The file of a conversation with the model whose chat weights belong into `cacheFolder`. */
  pathOf(cacheFolder: string, conversation: number): string {
    return join(cacheFolder, FOLDER, String(conversation));
  }

  /** Of these conversations, those that have not been deleted. */
  existing(conversations: readonly number[]): number[] {
    const all = query.selectFrom("conversations").select("id").where("id", "in", conversations);
    return this.#store.all(all).map(({ id }) => id);
  }

  /** Removes the files of deleted conversations, and the least recently written ones beyond 1 GiB. */
  tidy(): void {
    const files = namesIn(this.#cache)
      .map((name) => join(this.#cache, name, FOLDER))
      .flatMap((folder) => namesIn(folder).map((name) => ({ id: Number(name), path: join(folder, name) })))
      .flatMap((file) => ({ ...file, status: statSync(file.path, { throwIfNoEntry: false }) }))
      .sort((a, b) => (b.status?.mtimeMs ?? 0) - (a.status?.mtimeMs ?? 0));
    const ids = this.existing(files.map(({ id }) => id).filter(Number.isInteger));
    let bytes = 0;
    for (const { id, path, status } of files) {
      bytes += status?.size ?? 0;
      if (!ids.includes(id) || bytes > MOST_BYTES) remove(path);
    }
  }
}
