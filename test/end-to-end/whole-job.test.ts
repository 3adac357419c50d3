/** The main job on the built-in sample, from the first page of the wizard to a chat answer; traced, where it can be. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { canTrace, tracedCalls } from "../offline/traced-calls.ts";
import { expectAccessible } from "./accessibility.ts";
import { newFolder, openCoppice } from "./coppice.ts";
import { inSight } from "./in-sight.ts";
import { isElectron } from "./electron-only.ts";
import { doWholeJob } from "./whole-job.ts";
import type { Stop } from "./whole-job.ts";

/** How many words each page may ask a person to read, */
const MOST_WORDS: Record<Stop, number> = {
  model: 250,
  data: 250,
  target: 200,
  trim: 250,
  result: 250,
  chat: 250,
};
/** besides the person's own files, questions and answers. */
const OWN_ROWS: Partial<Record<Stop, string>> = { data: "table", trim: "table", result: "table" };

test(
  "the sample is specialised, trimmed, measured and asked a question, and no socket leaves the computer",
  { timeout: 3_600_000 },
  async () => {
    const folder = newFolder();
    const trace = join(folder, "trace");
    const isTraced = canTrace();
    const coppice = await openCoppice({ folder, ...(isTraced ? { trace } : {}) });
    const stops: Stop[] = [];
    await doWholeJob(coppice, async (stop) => {
      stops.push(stop);
      const { words } = await inSight(coppice.page, OWN_ROWS[stop]);
      expect(words, `words on the page "${stop}"`).toBeLessThanOrEqual(MOST_WORDS[stop]);
      await coppice.screenshot(`whole-job/${stop}`);
      await expectAccessible(coppice.page);
    });
    expect(stops).toEqual(["model", "data", "target", "trim", "result", "chat"]);
    const runs = await coppice.page.evaluate(async () => {
      const list = await window.coppice.runs.list();
      return list.ok ? list.value.map(({ state, fraction }) => ({ state, fraction })) : list.failure;
    });
    expect(runs).toEqual([{ state: "done", fraction: 1 }]);

    const logs = readFileSync(join(coppice.home, "logs", "coppice.log"), "utf8");
    expect(logs).toContain('"job":"trim"');
    for (const words of ["table", "shop", "train.jsonl", folder]) expect(logs).not.toContain(words);

    if (!isTraced) return console.log("Not traced: there is no strace here, or it may not follow processes.");
    await coppice.close();
    const { threads, sockets, local, leaving } = tracedCalls(readFileSync(trace, "utf8"));
    console.log(
      `${sockets} sockets of ${threads} threads, ${local.length} calls with an address, all of this computer`,
    );
    expect(threads).toBeGreaterThan(isElectron ? 5 : 0); // Chromium is not traced beside main in Node
    expect(leaving).toEqual([]);
  },
);
