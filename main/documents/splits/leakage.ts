/** Keeps training and held-out data apart: by content, whatever file a text came from, even if it was slightly changed. */
import { createHash } from "node:crypto";
import { listedChoices } from "../../../native-models/evaluation/choices.ts";
import { once } from "../../../native-models/tokenizer/prepared.ts";
import type { Duplicates, SplitName } from "../../../preload/contract/data/data.ts";
import { isLearnt, lastTurn } from "../records/conversation.ts";
import { addTo } from "../blocks/lists.ts";
import { containing, nearDuplicates } from "../passages/near-duplicates.ts";
import { documentOf } from "../row.ts";
import type { Row } from "../row.ts";

export type SplitRows = Record<SplitName, Row[]>;

/** Rows with the same key belong together. */
export type Key = (row: Row) => string;

/** Identifies rows with the same text: those with the same key. */
export interface TextKeys {
  /** White space and case do not count. */
  readonly exact: Key;
  /** The same, except that passages of text that are nearly the same have one key. */
  readonly near: Key;
  /**
   * The document of a row. Documents that are nearly the same, such as two formats or versions, have one key; those without passages have
   * none.
   */
  readonly document: (row: Row) => string | undefined;
  /**
   * The same for documents that contain much of each other, such as a report and its summary; only for passages that were cut in this
   * reading.
   */
  readonly related: (row: Row) => string | undefined;
}

/** A prompt with more different answers than this is an instruction ("Write a clause.") rather than a text. */
const MOST_ANSWERS_OF_A_TEXT = 4;

/**
 * The identities of rows' texts, ignoring white space and case: the question or prompt, without listed choices and "Answer:"; in a
 * conversation, everything before the answer; plus the answer if there is no prompt or the prompt has many different answers. Only
 * passages may be nearly the same: two questions that differ in a word are different questions.
 */
export function textKeys(rows: readonly Row[]): TextKeys {
  const promptOf = remembered(promptKey);
  const answers = new Map<string, Set<string>>();
  for (const row of rows) {
    const prompt = promptOf(row);
    if (!answers.has(prompt)) answers.set(prompt, new Set());
    const different = answers.get(prompt)!;
    if (different.size <= MOST_ANSWERS_OF_A_TEXT) different.add(answerKey(row));
  }
  const exact = remembered((row) => {
    const prompt = promptOf(row);
    const identifies = prompt !== "" && (answers.get(prompt)?.size ?? 0) <= MOST_ANSWERS_OF_A_TEXT;
    return identifies ? prompt : wholeKey(prompt, row);
  });
  const grouped = groupKeys(rows.filter((row) => promptOf(row) === "").map(exact));
  return {
    exact,
    near: (row) => {
      const key = exact(row);
      return grouped.get(key) ?? key;
    },
    document: documentGroups(rows, nearDuplicates),
    related: documentGroups(
      rows.filter(({ passage }) => passage),
      containing,
    ),
  };
}

/** A key that is computed once for each row: it reads the whole text, and is asked for again and again. */
function remembered(key: Key): Key {
  const keys = new Map<Row, string>();
  return (row) => {
    const known = keys.get(row) ?? key(row);
    keys.set(row, known);
    return known;
  };
}

/**
 * Maps the text of each passage to the first, in sort order, of the texts that are nearly the same, so that the order of rows does not
 * matter.
 */
function groupKeys(texts: readonly string[]): Map<string, string> {
  const different = [...new Set(texts)].sort();
  const first = nearDuplicates(different);
  return new Map(different.map((text, index) => [text, different[first[index]!]!]));
}

