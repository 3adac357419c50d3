/** Promise 8: a computer that sleeps changes nothing. Every process of the program is stopped (SIGSTOP), then continued. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
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
    const ended = await coppice(home, trim);
    const wholeMs = performance.now() - started;
    const undisturbed = await outcomeOf(home, ended);
    return {
      attempt: async (random, index, own) => {
        if (form === "long" && index % 4 === 3) return limitedJob(asleepMs[form]);
        let afterMs = random.uniform() * wholeMs;
        let slept = false;
        for (let runs = 1; !slept; runs++) {
          // One run may be faster than another: if this one ended before its moment, the next sleeps earlier.
          if (runs > 1) afterMs /= 2;
          const ownHome = join(own, `home-${runs}`);
          const program = start(ownHome, trim);
          await Promise.race([program.ended, wait(afterMs)]);
          slept = await sleepOf(program.process, asleepMs[form]);
          assert.deepEqual(await outcomeOf(ownHome, await program.ended), undisturbed);
        }
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
  assert.ok(await sleepOf(child, milliseconds), "the job ended before it could sleep");
  assert.match(await output, /"steps":30/);
  return `asleep for ${milliseconds / 1000} s in a job with a limit of 10 s: it is done`;
}

/** Stops a program and every process that it started, for a time; false if it had ended. */
async function sleepOf(program: ChildProcess, milliseconds: number): Promise<boolean> {
  if (program.exitCode !== null || program.signalCode !== null) return false;
  process.kill(-program.pid!, "SIGSTOP");
  await wait(milliseconds);
  process.kill(-program.pid!, "SIGCONT");
  return true;
}
