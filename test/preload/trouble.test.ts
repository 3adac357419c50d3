import { expect, test } from "vitest";
import { Trouble, troubleOf } from "../../preload/contract/trouble.ts";

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error("it threw nothing");
}

test("an error is reduced to its class, code and stack locations, whatever its message", () => {
  const error = Object.assign(new RangeError("Zebrafink\n    at Zebrafink (/out/zebrafink.ts:1:1)"), {
    code: "ERR_OUT_OF_RANGE",
  });
  const trouble = troubleOf(error);
  expect(Trouble.parse(trouble)).toEqual(trouble);
  expect(trouble).toMatchObject({ name: "RangeError", code: "ERR_OUT_OF_RANGE" });
  expect(trouble.frames[0]).toMatchObject({
    file: expect.stringMatching(/trouble\.test\.ts$/),
    line: expect.any(Number),
  });
  expect(JSON.stringify(trouble).toLowerCase()).not.toContain("zebrafink");
});

test("a document that a JSON error quotes is not in it", () => {
  const trouble = troubleOf(thrownBy(() => JSON.parse('{"a": Zebrafink}')));
  expect(trouble.name).toBe("SyntaxError");
  expect(trouble.frames.length).toBeGreaterThan(0);
  expect(JSON.stringify(trouble)).not.toContain("Zebra");
});

test.each([["Zebrafink"], [{ message: "Zebrafink" }], [null], [undefined]])(
  "%o, thrown, is nothing but that",
  (thrown) => {
    expect(troubleOf(thrown)).toEqual({ name: "Thrown", frames: [] });
  },
);

test("an unusual class or code is not kept", () => {
  const error = Object.assign(new Error("x"), { name: "The Zebrafink", code: "the Zebrafink" });
  expect(JSON.stringify(troubleOf(error))).not.toContain("Zebrafink");
});
