/** Promise 8: a computer that sleeps changes nothing. Every process of the program is stopped (SIGSTOP), then goes on. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { coppice, start } from "../main/cli/command.ts";
import { tinyTrim } from "../main/cli/tiny-trim.ts";
import type { Fault } from "./fault.ts";
import { outcomeOf } from "./runs.ts";

const host = fileURLToPath(new URL("sleeping-host.ts", import.meta.url));
const asleepMs = { long: 60_000, short: 3000 };

export const sleep: Fault = {
  name: "sleep",
  promise: 8,
  title:
    "a run that sleeps ends in the bytes of one that did not, and a limit of time does not end an engine that slept",
  times: { long: 20, short: 1 },
  missing: () => (process.platform === "win32" ? "there is no SIGSTOP" : null),
  prepare: async (folder, form) => {
    const { trim } = await tinyTrim(folder);
    const home = join(folder, "undisturbed");
    const started = performance.now();
    const undisturbed = await outcomeOf(home, await coppice(home, trim));
    const wholeMs = performance.now() - started;
    return {
      attempt: async (random, index, own) => {
        if (form === "long" && index % 4 === 3) return limitedJob(asleepMs[form]);
        const program = start(join(own, "home"), trim);
        const afterMs = random.uniform() * wholeMs;
        await wait(afterMs);
        await sleepOf(program.process.pid!, asleepMs[form]);
        assert.deepEqual(await outcomeOf(join(own, "home"), await program.ended), undisturbed);
        return `asleep for ${asleepMs[form] / 1000} s after ${(afterMs / 1000).toFixed(1)} s of a run: the same bytes`;
      },
    };
  },
};

async function limitedJob(milliseconds: number): Promise<string> {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", host], {
    stdio: ["ignore", "pipe", "inherit"],
    detached: true, // a process group of its own
  });
  const output = text(child.stdout);
  await once(child.stdout, "data");
  await sleepOf(child.pid!, milliseconds);
  assert.match(await output, /"steps":10/);
  return `asleep for ${milliseconds / 1000} s in a job with a limit of 10 s: it is done`;
}

async function sleepOf(group: number, milliseconds: number): Promise<void> {
  process.kill(-group, "SIGSTOP");
  await wait(milliseconds);
  process.kill(-group, "SIGCONT");
}
