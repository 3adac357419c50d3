import { expect, test } from "vitest";
import * as elsewhere from "../../../preload/contract/words/figures.ts";
import { decimalsOf, percentText, signedText } from "../../../renderer/messages/figures.ts";

test.each([80, 400, 2000])("shares of %d questions are rounded as on the command line", (questions) => {
  for (let right = 0; right <= questions; right++) {
    const share = right / questions;
    expect(percentText(share)).toBe(elsewhere.percentText(share));
    expect(signedText(-share)).toBe(elsewhere.signedText(-share, "−"));
  }
});

test.each([
  [5, 0],
  [0.5, 1],
  [0.25, 2],
  [0.30000000000000004 - 0.2, 1],
])("steps of %d take %d decimals", (step, digits) => expect(decimalsOf(step)).toBe(digits));
