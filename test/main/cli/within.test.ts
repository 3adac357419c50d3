/** A trim within a person's time. */
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { fittedSentence } from "../../../main/cli/within.ts";
import { readHolder } from "../../../main/home/folder-lock.ts";
import { takeCommands } from "../../../main/home/writer-socket.ts";
import { planTrim } from "../../../main/trimming/plan/planning.ts";
import { AppError } from "../../../native-models/failure.ts";
import { nextTime } from "../../../preload/contract/plans/time-of-day.ts";
import { planWithSeed } from "../services/plan.ts";
import { servicesForTest } from "../services/services.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { coppice } from "./in-process.ts";
import { takenCommands } from "./taken-commands.ts";
import { tinyTrim } from "./tiny-trim.ts";

describe("A trim within some minutes", () => {
  test("says what it will do, and does it", async () => {
    const { home, trim } = await tinyTrim(temporaryFolder());
    const { code, events } = await coppice(home, [...trim, "--by", "30m"]);
    expect(code).toBe(0);
    expect(events.find(({ event }) => event === "time-budget")).toMatchObject({ share: 1, rounds: 2 });
    expect(events.at(-1)!.event).toBe("done");
  });

  test("is measured with an open application's settings, and handed over with them", async () => {
    const { home, trim } = await tinyTrim(temporaryFolder());
    servicesForTest(home).settings.set({ threads: 1 });
    const came = await takenCommands(home);
    const ownThreads = trim.indexOf("--threads");
    await coppice(home, [...trim.toSpliced(ownThreads, 2), "--by", "30m"]);
    expect(came).toMatchObject([
      {
        command: "trim",
        request: {
          patch: { threads: 1, device: "cpu" },
          limit: { minutes: expect.any(Number) },
          probe: { blocks: 3 },
        },
      },
    ]);
  });

  test("is handed over with the time of day and what was measured, to be planned where it runs", async () => {
    const { home, trim } = await tinyTrim(temporaryFolder());
    servicesForTest(home);
    const came = await takenCommands(home);
    await coppice(home, [...trim, "--by", "0:05"]);
    const doneBy = nextTime("00:05", new Date()).toISOString();
    const probe = { blocks: 3, tokens: {} };
    expect(came).toMatchObject([{ command: "trim", request: { limit: { doneBy }, probe } }]);
  });

  test("is refused while another run is active in an open application", async () => {
    const { home, trim } = await tinyTrim(temporaryFolder());
    const services = servicesForTest(home);
    const commands = takeCommands(home, () => Promise.reject(new AppError({ code: "cancelled" })));
    onTestFinished(() => commands.close());
    await vi.waitUntil(() => readHolder(home, "writer")?.socket);
    services.runs.start(services.runs.create(planWithSeed(1), { name: "active" }).id);
    const { code, output, errors } = await coppice(home, [...trim, "--by", "5m"]);
    expect(code).not.toBe(0);
    expect(output + errors).toContain("another run is running");
  });

  test("says how many rows a round of it trains", () => {
    const model = { path: "m", layers: 30, maxPositions: 512, hiddenSize: 576 };
    const asked = planTrim({ model }, { recipe: "trimllm" });
    const found = { plan: asked, epochs: 0.5, share: 0.4, rounds: 11, rowsPerRound: 350, seconds: 1800 };
    expect(fittedSentence(found)).toBe(
      "This will take about 30 min: 0.5 epochs of fine-tuning, 11 rounds of 350 rows, 0 epochs of healing, 40% of the training that it would do without a limit.",
    );
  });
});
