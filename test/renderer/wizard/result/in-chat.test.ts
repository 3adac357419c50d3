import { afterEach, describe, expect, test } from "vitest";
import type { MixedOutcome, TrimOutcome } from "../../../../preload/contract/runs/run.ts";
import { language } from "../../../../renderer/messages/language.svelte.ts";
import { inChatSentences } from "../../../../renderer/wizard/result/in-chat.ts";
import { mixed, recovery } from "../../../main/services/runs/run-reports.ts";

const said = (change: Partial<MixedOutcome> = {}) =>
  inChatSentences({ mixed: { ...mixed, ...change } } as TrimOutcome["metrics"]);

describe("What is said of the run's model in chat", () => {
  afterEach(() => (language.now = "en"));

  test("names the projections with more bits, what they take and what they won", () => {
    expect(said()).toEqual([
      "In chat, 3 of 16 projections keep 8 bits, which takes 2.5 MB more. On the validation rows, the right words become 1.0% likelier.",
      "The projections with 8 bits lead into the attention of block 1 and out of the MLP of blocks 2 and 5.",
      "With them it answers 81.0% (71.0–90.0) of the test questions correctly in chat, without them 80.0% (70.0–90.0): 2 questions gained, 1 lost.",
    ]);
    expect(said({ choices: null })).toHaveLength(2);
  });

  test("says so in German", () => {
    language.now = "de";
    expect(said()[1]).toBe(
      "Die Projektionen mit 8 Bit führen in die Attention von Block 1 und aus dem MLP der Blöcke 2 und 5.",
    );
    expect(said()[0]).toMatch(/um 1,0\s% wahrscheinlicher\.$/);
  });

  test("says where none is kept, and why", () => {
    expect(said({ validation: { without: 0.4, with: 0.5 }, choices: null })).toEqual([
      "All projections have 4 bits in chat: on the validation rows, 8 bits for 3 of 16 do not help.",
    ]);
    expect(said({ raised: [], validation: { without: null, with: null } })).toHaveLength(1);
  });

  test("is also what a recovery prompt changed, and nothing without either", () => {
    expect(inChatSentences({ mixed, recovery } as TrimOutcome["metrics"])).toHaveLength(4);
    expect(inChatSentences({} as TrimOutcome["metrics"])).toEqual([]);
  });
});
