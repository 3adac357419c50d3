/** What the benchmark of drafts asks: for quotes from documents, and for what no text has. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const WORDS = 250;
export const QUOTING = 100;
/** Of quoting answers: every so many, where all would take hours. */
export const SPARSE = 5;
const DOCUMENTS = join(import.meta.dirname, "..", "..", "study", "documents");
export const THINGS = (
  "the sea,rain,a lighthouse,winter,a clockmaker,two brothers,an old ship,the desert,a garden,the moon,a lost key,a violin,the harvest,a railway," +
  "a mountain,silence,a lantern,the city,a river,a letter,snow,an orchard,a fox,the stars,a bridge,a stranger,bread,the wind,a painter,home"
).split(",");

export interface Kind {
  readonly name: string;
  readonly questions: readonly string[];
  readonly temperature?: number;
  /** Whether llama.cpp answers every fifth of them, too. */
  readonly isShared: boolean;
}

const [quotes, poems] = [quoting(), THINGS.map((thing) => `Write a short poem about ${thing}.`)];

export const KINDS: readonly Kind[] = [
  { name: "quoting", questions: quotes, isShared: true },
  {
    name: "quoting, temperature 0.7",
    questions: quotes.filter((_, at) => at % SPARSE === 0),
    temperature: 0.7,
    isShared: false,
  },
  { name: "writing freely", questions: poems, isShared: false },
  { name: "writing freely, temperature 1", questions: poems, temperature: 1, isShared: false },
];

/** Passages of about as many words, each with a question about its last heading. */
function quoting(): string[] {
  const passages = readdirSync(DOCUMENTS).flatMap((name) => {
    const paragraphs = readFileSync(join(DOCUMENTS, name), "utf8")
      .trim()
      .split(/\n{2,}/);
    return paragraphs.flatMap((_, first) => {
      let [text, heading] = ["", ""];
      for (const paragraph of paragraphs.slice(first)) {
        heading = /^#+ (?:[\d.]+ )?(.*)$/.exec(paragraph)?.[1] ?? heading;
        text += `${paragraph}\n\n`;
        if (text.split(/\s+/).length > WORDS && !paragraph.startsWith("#")) break;
      }
      const isWhole = text.split(/\s+/).length > WORDS && heading !== "";
      return isWhole
        ? [`${text}Quote the sentences of this text that say something about "${heading}".`]
        : [];
    });
  });
  return Array.from({ length: QUOTING }, (_, at) => passages[Math.floor((at * passages.length) / QUOTING)]!);
}
