import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const folder = "renderer/messages/de";

/** Another word for what has one already, and that one. */
const OTHERS: readonly (readonly [RegExp, string])[] = [
  [/\bTokens\b/, "Token, also for several"],
  [/\btrimm(en|t|st)/i, "kürzen"],
  [/\bZwischenspeicher/, "Cache"],
  [/\bLoss\b/, "Verlust, Trainingsverlust"],
  [/\bSafetensors\b/, "safetensors, as the format is written"],
  [/\bDatens(et|ets)\b/, "Datensatz"],
  [/Zeilen kürzt/, "abschneidet: kürzen is what happens to a model"],
];

test("one thing has one German word", () => {
  const found = readdirSync(folder).flatMap((file) =>
    OTHERS.flatMap(([other, word]) => {
      const match = other.exec(readFileSync(join(folder, file), "utf8"));
      return match ? [`${file}: "${match[0]}"; write: ${word}`] : [];
    }),
  );
  expect(found).toEqual([]);
});
