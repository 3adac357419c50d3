/** What of the known personal data is found, and what is found besides. */
import { findPersonal } from "../../../main/documents/personal/find-personal.ts";
import type { PersonalKind } from "../../../preload/contract/data/personal.ts";
import type { KnownText } from "./marked-text.ts";

export interface Score {
  /** By kind: how many places there are, and how many are found as that kind, with every letter and digit covered. */
  readonly found: Map<PersonalKind, { of: number; found: number }>;
  /** What was missed, with the text around it. */
  readonly missed: string[];
  /** What was found where there is nothing personal. */
  readonly wrong: string[];
  words: number;
}

export function scoreOf(texts: readonly KnownText[]): Score {
  const score: Score = { found: new Map(), missed: [], wrong: [], words: 0 };
  for (const { text, truth } of texts) {
    const places = findPersonal([text])[0]!;
    score.words += wordsIn(text);
    for (const { kind, start, end } of truth) {
      const isCovered = [...text.slice(start, end)].every((character, i) => {
        if (!/[\p{L}\d]/u.test(character)) return true;
        return places.some(
          (place) => place.start <= start + i && place.end > start + i && place.kind === kind,
        );
      });
      const count = score.found.get(kind) ?? { of: 0, found: 0 };
      count.of++;
      if (isCovered) count.found++;
      else score.missed.push(`${kind}: …${around(text, start, end)}…`);
      score.found.set(kind, count);
    }
    for (const place of places)
      if (!truth.some(({ start, end }) => start < place.end && end > place.start))
        score.wrong.push(`${place.kind}: …${around(text, place.start, place.end)}…`);
  }
  return score;
}

export function wordsIn(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

/** The share that was found of some kinds. */
export function recall({ found }: Score, kinds: readonly PersonalKind[]): number {
  const some = kinds.flatMap((kind) => found.get(kind) ?? []);
  return some.reduce((sum, { found }) => sum + found, 0) / some.reduce((sum, { of }) => sum + of, 0);
}

function around(text: string, start: number, end: number): string {
  return `${text.slice(Math.max(0, start - 40), start)}⟦${text.slice(start, end)}⟧${text.slice(end, end + 30)}`.replace(
    /\n/g,
    "⏎",
  );
}
