import { describe, expect, test } from "vitest";
import { ratioInTurn } from "../../../../main/trimming/chat/chat-speed.ts";

/**
 * Two models whose pieces take a second each, at speeds that other programs divide by `load`, which depends on the time. The original
 * does 100 tokens a second, the other twice as many, by default.
 */
function timed(load: (seconds: number) => number, times: (piece: number) => number = () => 2) {
  let seconds = 0;
  const order: string[] = [];
  const piece = (name: string, speed: () => number) => async () => {
    order.push(name);
    return speed() / load(seconds++);
  };
  const ratio = (enough: number, isDisturbed?: () => boolean) =>
    ratioInTurn(
      piece("trimmed", () => 100 * times(order.length >> 1)),
      piece("whole", () => 100),
      { enoughMs: 1000 * enough, now: () => 1000 * seconds, ...(isDisturbed && { isDisturbed }) },
    );
  return { ratio, order };
}

describe("Two speeds in turn", () => {
  test("are measured piece by piece, each of the one between two of the other", async () => {
    const { ratio, order } = timed(() => 1);
    expect(await ratio(100)).toEqual({ value: 2, low: 2, high: 2, n: 6 });
    expect(order).toEqual([...Array.from({ length: 6 }, () => ["whole", "trimmed"]).flat(), "whole"]);
  });

  test("have the same ratio whether the computer is busy, gets busier, or is busy for a moment", async () => {
    for (const load of [() => 7, (at: number) => 1.1 ** at]) {
      const { value, low, high } = (await timed(load).ratio(100))!;
      for (const figure of [value, low, high]) expect(figure).toBeCloseTo(2, 9);
    }
    const once = await timed((at) => (at === 5 ? 6 : 1)).ratio(40);
    expect(once).toEqual({ value: 2, low: 2, high: 2, n: 9 });
  });

  test("are measured for longer where their ratios differ, up to a limit of time", async () => {
    const noisy = (limit: number) =>
      timed(
        () => 1,
        (piece) => 2 + (piece % 3),
      ).ratio(limit);
    expect(await noisy(0)).toEqual({ value: 3, low: 2, high: 4, n: 6 });
    expect((await noisy(40))!.n).toBe(20);
    const settling = timed(
      () => 1,
      (piece) => (piece < 2 ? 3 : 2),
    );
    expect(await settling.ratio(100)).toMatchObject({ value: 2, low: 2, high: 2 });
  });

  test("are given up once other programs disturb them", async () => {
    let disturbed = 0;
    const { ratio, order } = timed(() => 1);
    expect(await ratio(100, () => ++disturbed > 2)).toBeNull();
    expect(order).toHaveLength(7);
  });
});
