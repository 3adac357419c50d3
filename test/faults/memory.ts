/** Promise 7: an engine that runs out of memory ends with a sentence, and the program continues. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { AppError, failureOf } from "../../native-models/failure.ts";
import { sentence } from "../../preload/contract/words/sentence.ts";
import { endless, engineNames, openEngines } from "./engines.ts";
import type { EngineName, Engines } from "./engines.ts";
import type { Fault } from "./fault.ts";

/** At most so much more than a started engine has. */
const mostBytes = 200e6;

export const memory: Fault = {
  name: "memory",
  promise: 7,
  title:
    "an engine under a limit of memory (prlimit --as) does its work or says in a sentence that there was too little",
  times: { long: 60, short: 3 },
  missing: () =>
    process.platform === "linux" && spawnSync("prlimit", ["--version"]).status === 0
      ? null
      : "there is no prlimit",
  prepare: () => ({
    attempt: async (random, index, own) => {
      const name = engineNames[index % engineNames.length]!;
      const moreBytes = Math.floor(random.uniform() ** 2 * mostBytes);
      let limited = false;
      const engines = await openEngines(own, (launched, { processId, onMessage }) => {
        if (launched !== name || limited) return;
        onMessage(() => {
          if (!limited) limit(processId!, moreBytes); // its first message: it has started
          limited = true;
        });
      });
      try {
        const failure = await work[name](engines).then(
          () => null,
          (error: unknown) => failureOf(error),
        );
        assert.ok(limited);
        const said = failure === null ? "done" : sentence(failure);
        if (failure !== null) assert.match(said, /memory/, JSON.stringify(failure));
        await work[name](engines); // without the limit, in a new process
        return `${name}, ${Math.round(moreBytes / 1e6)} MB more: ${said}`;
      } finally {
        await engines.close();
      }
    },
  }),
};

const work: Record<EngineName, (engines: Engines) => Promise<unknown>> = {
  reader: ({ reading, model }) => reading.inspect(model.path),
  chat: ({ talk, services }) => {
    const { id } = services.conversations.create({
      title: "T",
      model: "sample",
      sampling: { ...endless, maxTokens: 50 },
    });
    return talk.ask(id, "Is there a table?");
  },
  trainer: async ({ queue, services, until, prepare }) => {
    const id = await prepare();
    const ended = until(
      id,
      () => ["done", "failed"].includes(services.runs.get(id).state) && queue.running !== id,
    );
    queue.add(id);
    await ended;
    const { failure } = services.runs.get(id);
    if (failure) throw new AppError(failure);
  },
};

/** Lets a process have so much more address space than it has now. */
function limit(processId: number, moreBytes: number): void {
  const status = readFileSync(`/proc/${processId}/status`, "utf8");
  const now = Number(/^VmSize:\s+(\d+) kB$/m.exec(status)![1]) * 1024;
  const set = spawnSync("prlimit", ["--pid", String(processId), `--as=${now + moreBytes}`]);
  assert.equal(set.status, 0);
}
