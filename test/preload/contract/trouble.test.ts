import { expect, test } from "vitest";
import { frameOf, Trouble, troubleOf } from "../../../preload/contract/trouble.ts";

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

test.each([
  ["    at load (/opt/Coppice/resources/app.asar/out/main/index.cjs:12:3)", "load"],
  ["    at async C:\\Program Files (x86)\\Coppice\\resources\\app.asar\\out\\main\\index.cjs:12:3", ""],
  ["    at load (C:\\Users\\Ada\\Downloads\\coppice (1)\\out\\main\\index.cjs:12:3)", "load"],
  ["    at load (\\\\server\\programs (old)\\out\\main\\index.cjs:12:3)", "load"],
])("a frame has its script's path in the application, wherever that is: %s", (line, name) => {
  expect(frameOf(line)).toEqual({ name, file: "main/index.cjs", line: 12, column: 3 });
});
