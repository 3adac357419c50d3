/** A kind of engine whose jobs do what engines do at their best and worst, for the tests of host and protocol. */
import { z } from "zod";
import { defineEngine } from "../../../../main/engines/process/protocol.ts";

const nothing = z.object({});

export const diagnostics = defineEngine({
  name: "diagnostics",
  priority: "low",
  limits: {},
  jobs: {
    echo: { input: z.object({ text: z.string() }), event: z.never(), output: z.object({ text: z.string() }) },
    /** Numbers with their own type, not JSON's. */
    floats: {
      input: z.object({ values: z.instanceof(Float32Array) }),
      event: z.never(),
      output: z.object({ values: z.instanceof(Float32Array) }),
    },
    count: {
      input: z.object({ to: z.number().int() }),
      event: z.object({ n: z.number() }),
      output: z.object({ sum: z.number() }),
    },
    /** Steps of `stepMs` that block the thread, as session.run does, until `steps` are done or it is cancelled. */
    steps: {
      input: z.object({ steps: z.number(), stepMs: z.number() }),
      event: z.object({ step: z.number(), state: z.enum(["stepped", "checkpointed"]) }),
      output: z.object({ steps: z.number() }),
    },
    /** y = 2x + 1 in onnxruntime. */
    session: {
      input: z.object({
        graph: z.string(),
        x: z.array(z.number()),
        provider: z.enum(["cpu", "webgpu", "cuda"]),
      }),
      event: z.never(),
      output: z.object({ y: z.array(z.number()) }),
    },
    /** Waits until so many of these jobs run at the same time. */
    meet: {
      isShared: true,
      input: z.object({ count: z.number() }),
      event: z.never(),
      output: z.object({ count: z.number() }),
    },
    priority: { input: nothing, event: z.never(), output: z.object({ priority: z.number() }) },
    sendBig: {
      input: z.object({ as: z.enum(["event", "output"]) }),
      event: z.object({ text: z.string() }),
      output: z.object({ text: z.string() }),
    },
    fail: {
      input: z.object({ how: z.enum(["failure", "bug", "allocation"]) }),
      event: z.never(),
      output: nothing,
    },
    /** Ways to end that no handler can catch. */
    die: {
      input: z.object({ how: z.enum(["exit", "kill", "crash", "stray-error", "heap"]) }),
      event: z.never(),
      output: nothing,
    },
    /** Blocks the thread forever, with a time limit of its own. */
    overrun: { input: nothing, event: z.never(), output: nothing, limits: { timeMs: 200 } },
    /** Blocks the thread forever. */
    hang: { input: nothing, event: z.never(), output: nothing },
    /** Memory outside the JavaScript heap. */
    fillMemory: { input: z.object({ bytes: z.number() }), event: z.never(), output: nothing },
    /** Sends what its kind does not allow, around the checks of `serve`. */
    breakProtocol: {
      input: z.object({ how: z.enum(["event", "message", "size", "circle", "bigint", "output", "failure"]) }),
      event: z.object({ n: z.number() }),
      output: nothing,
    },
  },
});
