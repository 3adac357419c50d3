/** The script of a diagnostics engine. */
import { getPriority } from "node:os";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { MESSAGE_LIMIT_BYTES } from "../../../../main/engines/process/protocol.ts";
import { serve } from "../../../../main/engines/process/serve.ts";
import { fail } from "../../../../native-models/failure.ts";
import { diagnostics } from "./diagnostics.ts";

const big = "x".repeat(MESSAGE_LIMIT_BYTES);

let met = 0;

serve(diagnostics, {
  echo: ({ text }) => ({ text }),
  floats: ({ values }) => ({ values: values.map((value) => value * 2) }),

  count: ({ to }, { report }) => {
    let sum = 0;
    for (let n = 1; n <= to; n++) {
      report({ n });
      sum += n;
    }
    return { sum };
  },

  steps: async ({ steps, stepMs }, { report, control }) => {
    for (let step = 1; step <= steps; step++) {
      block(stepMs);
      report({ step, state: "stepped" });
      await control.yieldToEventLoop();
      if (control.checkpointRequested) {
        report({ step, state: "checkpointed" });
        control.checkpointed();
      }
      control.throwIfCancelled();
    }
    return { steps };
  },

  session: async ({ graph, x, provider }) => {
    const session = await InferenceSession.create(graph, { executionProviders: [provider] });
    const { y } = await session.run({ x: new Tensor("float32", Float32Array.from(x), [1, x.length]) });
    await session.release();
    return { y: Array.from(y!.data as Float32Array) };
  },

  meet: async ({ count }, { control }) => {
    met++;
    while (met < count) {
      await control.yieldToEventLoop();
      control.throwIfCancelled();
    }
    return { count: met };
  },

  priority: () => ({ priority: getPriority() }),

  sendBig: ({ as }, { report }) => {
    if (as === "event") report({ text: big });
    return { text: big };
  },

  fail: ({ how }) => {
    if (how === "failure") fail({ code: "bad-data", path: "/data.jsonl", line: 3, reason: "bad-json" });
    if (how === "allocation") throw new RangeError("Array buffer allocation failed");
    throw new TypeError("a bug of the handler");
  },

  die: async ({ how }) => {
    if (how === "exit") process.exit(7);
    if (how === "kill") process.kill(process.pid, "SIGKILL");
    if (how === "crash") process.kill(process.pid, "SIGSEGV");
    if (how === "stray-error") setTimeout(() => undefined!["x" as never]);
    if (how === "heap")
      for (const kept: number[][] = []; ;) kept.push(new Array<number>(100_000).fill(kept.length));
    return new Promise(() => {});
  },

  overrun: () => block(Infinity),
  hang: () => block(Infinity),

  fillMemory: ({ bytes }) => {
    const held = Buffer.alloc(bytes, 1);
    return block(held.byteLength * Infinity);
  },

  breakProtocol: ({ how }) => {
    if (how === "event") sendRaw({ type: "event", id: 1, event: { n: "not a number" } });
    if (how === "message") sendRaw({ type: "exec", command: "anything" });
    if (how === "size") sendRaw({ type: "event", id: 1, event: { n: 1, padding: big } });
    if (how === "circle") sendRaw({ type: "event", id: 1, event: circle() });
    if (how === "bigint") sendRaw({ type: "event", id: 1, event: { n: 1, more: 10n } });
    if (how === "output") sendRaw({ type: "done", id: 1, result: { ok: true, value: "no object" } });
    if (how === "failure") sendRaw({ type: "done", id: 1, result: { ok: false, failure: { code: "mine" } } });
    return new Promise(() => {});
  },
});

function circle(): object {
  const value: Record<string, unknown> = { n: 1 };
  return (value["self"] = value);
}

function block(milliseconds: number): Record<string, never> {
  for (const end = Date.now() + milliseconds; Date.now() < end;);
  return {};
}

function sendRaw(message: object): void {
  const { parentPort } = process as unknown as { parentPort?: { postMessage(message: object): void } };
  if (parentPort) parentPort.postMessage(message);
  else process.send!(message);
}