function documentGroups(
  rows: readonly Row[],
  groupsOf: (texts: readonly string[]) => Int32Array,
): TextKeys["document"] {
  const groups = once(() => {
    const texts = new Map<string, string[]>();
    for (const row of rows) {
      const document = documentOf(row);
      if (document === undefined || row.kind !== "example" || row.example.prompt !== "") continue;
      addTo(texts, document, row.example.completion);
    }
    const names = [...texts.keys()];
    const first = groupsOf([...texts.values()].map((passages) => passages.join("\n")));
    return new Map(names.map((name, index) => [name, names[first[index]!]!]));
  });
  return (row) => groups().get(documentOf(row) ?? "");
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
 * Removes rows from train that a held-out split also has or that train already has, and from valid those that test has. Test and the
 * off-domain set are unchanged. Returns new lists and the counts; `nearDuplicates` counts rows that are only nearly the same.
 */
export function removeLeakage(
  rows: SplitRows,
  keys: TextKeys,
): { rows: SplitRows; duplicates: Duplicates; nearDuplicates: Duplicates } {
  const none = { withinTrain: 0, trainInValid: 0, trainInTest: 0, trainInOffDomain: 0, validInTest: 0 };
  const counts = { exact: { ...none }, near: { ...none } };
  const held = {
    trainInTest: knownTexts(rows.test, keys),
    trainInValid: knownTexts(rows.valid, keys),
    trainInOffDomain: knownTexts(rows.offDomain, keys),
  };
  const leaves = (row: Row, reason: keyof Duplicates, known: KnownTexts): boolean => {
    if (!known.near.has(keys.near(row)) && !isVersion(row, known, keys)) return false;
    counts[known.exact.has(keys.exact(row)) ? "exact" : "near"][reason]++;
    return true;
  };
  const trained = { exact: new Set<string>(), near: new Set<string>() };
  const isRepeated = (row: Row): boolean => {
    const whole = keysWithAnswer(row, keys);
    const isKnown = trained.near.has(whole.near);
    if (isKnown) counts[trained.exact.has(whole.exact) ? "exact" : "near"].withinTrain++;
    trained.near.add(whole.near);
    trained.exact.add(whole.exact);
    return isKnown;
  };
  const train = rows.train.filter(
    (row) =>
      !(["trainInTest", "trainInValid", "trainInOffDomain"] as const).some((reason) =>
        leaves(row, reason, held[reason]),
      ) && !isRepeated(row),
  );
  const valid = rows.valid.filter((row) => !leaves(row, "validInTest", held.trainInTest));
  return { rows: { ...rows, train, valid }, duplicates: counts.exact, nearDuplicates: counts.near };
}

interface KnownTexts extends Record<"exact" | "near", ReadonlySet<string>> {
  /** The documents of the rows, and the keys that nearly equal documents share. */
  readonly documents: ReadonlySet<string | undefined>;
  readonly versions: ReadonlySet<string | undefined>;
}

function knownTexts(rows: readonly Row[], { exact, near, document }: TextKeys): KnownTexts {
  return {
    exact: new Set(rows.map(exact)),
    near: new Set(rows.map(near)),
    documents: new Set(rows.map(documentOf)),
    versions: new Set(rows.map(document)),
  };
}

/** Whether a row is from another version of a known document: it may be cut at other places, so that no passages are nearly the same. */
function isVersion(row: Row, { documents, versions }: KnownTexts, { document }: TextKeys): boolean {
  const version = document(row);
  return version !== undefined && versions.has(version) && !documents.has(documentOf(row));
}

/**
 * Sets the weight of an earlier answer of a conversation to 0 if another split has the same question after the same messages, so that
 * nothing is both learnt and measured. Training gives way to held-out splits, validation to test, and each of them to the last answer of a
 * row. `answers`: how many were changed.
 */
export function removeAnswerLeakage(rows: SplitRows): { rows: SplitRows; answers: number } {
  const all = Object.values(rows).flat();
  if (!all.some((row) => row.kind === "conversation" && row.conversation.filter(isLearnt).length > 1))
    return { rows, answers: 0 };
  const asked = new Map(all.map((row) => [row, askedIn(row)]));
  const different = new Map<string, Set<string>>();
  for (const { prompt, answer } of [...asked.values()].flat()) {
    if (!different.has(prompt)) different.set(prompt, new Set());
    const answers = different.get(prompt)!;
    if (answers.size <= MOST_ANSWERS_OF_A_TEXT) answers.add(answer);
  }
  const keyOf = ({ prompt, answer }: Asked) =>
    different.get(prompt)!.size <= MOST_ANSWERS_OF_A_TEXT ? prompt : `${prompt} ${answer}`;
  const keys = (some: readonly Row[]) => some.flatMap((row) => asked.get(row)!.map(keyOf));
  const last = (some: readonly Row[]) => some.flatMap((row) => asked.get(row)!.slice(-1).map(keyOf));
  const { train, valid, test, offDomain } = rows;
  let answers = 0;
  const without = (some: readonly Row[], others: ReadonlySet<string>) =>
    some.map((row) => {
      const shared = asked
        .get(row)!
        .slice(0, -1)
        .filter((one) => others.has(keyOf(one)));
      if (row.kind !== "conversation" || shared.length === 0) return row;
      answers += shared.length;
      const places = new Set(shared.map(({ place }) => place));
      const conversation = row.conversation.map((turn, place) =>
        places.has(place) ? { ...turn, weight: 0 as const } : turn,
      );
      return { ...row, conversation };
    });
  const kept = {
    train: without(train, new Set(keys([...valid, ...test, ...offDomain]))),
    valid: without(valid, new Set([...last(train), ...keys(test)])),
    test: without(test, new Set(last([...train, ...valid]))),
    offDomain: without(offDomain, new Set(last(train))),
  };
  return { rows: kept, answers };
}

/** An answer that is learnt or measured: its place in a conversation, and hashes of everything said before it and of the answer. */
interface Asked {
  readonly place: number;
  readonly prompt: string;
  readonly answer: string;
}

function askedIn(row: Row): Asked[] {
  if (row.kind !== "conversation") {
    const prompt = promptKey(row);
    return prompt === ""
      ? []
      : [{ place: 0, prompt: hashed("", prompt), answer: hashed("", answerKey(row)) }];
  }
  let said = "";
  return row.conversation.flatMap((turn, place) => {
    const text = folded(turn.content);
    const found = isLearnt(turn) && said !== "" ? [{ place, prompt: said, answer: hashed("", text) }] : [];
    if (turn.role !== "system") said = hashed(said, text);
    return found;
  });
}

const hashed = (before: string, text: string): string =>
  createHash("sha256").update(`${before}\n${text}`).digest("base64");

/** Identify a row with its answer: another answer to the same prompt is another row. */
function keysWithAnswer(row: Row, keys: TextKeys): Record<"exact" | "near", string> {
  const prompt = promptKey(row);
  if (prompt === "") return { exact: keys.exact(row), near: keys.near(row) };
  const whole = wholeKey(prompt, row);
  return { exact: whole, near: whole };
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
