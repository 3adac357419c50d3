import { describe, test } from "vitest";
import { expectReferenceIds } from "./reference-checks.ts";
import { references, tokenizerOf } from "./reference.ts";

describe.each(references)("$name", (reference) => {
  test("gives the reference implementation's ids", () => {
    expectReferenceIds(reference, tokenizerOf(reference));
  });
});
