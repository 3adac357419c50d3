/** Texts that share a model, simulated: what arrives, how long passes take, and what people and programs then see. */
import { nextPass, nextToBegin } from "../../../../native-models/inference/turns.ts";
import type { Room, Row, Waiting } from "../../../../native-models/inference/turns.ts";

export type Who = "chat" | "program" | "batch";

export interface Arrival {
  readonly who: Who;
  /** In ms. */
  readonly since: number;
  readonly prompt: number;
  /** Tokens that it writes, of which nobody knows before. */
  readonly answer: number;
  /** Tokens that it was allowed to write. */
  readonly asked: number;
}

/** The ms of a pass: for itself, for a token that is read, and for a token of the cache that its row attends to. */
export interface Cost {
  readonly pass: number;
  readonly token: number;
  readonly cached: number;
}

export interface Policy {
  readonly rows: number;
  /** Whether a text takes room for all that it may become; otherwise for its prompt, and others make room for it later. */
  readonly reserves: boolean;
  readonly chatFirst: boolean;
  /** How many of a kind wait before one begins, while others may still come. */
  readonly threshold: number;
}

/** With a threshold, none waits longer for others of its kind. */
const LONGEST_WAIT_MS = 5_000;

interface Text extends Waiting, Row {
  readonly arrival: Arrival;
  tokens: number;
  cached: number;
  unread: number;
  written: number;
  firstAt: number | null;
}

export interface Outcome {
  readonly texts: readonly { readonly who: Who; readonly firstMs: number; readonly tokens: number }[];
  readonly endMs: number;
  readonly evictions: number;
}

/** Runs a policy until all texts are written. */
export function simulate(
  arrivals: readonly Arrival[],
  { rows, reserves, chatFirst, threshold }: Policy,
  { cost, room }: { readonly cost: Cost; readonly room: number },
): Outcome {
  const places: Room = { rows, tokens: room };
  const coming = arrivals.map((arrival): Text => {
    const { prompt, asked, since } = arrival;
    const isUrgent = chatFirst && arrival.who === "chat";
    return {
      ...{ arrival, since, isUrgent, tokens: prompt + (reserves ? asked : 0) },
      ...{ unread: prompt, cached: 0, written: 0, firstAt: null },
    };
  });
  const done: Text[] = [];
  let [waiting, open]: [Text[], Text[]] = [[], []];
  let [now, evictions] = [0, 0];
  while (done.length < arrivals.length) {
    while (coming.length > 0 && coming[0]!.since <= now) waiting.push(coming.shift()!);
    const isEnough = ({ arrival, since }: Text) =>
      coming.length === 0 ||
      now - since > LONGEST_WAIT_MS ||
      waiting.filter((other) => other.arrival.who === arrival.who).length >= threshold;
    for (let isBeginning = true; isBeginning;) {
      const ready = threshold > 1 ? waiting.filter(isEnough) : waiting;
      const next = nextToBegin(ready, open, places, now);
      if (next) [waiting, open] = [waiting.filter((text) => text !== next), [...open, next]];
      isBeginning = next !== null && rows > 1;
    }
    if (open.length === 0) {
      now = coming[0]?.since ?? now;
      if (waiting.length > 0) now = Math.min(now, waiting[0]!.since + LONGEST_WAIT_MS + 1);
      continue;
    }
    if (!reserves)
      while (open.length > 1 && sum(open, ({ cached, unread }) => cached + unread) > room) {
        const others = open.filter(({ isUrgent }) => !isUrgent);
        const last = (others.length > 0 ? others : open).reduce((a, b) => (b.since > a.since ? b : a));
        Object.assign(last, { unread: last.cached + last.unread, cached: 0 });
        last.tokens = last.unread;
        [open, waiting] = [open.filter((text) => text !== last), [last, ...waiting]];
        evictions++;
      }
    const read = nextPass(open);
    now += cost.pass;
    for (const { row, count } of read) now += cost.token * count + cost.cached * row.cached;
    for (const { row, count } of read) {
      row.cached += count;
      row.unread -= count;
      if (!reserves) row.tokens = row.cached + row.unread;
      if (row.unread > 0) continue;
      row.firstAt ??= now;
      row.written++;
      row.unread = 1;
    }
    const been = read.map(({ row }) => row);
    const after = [...open.filter((text) => !been.includes(text)), ...been];
    open = after.filter(({ written, arrival }) => written < arrival.answer);
    done.push(...after.filter((text) => !open.includes(text)));
  }
  const texts = done.map(({ arrival: { who, since }, firstAt, written }) => {
    return { who, firstMs: firstAt! - since, tokens: written };
  });
  return { texts, endMs: now, evictions };
}

export const sum = <Item>(items: readonly Item[], value: (item: Item) => number): number =>
  items.reduce((total, item) => total + value(item), 0);
