/** Promise 9: an engine that crashes is back within seconds, and nothing waits for it forever. */
import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { failureOf } from "../../native-models/failure.ts";
import type { Random } from "../../native-models/random.ts";
import { endless, engineNames, openEngines, within } from "./engines.ts";
import type { EngineName, Engines } from "./engines.ts";
import type { Fault } from "./fault.ts";

/** From the crash to the first answer of the new process. */
const backMs = 5000;

export const crashes: Fault = {
  name: "crashes",
  promise: 9,
  title: `an engine that crashes (SIGSEGV) in its work fails that alone, and answers again within ${backMs / 1000} s`,
  times: { long: 100, short: 3 },
  prepare: () => ({
    attempt: async (random, index, own) => {
      const engines = await openEngines(own);
      const name = engineNames[index % engineNames.length]!;
      try {
        return `${name}: ${await crashOf[name](engines, random)}`;
      } finally {
        await engines.close();
      }
    },
  }),
};

const crashOf: Record<EngineName, (engines: Engines, random: Random) => Promise<string>> = {
  async reader(engines, random) {
    const { reading, model } = engines;
    const inspecting = failureAfter(reading.inspect(model.path));
    await wait(random.uniform() * 800);
    const crashed = crash(engines, "reader");
    const failed = await inspecting;
    assert.ok(failed === null || failed.code === "engine-stopped", JSON.stringify(failed));
    // What is asked in the moment before the end is noticed still goes to the process that ended.
    if (failed === null) await failureAfter(reading.inspect(model.path));
    await within(backMs, "Reading again", reading.inspect(model.path));
    return `${failed === null ? "between two jobs" : "in a job"}, ${since(crashed)}`;
  },

  async chat(engines, random) {
    const { talk, services } = engines;
    const { conversations } = services;
    const { id } = conversations.create({ title: "T", model: "sample", sampling: endless });
    const pieces = 1 + random.integer(20);
    let [heard, crashed] = [0, 0];
    const asking = talk.ask(id, "Is there a table?", {
      onPiece: ({ type }) => {
        if (type === "text" && ++heard === pieces) crashed = crash(engines, "chat");
      },
    });
    const failed = await failureAfter(asking);
    assert.equal(failed?.code, "engine-stopped");
    const [question, broken] = conversations.messages(id);
    assert.deepEqual([question?.content, broken?.state], ["Is there a table?", "stopped"]);
    conversations.change(id, { sampling: { maxTokens: 1 } });
    await within(backMs, "Answering again", talk.regenerate(id, 0, question!.id));
    return `after ${pieces} pieces, ${since(crashed)}`;
  },

  async trainer(engines, random) {
    const { queue, services, until } = engines;
    const [id, next] = [await engines.prepare(), await engines.prepare()];
    const steps = 1 + random.integer(4);
    const working = until(id, (event) => event?.event === "step" && event.step >= steps);
    const begun = until(next, (event) => event !== null);
    queue.add(id);
    queue.add(next);
    await working;
    const crashed = crash(engines, "trainer");
    await within(backMs, "The next run", begun);
    const told = since(crashed);
    const { state, failure } = services.runs.get(id);
    assert.deepEqual([state, failure?.code], ["failed", "engine-stopped"]);
    const ended = (run: string) =>
      until(run, () => services.runs.get(run).state === "done" && queue.running !== run);
    const both = Promise.all([ended(id), ended(next)]);
    queue.add(id);
    await both;
    return `after ${steps} steps, ${told}, and both runs are done`;
  },
};

/** Crashes the newest engine of a name; gives when. */
function crash({ newest }: Engines, name: EngineName): number {
  process.kill(newest.get(name)!.processId!, "SIGSEGV");
  return performance.now();
}

const since = (crashed: number) => `back after ${((performance.now() - crashed) / 1000).toFixed(1)} s`;

function failureAfter(work: Promise<unknown>) {
  return work.then(
    () => null,
    (error: unknown) => failureOf(error),
  );
}
