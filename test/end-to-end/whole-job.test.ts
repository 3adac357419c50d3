/** The main job on the built-in sample, from the first page of the wizard to a chat answer. */
import { expect, test } from "vitest";
import type { WindowBridge } from "../../preload/contract/contract.ts";
import { expectAccessible } from "./accessibility.ts";
import { openCoppice } from "./coppice.ts";
import { doWholeJob } from "./whole-job.ts";
import type { Stop } from "./whole-job.ts";

test(
  "the sample is specialised, trimmed, measured and asked a question",
  { timeout: 1_200_000 },
  async () => {
    const coppice = await openCoppice();
    const stops: Stop[] = [];
    await doWholeJob(coppice, async (stop) => {
      stops.push(stop);
      await coppice.screenshot(`whole-job/${stop}`);
      await expectAccessible(coppice.page);
    });
    expect(stops).toEqual(["model", "data", "target", "trim", "result", "chat"]);
    const runs = await coppice.page.evaluate(async () => {
      const { coppice } = window as unknown as { coppice: WindowBridge };
      const list = await coppice.runs.list();
      return list.ok ? list.value.map(({ state, fraction }) => ({ state, fraction })) : list.failure;
    });
    expect(runs).toEqual([{ state: "done", fraction: 1 }]);
  },
);
