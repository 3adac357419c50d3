/** The order in which passages are used: if a writing is stopped early, all documents and splits have had their turn. */
import { Random } from "../../../native-models/random.ts";
import type { StoredPassage } from "../../../preload/contract/questions/written-questions.ts";

/** The splits of four consecutive passages, as long as they have any: figures need questions on held-out passages early. */
const TURNS = ["train", "valid", "train", "test"] as const;

/** All passages, those of each split in random order, the same each time. */
export function inWritingOrder(passages: readonly StoredPassage[]): StoredPassage[] {
  const left = new Map(
    TURNS.map((name) => [name, shuffled(passages.filter(({ split }) => split === name))] as const),
  );
  const ordered: StoredPassage[] = [];
  while ([...left.values()].some(({ length }) => length > 0)) {
    for (const name of TURNS) {
      const next = left.get(name)!.pop();
      if (next) ordered.push(next);
    }
  }
  return ordered;
}

function shuffled<T>(list: readonly T[]): T[] {
  return [...new Random(1, "writing order").permutation(list.length)].map((index) => list[index]!);
}
