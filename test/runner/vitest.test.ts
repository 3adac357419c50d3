/** Arguments of `npm test` and `npm run test:e2e` that are not Vitest's. */
import { expect, test } from "vitest";
import { repetition } from "./vitest.ts";

test("--repeat and --load are removed, and the rest is passed to Vitest", () => {
  expect(repetition(["window", "--repeat", "50", "-t", "quits"])).toEqual({
    times: 50,
    loaded: false,
    rest: ["window", "-t", "quits"],
  });
  expect(repetition(["--load", "window"])).toEqual({ times: 1, loaded: true, rest: ["window"] });
});

test.each([["--repeat"], ["--repeat", "0"], ["--repeat", "window"], ["--repeat", "1.5"]])(
  "%s %s is refused",
  (...args) => {
    expect(() => repetition(args)).toThrow("--repeat takes a count");
  },
);
