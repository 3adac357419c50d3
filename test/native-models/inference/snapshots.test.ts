import { expect, test } from "vitest";
import { ANSWER_SNAPSHOTS, MOST_SNAPSHOTS, Snapshots } from "../../../native-models/inference/snapshots.ts";
import { float32 } from "../../../native-models/runtime/session.ts";

/** Tensors that say which length they are of. */
const at = (length: number) => ({ "before.0.x": float32(Float32Array.of(length), 1) });
const lengthsOf = (snapshots: Snapshots, text: number): number[] => {
  const lengths: number[] = [];
  for (let length = text; length >= 0; length = lengths.at(-1)! - 1) {
    const kept = snapshots.before(length);
    expect(kept.tensors["before.0.x"]!.data[0]).toBe(kept.length);
    lengths.push(kept.length);
  }
  return lengths.reverse();
};

test("the tensors of a prompt's pieces are kept, and later ones forgotten when the text is shortened", () => {
  const snapshots = new Snapshots(at(0));
  for (const length of [128, 256, 300]) snapshots.offer(length, at(length), false);
  expect(snapshots.before(299).length).toBe(256);
  expect(snapshots.before(1000).length).toBe(256);
  expect(lengthsOf(snapshots, 1000)).toEqual([0, 128, 256]);
});

test("of an answer only the last ones are kept, apart from each other, and the prompt's remain", () => {
  const snapshots = new Snapshots(at(0));
  snapshots.offer(100, at(100), false);
  for (let length = 101; length <= 600; length++) snapshots.offer(length, at(length), true);
  const lengths = lengthsOf(snapshots, 600);
  expect(lengths).toEqual([0, 100, 484, 548]);
  expect(lengths.length).toBe(2 + ANSWER_SNAPSHOTS);
});

test("of a long text they are spread, with the start and the last piece", () => {
  const snapshots = new Snapshots(at(0));
  for (let length = 100; length <= 5000; length += 100) snapshots.offer(length, at(length), false);
  const lengths = lengthsOf(snapshots, 5000);
  expect(lengths.length).toBe(MOST_SNAPSHOTS + ANSWER_SNAPSHOTS);
  expect([lengths[0], lengths.at(-1)]).toEqual([0, 5000]);
  const gaps = lengths.slice(1).map((length, index) => length - lengths[index]!);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(2400);
});
