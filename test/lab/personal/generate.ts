/** Documents of invented people, whose personal data is known. */
import { english } from "./english.ts";
import { german } from "./german.ts";
import { withoutMarks } from "./marked-text.ts";
import type { KnownText } from "./marked-text.ts";
import { World } from "./world.ts";

export type Language = "de" | "en";

/** So many documents of each kind of text. The same seed writes the same ones. */
export function generate(language: Language, seed: number, each: number): KnownText[] {
  const writers = language === "de" ? german : english;
  return writers.flatMap((write) =>
    Array.from({ length: each }, (_, i) =>
      withoutMarks(write(new World(seed, `${language} ${write.name} ${i}`))),
    ),
  );
}
