/**
 * Whose turn it is when several texts share a model (continuous batching): which text may begin, and what the next pass over the weights reads.
 * Nothing is ever evicted: a text begins only when there is room for all that it may become. Compared with first come, first served and with
 * eviction by `npm run bench -- scheduling`.
 */
import { PROMPT_PIECE_TOKENS } from "./pieces.ts";

export interface Place {
  /** How many tokens a text may become: its prompt's and its answer's. */
  readonly tokens: number;
  /** Whether a person waits for it: it goes first. */
  readonly isUrgent: boolean;
}

export interface Waiting extends Place {
  /** When it came, in ms. */
  readonly since: number;
}

export interface Room {
  /** How many texts are open at a time, at most. */
  readonly rows: number;
  /** How many tokens they may become together. */
  readonly tokens: number;
}

/** A text that has waited for this long goes before urgent ones if all open ones are urgent: none starves, and a long queue does not delay a person. */
const LONGEST_WAIT_MS = 30_000;
/** The share of the tokens that only urgent texts may take, as only they may take the last row. */
const KEPT = 1 / 8;

/**
 * Which of those that wait begins now; null: none can. The last row and some tokens are kept for urgent ones. None goes past another of
 * its kind, not even if only it would fit. A text that needs more than there is begins when it is alone.
 */
export function nextToBegin<Text extends Waiting>(
  waiting: readonly Text[],
  open: readonly Place[],
  { rows, tokens }: Room,
  now: number,
): Text | null {
  const late = waiting.find(({ since }) => now - since > LONGEST_WAIT_MS);
  const urgent = waiting.find(({ isUrgent }) => isUrgent);
  const first = (open.every(({ isUrgent }) => isUrgent) && late) || urgent;
  const next = first ?? waiting[0];
  if (!next || open.length === 0) return next ?? null;
  const isFull = open.length >= (first ? rows : Math.max(1, rows - 1));
  const taken = open.reduce((sum, place) => sum + place.tokens, 0);
  const isTooLarge = taken + next.tokens > (first ? tokens : tokens * (1 - KEPT));
  return isFull || isTooLarge ? null : next;
}

export interface Row {
  readonly isUrgent: boolean;
  /** How many tokens it would have read next. */
  readonly unread: number;
}

/** Beside an urgent text, others are read in turns, so that a pass has this many rows at most: about as fast as one with a single row. */
const BESIDE_URGENT = 4;
/** Prompts that are read beside other texts delay their next tokens: pieces are shorter then. */
const BESIDE_TOKENS = 32;

/**
 * The rows of the next pass and how many tokens each has read: one at least, and what is left of a piece for the first. `rows`: those that were
 * not read last come first.
 */
export function nextPass<Text extends Row>(rows: readonly Text[]): { row: Text; count: number }[] {
  const urgent = rows.filter(({ isUrgent }) => isUrgent);
  const others = rows.filter(({ isUrgent }) => !isUrgent);
  const beside = urgent.length === 0 ? others : others.slice(0, Math.max(1, BESIDE_URGENT - urgent.length));
  const read = [...urgent, ...beside];
  let left = (rows.length === 1 ? PROMPT_PIECE_TOKENS : BESIDE_TOKENS) - read.length;
  return read.map((row) => {
    const count = Math.min(row.unread, 1 + Math.max(0, left));
    left -= count - 1;
    return { row, count };
  });
}
