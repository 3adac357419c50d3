import { expect, test } from "vitest";
import {
  chooseThreads,
  preferredThreads,
  threadsToTry,
} from "../../../native-models/inference/thread-choice.ts";

test("tries powers of two and the largest number", () => {
  expect(threadsToTry(1)).toEqual([1]);
  expect(threadsToTry(2)).toEqual([2, 1]);
  expect(threadsToTry(6)).toEqual([6, 4, 2, 1]);
  expect(threadsToTry(16)).toEqual([16, 8, 4, 2, 1]);
});

test("prefers fewer threads when the time is about the same", () => {
  const times = (all: Record<number, number>) =>
    new Map(Object.entries(all).map(([threads, ms]) => [Number(threads), ms]));
  expect(preferredThreads(times({ 1: 10, 2: 5, 4: 4.9, 8: 4.88 }))).toBe(2);
  expect(preferredThreads(times({ 1: 10, 2: 5.2, 4: 5, 8: 7 }))).toBe(4);
});

/** A decoder by whose clock a token takes so many ms with each number of threads. */
function simulated(msOf: (threads: number, token: number) => number) {
  let [clock, using, tokens] = [0, 0, 0];
  const read = new Map<number, number>();
  return {
    decoder: {
      useThreads: (threads: number) => void (using = threads),
      readToken: () => {
        clock += msOf(using, tokens++);
        read.set(using, (read.get(using) ?? 0) + 1);
        return Promise.resolve();
      },
    },
    now: () => clock,
    using: () => using,
    read,
  };
}

const choose = async (most: number, msOf: (threads: number, token: number) => number) => {
  const { decoder, now, using, read } = simulated(msOf);
  const choice = await chooseThreads(decoder, most, now);
  expect(using()).toBe(choice.threads);
  return { ...choice, ms: now(), read };
};

test("chooses what is fastest: many cores, few, or one where waiting costs more than work", async () => {
  expect(await choose(16, (threads) => 8 / threads + 0.02 * threads)).toMatchObject({ threads: 16 });
  expect(await choose(16, (threads) => 8 / threads + 0.5 * threads)).toMatchObject({ threads: 4 });
  expect(await choose(16, (threads) => 1 + threads)).toMatchObject({ threads: 1, isMeasured: true });
  expect(await choose(1, () => 5)).toMatchObject({ threads: 1, isMeasured: true });
});

test("is not misled by a token that another program delays", async () => {
  const delayed = (threads: number, token: number) => 8 / threads + (token % 3 === 1 ? 30 : 0);
  expect(await choose(4, delayed)).toMatchObject({ threads: 4 });
});

test("does not go on with numbers that are much slower", async () => {
  const { read } = await choose(16, (threads) => 0.1 + 8 / threads);
  expect([...read.keys()]).toEqual([16, 8]);
  expect(read.get(16)).toBeGreaterThan(read.get(8)!);
});

test("takes about 300 ms at most, or two tokens", async () => {
  const small = await choose(16, (threads) => 10 / Math.min(threads, 2));
  expect(small.ms).toBeLessThan(400);
  expect(small).toMatchObject({ threads: 2, isMeasured: true });
  const large = await choose(8, (threads) => 800 / threads);
  expect(large.ms).toBeLessThan(500);
  expect((await choose(8, (threads) => 8000 / threads)).ms).toBe(2000);
});

test("decides between the numbers that there was time for, to be remembered", async () => {
  expect(await choose(8, (threads) => 800 / threads)).toMatchObject({ threads: 8, isMeasured: true });
  const bound = await choose(64, () => 25); // by memory: threads change nothing
  expect([...bound.read.keys()]).toEqual([64, 32, 16]);
  expect(bound).toMatchObject({ threads: 16, isMeasured: true });
});

test("is not to be remembered if a delay took the time of a fast model", async () => {
  const delayed = (_threads: number, token: number) => (token === 0 ? 400 : 5);
  expect(await choose(4, delayed)).toMatchObject({ threads: 4, isMeasured: false });
  expect(await choose(1, delayed)).toMatchObject({ threads: 1, isMeasured: true });
});
