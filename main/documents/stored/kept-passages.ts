/** The passages of the documents or the data set that was read last, so that another search in them need not read them again. */
import type { FoundPassage } from "../../../preload/contract/chat/found-passage.ts";
import { WITHIN } from "../files/container.ts";
import { statusOf } from "../files/file-descriptor.ts";

export class KeptPassages {
  readonly #mostCharacters: number;
  #kept: { readonly files: string; readonly passages: readonly FoundPassage[] } | null = null;

  /** Longer documents are read for each search. */
  constructor(mostCharacters: number) {
    this.#mostCharacters = mostCharacters;
  }

  /** The passages of these documents; `read` returns them if others were read since, or a file has changed. */
  async of(
    documents: readonly string[],
    read: () => Promise<readonly FoundPassage[]>,
  ): Promise<readonly FoundPassage[]> {
    const files = stateOf(documents);
    if (files !== null && files === this.#kept?.files) return this.#kept.passages;
    this.#kept = null; // two large documents might not fit into memory
    const passages = await read();
    const characters = passages.reduce((sum, { text }) => sum + text.length, 0);
    if (files !== null && characters <= this.#mostCharacters) this.#kept = { files, passages };
    return passages;
  }
}

/** The paths, sizes and modification times of the files that hold these documents; null if one of them is gone. */
function stateOf(documents: readonly string[]): string | null {
  const files = new Set(documents.map((path) => (statusOf(path) ? path : path.split(WITHIN)[0]!)));
  const states = [...files].map((file) => {
    const status = statusOf(file);
    return status ? [file, status.size, status.mtimeMs] : null;
  });
  return states.includes(null) ? null : JSON.stringify(states);
}
