/** The passages of a dataset: the rows that are only text, of all splits except the off-domain one. */
import type { StoredPassage } from "../../../preload/contract/questions/written-questions.ts";
import type { Row } from "../row.ts";
import { storedRows } from "./stored-rows.ts";

/** About how many characters of passages are in one message. A passage may not be longer either: no model could read it. */
const MESSAGE_CHARACTERS = 100_000;

/** The text of a row that is only text, and where it comes from; undefined for any other row. */
export function passageIn(row: Row): Omit<StoredPassage, "split"> | undefined {
  if (row.kind !== "example" || row.example.prompt.trim() !== "") return undefined;
  const { document, place } = row.origin ?? { document: "", place: row.line };
  return { passage: row.example.completion, document, place };
}

/** Passages in order, a few at a time. Throws `unreadable`, `bad-data`. */
export function* storedPassages(dataset: string): Generator<StoredPassage[]> {
  let [some, characters] = [[] as StoredPassage[], 0];
  for (const split of ["train", "valid", "test"] as const) {
    for (const row of storedRows(dataset, split)) {
      const found = passageIn(row);
      if (!found || found.passage.length > MESSAGE_CHARACTERS) continue;
      some.push({ ...found, split });
      characters += found.passage.length;
      if (characters < MESSAGE_CHARACTERS) continue;
      yield some;
      [some, characters] = [[], 0];
    }
  }
  if (some.length > 0) yield some;
}
