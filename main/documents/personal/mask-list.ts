/** The names and words that a person wants masked wherever they stand. */
import { PERSONAL_KINDS } from "../../../preload/contract/data/personal.ts";
import type { PersonalKind } from "../../../preload/contract/data/personal.ts";
import type { Found } from "./found.ts";
import { Words } from "./names/words.ts";
import { SearchedText } from "./searched-text.ts";

/** Finds the entries of a list as whole words, in any letter case, also with a genitive's apostrophe. */
export class MaskList {
  /** The words of each entry, by the first of them; longer entries first. */
  readonly #entries = new Map<string, string[][]>();

  constructor(list: readonly string[] = []) {
    const entries = list.map((entry) => {
      const words = new Words(new SearchedText(entry.trim()).text);
      return Array.from({ length: words.count }, (_, i) => words.key(i));
    });
    for (const keys of entries.filter(({ length }) => length > 0).sort((a, b) => b.length - a.length))
      this.#entries.set(keys[0]!, [...(this.#entries.get(keys[0]!) ?? []), keys]);
  }

  *find(text: string): Generator<Found> {
    if (this.#entries.size === 0) return;
    const words = new Words(text);
    for (let i = 0; i < words.count; i++) {
      const fits = (keys: readonly string[]) => keys.every((key, n) => words.key(i + n) === key);
      const entry = this.#entries.get(words.key(i))?.find(fits);
      if (!entry) continue;
      const start = words.start(i);
      i += entry.length - 1;
      yield { kind: "name", start, end: words.endOfKey(i) };
    }
  }
}

/** What is masked: some kinds of personal data, and what a person listed. */
export interface Wanted {
  readonly kinds: readonly PersonalKind[];
  readonly list: MaskList;
}

export const ALL_KINDS: Wanted = { kinds: PERSONAL_KINDS, list: new MaskList() };
