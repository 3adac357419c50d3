/** Corrects answers of a run's model: one in a conversation, or those in a file. */
import { existsSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { fail } from "../../../native-models/failure.ts";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import type { Correction, CorrectionText } from "../../../preload/contract/chat/correction.ts";
import type { Conversations } from "../chat/conversations.ts";
import { pathTo } from "../chat/message-tree.ts";
import { promptOf } from "../chat/talk.ts";
import type { Reading } from "../data/reading.ts";
import { lineageOf } from "../plans/improvement.ts";
import { correctionRow } from "./correction-sets.ts";
import type { CorrectionServices } from "./correction-sets.ts";

/** Stores the right answer in place of a given one. Failures: not-found; bad-choice if the answer is not from a run's model. */
export async function correctAnswer(
  { conversations, ...services }: CorrectionServices & { readonly conversations: Conversations },
  reading: Reading,
  { conversation, message, ...text }: CorrectionText & { conversation: number; message: number },
): Promise<Correction> {
  const { systemPrompt } = conversations.get(conversation);
  const messages = conversations.messages(conversation);
  const answer = messages.find(({ id, role }) => id === message && role === "assistant");
  if (!answer) return fail({ code: "not-found", path: String(message), what: "answer" });
  const { runs, corrections } = services;
  const [meant] = runs.meantBy([answer.model ?? ""]);
  if (!meant) return refuseChoice("answer-of-no-run");
  const run = runs.get(meant.id);
  const before = promptOf(systemPrompt, pathTo(messages, answer.parentId));
  const wrong = answer.content.trim();
  const corrected = { lineage: lineageOf(run), run: run.id, before, wrong };
  const row = correctionRow({ before, wrong, ...text });
  const data = run.plan.data.path;
  const [heldOut = null] = existsSync(data) ? await reading.heldOut([row], data) : [];
  const id = corrections.save({ ...corrected, place: { conversation, message } }, text, heldOut);
  return corrections.ofConversation(conversation).find((one) => one.id === id)!;
}

/**
 * Stores the right answer to a test question that a run's model answered; it replaces an earlier one to the same question. An improvement
 * learns it, and is no longer measured on that question.
 */
export async function judgeAnswer(
  { runs, corrections }: CorrectionServices,
  reading: Pick<Reading, "heldOut">,
  { run: id, question, wrong, ...text }: CorrectionText & { run: string; question: string; wrong: string },
): Promise<Correction> {
  const run = runs.get(id);
  const lineage = lineageOf(run);
  const before = [{ role: "user" as const, content: question }];
  const row = correctionRow({ before, wrong, ...text });
  const [found = null] = await reading.heldOut([row], run.plan.data.path);
  const heldOut = found === "test" ? null : found;
  for (const earlier of corrections.ofLineage(lineage))
    if (earlier.message === null && isDeepStrictEqual(earlier.before, before)) corrections.remove(earlier.id);
  const saved = corrections.save({ lineage, run: id, place: null, before, wrong }, text, heldOut);
  return corrections.ofLineage(lineage).find((one) => one.id === saved)!;
}

/** Adds a file's corrections to a run's; returns how many, and how many of them will not be trained on. Failures: those of reading. */
export async function addCorrections(
  { runs, corrections }: CorrectionServices,
  reading: Pick<Reading, "correctionsIn" | "heldOut">,
  { run: id, file }: { run: string; file: string },
): Promise<{ added: number; heldOut: number }> {
  const run = runs.get(id);
  const rows = await reading.correctionsIn(file);
  const heldOut = await reading.heldOut(rows, run.plan.data.path);
  const lineage = lineageOf(run);
  const known = new Set(corrections.ofLineage(lineage).map(({ before, right }) => keyOf(before, right)));
  const added = rows.flatMap(({ messages, wrong, passage }, index) => {
    const before = messages.slice(0, -1);
    const right = messages.at(-1)!.content;
    const key = keyOf(before, right);
    if (known.has(key)) return [];
    known.add(key); // a file may contain duplicates
    return [{ before, right, wrong, passage, heldOut: heldOut[index]! }];
  });
  for (const { before, right, wrong, passage, heldOut: split } of added)
    corrections.save({ lineage, run: id, place: null, before, wrong }, { right, passage }, split);
  return { added: added.length, heldOut: added.filter((one) => one.heldOut !== null).length };
}

const keyOf = (before: readonly unknown[], right: string): string => JSON.stringify([before, right]);
