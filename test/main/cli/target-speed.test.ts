/** A trim to a speed in tokens per second. */
import { describe, expect, test } from "vitest";
import { reachedSpeedSentence, speedDepthSentence } from "../../../main/cli/target-speed.ts";
import { sample } from "../../../main/services/models/sample.ts";
import { planWithSeed } from "../services/plan.ts";
import { servicesForTest } from "../services/services.ts";
import { unmeasured } from "../../preload/contract/runs/unmeasured.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { coppice } from "./in-process.ts";
import { takenCommands } from "./taken-commands.ts";
import { tinyTrim } from "./tiny-trim.ts";

describe("A trim to some tokens per second", () => {
  test("measures first, says what it keeps for it, and in the end what the result reaches", async () => {
    const { home, trim } = await tinyTrim(temporaryFolder());
    const words = trim.filter((word) => word !== "--json");
    const { code, output } = await coppice(home, [...words, "--target", "0.1tps"]);
    expect(code).toBe(0);
    expect(output).toMatch(
      /^Uncut, it answers at [\d.]+ tokens\/s on this computer; all 3 blocks reach 0\.1 tokens\/s, so none is cut\.$/m,
    );
    // A model this small answers within the computer's noise: its measured speeds may contradict each other, which is said instead.
    const ends =
      /^It answers with [\d.]+ tokens\/s, measured; the target was 0\.1 tokens\/s\.$|Its speed is unknown, because the measured speeds contradict each other\./gm;
    expect(output.match(ends)).toHaveLength(1);
    const { events } = await coppice(home, ["runs", "--json"]);
    const [run] = (events[0] as unknown as { runs: { id: string }[] }).runs;
    const shown = await coppice(home, ["runs", run!.id, "--json"]);
    expect(shown.events.at(-1)).toMatchObject({
      run: { plan: { trim: { keep: { units: 3 } }, targetTokensPerSecond: 0.1 } },
    });
  });

  test("that the sample cannot reach with a single block is refused before it is trained", async () => {
    const home = temporaryFolder();
    const { code, errors } = await coppice(home, [
      ...["trim", "--model", "sample", "--data", sample.data, "--target", "1000000tps"],
    ]);
    expect(code).not.toBe(0);
    expect(errors).toMatch(
      /A speed of 1000000 tokens\/s cannot be reached on this computer\. With a single block left, chat reaches about \d+ tokens\/s\./,
    );
    expect((await coppice(home, ["runs", "--json"])).events).toMatchObject([{ runs: [] }]);
  });

  test("is measured here and handed to an open application with the depth that reaches it", async () => {
    const { home, trim } = await tinyTrim(temporaryFolder());
    servicesForTest(home);
    const came = await takenCommands(home);
    const { events } = await coppice(home, [...trim, "--target", "0.1tps"]);
    const units = { kind: "block", total: 3, kept: 3 };
    expect(events).toContainEqual(expect.objectContaining({ event: "target-speed", wanted: 0.1, units }));
    const patch = { trim: { keep: { units: 3 } }, targetTokensPerSecond: 0.1 };
    expect(came).toMatchObject([{ command: "trim", request: { patch } }]);
    expect(came).not.toMatchObject([{ request: { goal: {} } }]);
    const within = await coppice(home, [...trim, "--target", "0.1tps", "--by", "0.5h"]);
    const told = within.events.map(({ event }) => event);
    expect(told).toEqual(expect.arrayContaining(["target-speed", "time-budget"]));
    const limit = { minutes: expect.any(Number) };
    expect(came[1]).toMatchObject({ command: "trim", request: { patch, limit, probe: { blocks: 3 } } });
  });

  test("is refused while another run is active in an open application", async () => {
    const { home, trim } = await tinyTrim(temporaryFolder());
    const services = servicesForTest(home);
    const came = await takenCommands(home);
    services.runs.start(services.runs.create(planWithSeed(1), { name: "active" }).id);
    const { code, errors } = await coppice(home, [...trim, "--target", "20tps"]);
    expect(code).not.toBe(0);
    expect(errors).toContain("nothing can be measured while another run is running");
    expect(came).toEqual([]);
  });

  test("says how deep that is", () => {
    const units = { kind: "block" as const, total: 30, kept: 14 };
    expect(speedDepthSentence({ wanted: 40, whole: 22.4, expected: 41.2, units })).toBe(
      "Uncut, it answers at 22 tokens/s on this computer; to reach 40 tokens/s it keeps 14 of 30 blocks, at about 41 tokens/s.",
    );
  });

  test("says where the result misses it, and nothing where its speed or a target is missing", () => {
    const outcome = (tokensPerSecond: number | null) => {
      const model = { ...unmeasured, tokensPerSecond };
      const depth = { ...model, name: "healed", units: 14, keptIndices: [], healed: true, versusTuned: null };
      const whole = { ...unmeasured, tokensPerSecond: 22 };
      return {
        units: { kind: "block" as const, total: 30, kept: 14, keptIndices: [] },
        metrics: { base: whole, tuned: whole, trimmed: depth, depths: [depth], methods: {} },
      };
    };
    const target = { targetTokensPerSecond: 40 };
    expect(reachedSpeedSentence(outcome(37.2), target)).toBe(
      "It answers with 37 tokens/s, measured, which is less than the target of 40 tokens/s.",
    );
    expect(reachedSpeedSentence(outcome(39.7), target)).toBe(
      "It answers with 40 tokens/s, measured; the target was 40 tokens/s.",
    );
    expect(reachedSpeedSentence(outcome(null), target)).toBe("");
    expect(reachedSpeedSentence(outcome(500), target)).toBe(""); // more than leaving blocks out can give
    expect(reachedSpeedSentence(outcome(37), {})).toBe("");
  });
});
