/** What a model is asked to recite from a dataset, and how much of its answers is verbatim. */
import { commonLength } from "../../../native-models/common-length.ts";
import { VerbatimRuns, wordsOf } from "../../../native-models/evaluation/verbatim.ts";
import { writtenWords } from "../../../native-models/evaluation/words.ts";
import type { Example } from "../../../preload/contract/data/data.ts";
import type { Beginning, Continuation, RecitedRows } from "../../../preload/contract/results/recited.ts";
import { requiredSplit } from "./split-files.ts";

/** Fewer words in a row are not a recital: set phrases can be as long. */
export const RECITED_WORDS = 20;
/** How many words of a text without a prompt are given; at most half of the text. */
const GIVEN_WORDS = 30;
/** Longer prompts would not fit in a message, nor in many models. */
const LONGEST_PROMPT = 6000;

type HeldOut = "valid" | "test";

/**
 * The beginnings of up to `rows` training rows, evenly spread, and of as many held-out rows if there are any: prompts, or the first words
 * of texts. Only rows that continue for at least `RECITED_WORDS` words are used. Throws `not-found`, `unreadable`, `bad-data`.
 */
export function beginningsOf(folder: string, rows: number): Beginning[] {
  const train = askable(folder, "train", rows);
  const test = askable(folder, "test", rows);
  return [...train, ...(test.length > 0 ? test : askable(folder, "valid", rows))];
}

function askable(folder: string, split: "train" | HeldOut, rows: number): Beginning[] {
  const all = requiredSplit(folder, split).examples.flatMap((example, row) => {
    const cut = cutOf(example);
    return cut === null ? [] : [{ split, row, prompt: cut.prompt, special: example.special ?? false }];
  });
  const count = Math.min(rows, all.length);
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]!);
}

/** A row's beginning and what follows it; null if that is too short. */
function cutOf({ prompt, completion }: Example): { prompt: string; rest: string } | null {
  const words = writtenWords(completion);
  const given = prompt.trim() === "" ? Math.min(GIVEN_WORDS, Math.floor(words.length / 2)) : 0;
  const last = words[given - 1];
  const at = last === undefined ? 0 : last.index + last[0].length;
  const cut = { prompt: prompt + completion.slice(0, at), rest: completion.slice(at) };
  return words.length - given < RECITED_WORDS ||
    cut.prompt.trim() === "" ||
    cut.prompt.length > LONGEST_PROMPT
    ? null
    : cut;
}

/** How much of the answers to such beginnings is verbatim. Throws as `beginningsOf` does. */
export function recitedIn(
  folder: string,
  answers: readonly Continuation[],
): { trained: RecitedRows; heldOut: RecitedRows | null } {
  const splits = new Map(
    [...new Set(answers.map(({ split }) => split))].map((split) => [
      split,
      requiredSplit(folder, split).examples,
    ]),
  );
  const asked = answers.map(({ split, row, text }) => {
    const { prompt, rest } = cutOf(splits.get(split)![row]!)!;
    const words = wordsOf(text);
    return { split, prompt, answer: text, continued: commonLength(words, wordsOf(rest)) };
  });
  const runs = new VerbatimRuns(asked);
  for (const { prompt, completion } of requiredSplit(folder, "train").examples) runs.add(prompt + completion);
  const of = (isIn: (split: Continuation["split"]) => boolean): RecitedRows => {
    const some = asked.flatMap(({ split, continued }, i) =>
      isIn(split) ? [{ continued, longest: runs.longest[i]! }] : [],
    );
    return {
      rows: some.length,
      continued: some.filter(({ continued }) => continued >= RECITED_WORDS).length,
      longestContinued: Math.max(0, ...some.map(({ continued }) => continued)),
      longest: Math.max(0, ...some.map(({ longest }) => longest)),
    };
  };
  const heldOut = of((split) => split !== "train");
  return { trained: of((split) => split === "train"), heldOut: heldOut.rows === 0 ? null : heldOut };
}
