/** Keeps training and held-out data apart: by content, whatever file a text came from. */
import { createHash } from "node:crypto";
import { listedChoices } from "../../../native-models/evaluation/choices.ts";
import type { DatasetReport, SplitName } from "../../../preload/contract/data.ts";
import { lastTurn } from "./conversation.ts";
import type { Row } from "./row.ts";

/** With fewer rows, a figure means little: 50 questions determine an accuracy to ±14 points. */
export const TELLING_ROWS = 50;

export type SplitRows = Record<SplitName, Row[]>;

/** Identifies rows with the same text: those with the same key. */
export type TextKey = (row: Row) => string;

/** A prompt with more different answers than this is an instruction ("Write a clause.") rather than a text. */
const MOST_ANSWERS_OF_A_TEXT = 4;

/**
 * The identity of a row's text, ignoring white space and case: the question or prompt, without listed choices and "Answer:"; in a
 * conversation, everything before the answer; plus the answer if there is no prompt or the prompt has many different answers.
 */
export function textKeys(rows: readonly Row[]): TextKey {
  const prompts = new Map(rows.map((row) => [row, promptKey(row)]));
  const answers = new Map<string, Set<string>>();
  for (const [row, prompt] of prompts) {
    if (!answers.has(prompt)) answers.set(prompt, new Set());
    const different = answers.get(prompt)!;
    if (different.size <= MOST_ANSWERS_OF_A_TEXT) different.add(answerKey(row));
  }
  return (row) => {
    const prompt = prompts.get(row) ?? promptKey(row);
    const identifies = prompt !== "" && (answers.get(prompt)?.size ?? 0) <= MOST_ANSWERS_OF_A_TEXT;
    return identifies ? prompt : wholeKey(prompt, row);
  };
}

function promptKey(row: Row): string {
  switch (row.kind) {
    case "question":
      return folded(row.question.question);
    case "example":
      return folded(listedChoices(row.example.prompt).question);
    case "conversation": {
      const said = lastTurn(row.conversation).before.filter(({ role }) => role !== "system");
      return folded(said.map(({ content }) => content).join("\n"));
    }
  }
}

function wholeKey(prompt: string, row: Row): string {
  return `${prompt}\u0000${answerKey(row)}`;
}

/**
 * Removes rows from train that a held-out split also has or that train already has, and from valid those that test has. Test and
 * the off-domain set are unchanged. Returns new lists and the counts.
 */
export function keepApart(
  rows: SplitRows,
  textKey: TextKey,
): { rows: SplitRows; duplicates: DatasetReport["duplicates"] } {
  const duplicates = { withinTrain: 0, trainInValid: 0, trainInTest: 0, trainInOffDomain: 0, validInTest: 0 };
  const keys = (split: Row[]) => new Set(split.map(textKey));
  const [validKeys, testKeys, offDomainKeys] = [keys(rows.valid), keys(rows.test), keys(rows.offDomain)];
  const seen = new Set<string>();
  const leaves = (row: Row): keyof typeof duplicates | null => {
    const key = textKey(row);
    if (testKeys.has(key)) return "trainInTest";
    if (validKeys.has(key)) return "trainInValid";
    if (offDomainKeys.has(key)) return "trainInOffDomain";
    const whole = wholeKey(promptKey(row), row);
    if (seen.has(whole)) return "withinTrain";
    seen.add(whole);
    return null;
  };
  const counted = (reason: keyof typeof duplicates | null) => {
    if (reason) duplicates[reason]++;
    return reason === null;
  };
  const train = rows.train.filter((row) => counted(leaves(row)));
  const valid = rows.valid.filter((row) => counted(testKeys.has(textKey(row)) ? "validInTest" : null));
  return { rows: { ...rows, train, valid }, duplicates };
}

/**
 * Splits about `count` rows off `rows`: the texts with the lowest seeded hash, each with all of its rows and those of its group,
 * so that no text or group is on both sides. Both sides keep their order.
 */
export function splitOff(
  rows: readonly Row[],
  count: number,
  seed: number,
  textKey: TextKey,
): { kept: Row[]; taken: Row[] } {
  const partKey = partKeys(rows, textKey);
  const sizes = new Map<string, number>();
  for (const row of rows) sizes.set(partKey(row), (sizes.get(partKey(row)) ?? 0) + 1);
  const hash = (key: string) => createHash("sha256").update(`${seed}\n${key}`).digest("hex");
  const byHash = [...sizes]
    .map(([key, size]) => ({ key, size, hash: hash(key) }))
    .sort((a, b) => (a.hash < b.hash ? -1 : 1));
  const chosen = new Set<string>();
  let left = count;
  for (const { key, size } of byHash) {
    if (size > left) continue;
    chosen.add(key);
    left -= size;
  }
  return {
    kept: rows.filter((row) => !chosen.has(partKey(row))),
    taken: rows.filter((row) => chosen.has(partKey(row))),
  };
}

/**
 * Determines which rows stay together: those of the same text, of the same group, and of any text that two groups share. A
 * component is named by its first text, so that it has the same name wherever it is in a file.
 */
function partKeys(rows: readonly Row[], textKey: TextKey): TextKey {
  const first = new Map<string, string>(); // from a text to an earlier one of its component
  const nameOf = (key: string): string => {
    let at = key;
    for (let next; (next = first.get(at)) !== undefined;) at = next;
    return at;
  };
  const ofGroup = new Map<string, string>();
  for (const row of rows) {
    if (row.group === undefined) continue;
    const [key, other] = [nameOf(textKey(row)), nameOf(ofGroup.get(row.group) ?? textKey(row))];
    const [lower, higher] = key < other ? [key, other] : [other, key];
    if (lower !== higher) first.set(higher, lower);
    ofGroup.set(row.group, lower);
  }
  return (row) => nameOf(textKey(row));
}

/** The answer of a row, the same for a question and for an example made from it in either style. */
function answerKey(row: Row): string {
  switch (row.kind) {
    case "question":
      return folded(row.question.choices[row.question.answer]!);
    case "example": {
      const { choices } = listedChoices(row.example.prompt);
      const answer = folded(row.example.completion);
      return choices.length === 0 ? answer : answer.replace(/^[a-z]\. /, "");
    }
    case "conversation":
      return folded(lastTurn(row.conversation).answer);
  }
}

function folded(text: string): string {
  return text.normalize("NFC").toLowerCase().replace(/\s+/g, " ").trim();
}
