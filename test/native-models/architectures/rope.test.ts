/** Rotations of each kind of scaling, against those of transformers (test/lab/reference/golden-rope.py). */
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../native-models/architectures/architecture.ts";
import { isBeyond, ropeOf, ropeParameters, ropeTables } from "../../../native-models/architectures/rope.ts";
import { failureFrom } from "../../main/failure-from.ts";
import { readFixture } from "./golden-weights.ts";

interface GoldenRotations {
  readonly headDim: number;
  readonly maxPositions: number;
  readonly rotations: readonly {
    readonly parameters: JsonObject;
    readonly frequencies: readonly number[];
    readonly magnitude: number;
    /** For texts longer than the original context. */
    readonly beyond?: readonly number[];
  }[];
}

const { headDim, maxPositions, rotations } = readFixture("rope/scaling") as unknown as GoldenRotations;
const keys = { max_position_embeddings: maxPositions };
const read = (parameters: JsonObject) =>
  ropeOf(ropeParameters({ ...keys, rope_parameters: parameters }), { headDim, path: "config.json" });

const near = (values: readonly number[]): unknown[] =>
  values.map((value) => expect.closeTo(value, 6) as unknown);

test.each(rotations.map((golden) => [JSON.stringify(golden.parameters), golden] as const))(
  "%s",
  (_title, { parameters, frequencies, magnitude, beyond }) => {
    const rope = read(parameters);
    expect(rope.frequencies).toEqual(near(frequencies));
    expect(rope.magnitude).toBeCloseTo(magnitude, 6);
    expect(rope.beyond?.frequencies).toEqual(beyond && near(beyond));
  },
);

test("each key of a rotation moves it in one of the fixtures", () => {
  const shown = (key: string) => {
    const values = rotations.map(({ parameters }) => JSON.stringify(parameters[key]));
    return new Set(values).size > 1;
  };
  const named = new Set(rotations.flatMap(({ parameters }) => Object.keys(parameters)));
  expect([...named].filter((key) => !shown(key))).toEqual([]);
});

const long = rotations.find(({ beyond }) => beyond)!;

test("a text longer than the original context is rotated by the other frequencies, at all of its positions", () => {
  const rope = read(long.parameters);
  const context = rope.beyond!.tokens;
  expect(context).toBe(long.parameters.original_max_position_embeddings);
  expect([context, context + 1].map((length) => isBeyond(rope, length))).toEqual([false, true]);
  const sines = (length: number) => [...ropeTables(rope, 1, 3, length).sin];
  const expected = (frequencies: readonly number[]) =>
    near(frequencies.map((frequency) => rope.magnitude * Math.sin(3 * frequency)));
  expect(sines(context)).toEqual(expected(long.frequencies));
  expect(sines(context + 1)).toEqual(expected(long.beyond!));
});

test("a part of a head that is rotated may be a key beside the others", () => {
  const beside = ropeParameters({ ...keys, partial_rotary_factor: 0.5, rope_theta: 20 });
  expect(ropeOf(beside, { headDim, path: "" }).frequencies).toHaveLength(3);
});

describe("what cannot be is refused", () => {
  const lists = { short_factor: [1, 1, 1, 1, 1, 1], long_factor: [1, 1, 1, 1, 1, 1] };
  test.each([
    [{ rope_type: "longrope", ...lists, long_factor: [1] }, /6 pairs needs as many/],
    [{ rope_type: "longrope", ...lists, short_factor: [1, 1, 1, 1, 1, 0] }, /6 pairs needs as many/],
    [{ rope_type: "longrope", short_factor: lists.short_factor }, /6 pairs needs as many/],
    [{ rope_type: "factors", factors: [1, 2, "3", 4, 5, 6] }, /6 pairs needs as many/],
    [{ rope_type: "yarn", factor: 4, rope_theta: 1 }, /no finite angles/],
    [{ rope_type: "yarn", factor: 4, original_max_position_embeddings: -1 }, /no finite angles/],
    [{ rope_type: "linear", factor: 0 }, /no finite angles/],
    [{ rope_type: "default", partial_rotary_factor: 1e9 }, /not a part of a head/],
    [{ rope_type: "default", partial_rotary_factor: -0.5 }, /not a part of a head/],
  ])("%j", (parameters, reason) => {
    const failure = failureFrom(() => read(parameters));
    expect(failure).toMatchObject({ code: "corrupt-file", path: "config.json" });
    expect(JSON.stringify(failure)).toMatch(reason);
  });

  test("another kind of scaling, by its name", () => {
    expect(failureFrom(() => read({ rope_type: "dynamic", factor: 2 }))).toMatchObject({
      code: "unsupported-architecture",
      modelType: 'rope scaling "dynamic"',
    });
  });
});
