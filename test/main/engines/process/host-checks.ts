/**
 * What every engine process must do, however it is launched: run by Vitest over Node child processes, and by the
 * in-Electron tests over utilityProcess. Plain functions that throw, since no test runner exists in the latter.
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { CUDA_LIBRARIES, cudaFolder } from "../../../../main/engines/cuda-component.ts";
import { withEngine, type Engine, type EngineOptions } from "../../../../main/engines/process/host.ts";
import type { EngineProcess, Exit, Launch } from "../../../../main/engines/process/launch.ts";
import { MESSAGE_LIMIT_BYTES, type Limits } from "../../../../main/engines/process/protocol.ts";
import { AppError, type Failure } from "../../../../native-models/failure.ts";
import { doublePlusOne } from "../tiny-graph.ts";
import { diagnostics } from "./diagnostics.ts";
import { sentence } from "../../../../preload/contract/words/sentence.ts";

export interface Ways {
  readonly launch: Launch;
  /** Script of the diagnostics engine, as this launch can run it. */
  readonly entry: string;
  /** Whether the launch learns by which signal a process ended. */
  readonly tellsSignals: boolean;
}

type Diagnostics = Engine<typeof diagnostics.jobs>;

/** The checks by their titles. */
export function hostChecks({ launch, entry, tellsSignals }: Ways): Record<string, () => Promise<void>> {
  const withDiagnostics = (
    check: (engine: Diagnostics) => Promise<void>,
    options: EngineOptions = {},
  ): Promise<void> => withEngine(diagnostics, { options: { launch, entry, ...options } }, check);
  const limited = (limits: Limits, check: (engine: Diagnostics) => Promise<void>) =>
    withDiagnostics(check, { limits });

  return {
    "a job's output comes back": () =>
      withDiagnostics(async (engine) => {
        assert.deepEqual(await engine.run("echo", { text: "grüße 木" }), { text: "grüße 木" });
        assert.ok(engine.processId! > 0 && engine.processId !== process.pid);
      }),

    "an engine that is started for one job ends with it, with its failure, and with an abort": async () => {
      const aborting = new AbortController();
      const { signal } = aborting;
      const ended = async (use: (engine: Diagnostics) => Promise<unknown>) => {
        let started: Diagnostics | undefined;
        const options = { launch, entry };
        const outcome = await withEngine(diagnostics, { options, signal }, (engine) =>
          use((started = engine)),
        ).catch((error: unknown) => (error as AppError).failure.code);
        assert.equal((await failureFrom(started!.run("echo", { text: "" }))).code, "engine-stopped");
        return outcome;
      };
      assert.deepEqual(await ended((engine) => engine.run("echo", { text: "done" })), { text: "done" });
      assert.equal(await ended((engine) => engine.run("die", { how: "exit" })), "engine-stopped");
      const hanging = (engine: Diagnostics) => {
        const job = engine.run("hang", {});
        aborting.abort();
        return job;
      };
      assert.equal(await ended(hanging), "cancelled");
    },

    "typed arrays cross as they are": () =>
      withDiagnostics(async (engine) => {
        const { values } = await engine.run("floats", { values: Float32Array.of(1.5, -2) });
        assert.deepEqual(values, Float32Array.of(3, -4));
      }),

    "jobs that share a process run at the same time, and others wait for them": () =>
      withDiagnostics(async (engine) => {
        await engine.run("meet", { count: 1 });
        const aborting = new AbortController();
        const alone = failureFrom(engine.run("meet", { count: 9 }, { signal: aborting.signal }));
        const echo = engine.run("echo", { text: "after" });
        let isEchoed = false;
        void echo.then(() => (isEchoed = true));
        await new Promise((resolve) => setTimeout(resolve, 100));
        assert.ok(!isEchoed);
        aborting.abort();
        assert.equal((await alone).code, "cancelled");
        assert.deepEqual(await echo, { text: "after" });
        const met = await Promise.all([1, 2, 3].map(() => engine.run("meet", { count: 5 })));
        assert.deepEqual(met, Array(3).fill({ count: 5 }));
        const lost = [1, 2].map(() => failureFrom(engine.run("meet", { count: 9 })));
        const waiting = engine.run("echo", { text: "in a new process" });
        await new Promise((resolve) => setTimeout(resolve, 100));
        process.kill(engine.processId!, "SIGKILL");
        for (const { code } of await Promise.all(lost)) assert.equal(code, "engine-stopped");
        assert.deepEqual(await waiting, { text: "in a new process" });
      }),

    "events come in order, before the output": () =>
      withDiagnostics(async (engine) => {
        const seen: number[] = [];
        const { sum } = await engine.run("count", { to: 100 }, { onEvent: ({ n }) => void seen.push(n) });
        assert.equal(sum, 5050);
        assert.deepEqual(
          seen,
          Array.from({ length: 100 }, (_, index) => index + 1),
        );
      }),

    "jobs that come while one is running wait their turn": () =>
      withDiagnostics(async (engine) => {
        const order: string[] = [];
        const slow = engine.run("steps", { steps: 5, stepMs: 20 }).then(() => order.push("steps"));
        const quick = engine.run("echo", { text: "" }).then(() => order.push("echo"));
        await Promise.all([slow, quick]);
        assert.deepEqual(order, ["steps", "echo"]);
      }),

    "input that its schema refuses never leaves": () =>
      withDiagnostics(async (engine) => {
        const failure = await failureFrom(engine.run("echo", { text: 5 as unknown as string }));
        assert.equal(failure.code, "internal");
        assert.match((failure as { message: string }).message, /input of echo is malformed at text/);
      }),

    "a job's own Failure arrives with its fields": () =>
      withDiagnostics(async (engine) => {
        const failure = await failureFrom(engine.run("fail", { how: "failure" }));
        assert.deepEqual(failure, { code: "bad-data", path: "/data.jsonl", line: 3, reason: "bad-json" });
      }),

    "a bug in a job arrives as internal, and the engine goes on": () =>
      withDiagnostics(async (engine) => {
        const failure = await failureFrom(engine.run("fail", { how: "bug" }));
        assert.deepEqual(failure, { code: "internal", message: "a bug of the handler" });
        assert.deepEqual(await engine.run("echo", { text: "on" }), { text: "on" });
      }),

    "a message of more than 1 MB is refused in both directions": () =>
      withDiagnostics(async (engine) => {
        const big = "x".repeat(MESSAGE_LIMIT_BYTES);
        const jobs = [
          engine.run("echo", { text: big }),
          engine.run("sendBig", { as: "event" }),
          engine.run("sendBig", { as: "output" }),
        ];
        for (const failure of await Promise.all(jobs.map(failureFrom))) {
          assert.equal(failure.code, "message-too-large");
          assert.equal((failure as { limitBytes: number }).limitBytes, MESSAGE_LIMIT_BYTES);
        }
        const almost = "x".repeat(MESSAGE_LIMIT_BYTES - 500);
        assert.equal((await engine.run("echo", { text: almost })).text.length, almost.length);
      }),

    "a job that is asked to save does so between its steps, and goes on": () =>
      withDiagnostics(async (engine) => {
        const saved: number[] = [];
        const onEvent = ({ step, state }: { step: number; state: string }) => {
          if (state === "checkpointed") saved.push(step);
          else if (step === 2) engine.control("checkpoint");
        };
        assert.deepEqual(await engine.run("steps", { steps: 50, stepMs: 20 }, { onEvent }), { steps: 50 });
        assert.equal(saved.length, 1);
        assert.ok(saved[0]! < 40, `saved at ${saved[0]}`);
      }),

    "cancel ends a busy job between its steps": () =>
      withDiagnostics(async (engine) => {
        let last = 0;
        const onEvent = ({ step }: { step: number }) => {
          last = step;
          if (step === 2) engine.control("cancel");
        };
        assert.deepEqual(await failureFrom(engine.run("steps", { steps: 500, stepMs: 10 }, { onEvent })), {
          code: "cancelled",
        });
        assert.ok(last < 50, `went on to step ${last}`);
        assert.deepEqual(await engine.run("echo", { text: "on" }), { text: "on" });
      }),

    "an abort signal cancels a running and a waiting job": () =>
      withDiagnostics(async (engine) => {
        const abort = new AbortController();
        const running = engine.run(
          "steps",
          { steps: 500, stepMs: 5 },
          { signal: abort.signal, onEvent: ({ step }) => step === 2 && abort.abort() },
        );
        const waiting = engine.run("echo", { text: "never" }, { signal: abort.signal });
        assert.deepEqual(await Promise.all([running, waiting].map(failureFrom)), [
          { code: "cancelled" },
          { code: "cancelled" },
        ]);
        const late = engine.run("echo", { text: "never" }, { signal: abort.signal });
        assert.deepEqual(await failureFrom(late), { code: "cancelled" });
      }),

    "what the listener throws cancels the job and comes back": () =>
      withDiagnostics(async (engine) => {
        const onEvent = () => {
          throw new AppError({ code: "disk-full", path: "/home" });
        };
        const failure = await failureFrom(engine.run("steps", { steps: 500, stepMs: 5 }, { onEvent }));
        assert.deepEqual(failure, { code: "disk-full", path: "/home" });
      }),

    "a process that dies fails its job with the reason, and the next job gets a new one": () =>
      withDiagnostics(async (engine) => {
        // Electron reports a signal by its number as an exit code, or not at all, depending on what Chromium notices first.
        const reasons = {
          exit: /exit code 7/,
          kill: tellsSignals ? /SIGKILL/ : /in the middle|exit code 9/,
          crash: tellsSignals ? /SIGSEGV/ : /in the middle|exit code 11/,
          "stray-error": /exit code 1 \(TypeError: Cannot read prop/,
        } as const;
        for (const [how, reason] of Object.entries(reasons)) {
          const before = engine.processId;
          const dying = engine.run("die", { how: how as keyof typeof reasons });
          const after = engine.run("echo", { text: how });
          const failure = await failureFrom(dying);
          assert.equal(failure.code, "engine-stopped", how);
          assert.match(sentence(failure), reason);
          assert.deepEqual(await after, { text: how });
          assert.notEqual(engine.processId, before);
        }
      }),

    "the last output of a process is read, even if its exit is reported first": () =>
      withDiagnostics(async (engine) => {
        // In Electron one exit in sixteen is reported before the output has been read.
        for (let round = 0; round < 40; round++) {
          await engine.run("echo", { text: "warm" });
          const dying = reasonFrom(engine.run("die", { how: "stray-error" }));
          assert.match(await dying, /exit code 1 \(TypeError: Cannot read prop/);
        }
      }),

    "a job that arrives before an idle process's exit is reported gets a new process": async () => {
      let first: EngineProcess | undefined;
      const late: Launch = (...given) => {
        const started = launch(...given);
        if (first) return started;
        first = Object.create(started, {
          onExit: {
            value: (listener: (exit: Exit) => void) =>
              started.onExit((exit) => setTimeout(() => listener(exit), 300)),
          },
        }) as EngineProcess;
        return first;
      };
      await withDiagnostics(
        async (engine) => {
          await engine.run("echo", { text: "warm" });
          const before = engine.processId!;
          process.kill(before, "SIGKILL");
          // Its exit is reported 300 ms later.
          while (first!.isAlive) await new Promise((resolve) => setTimeout(resolve, 1));
          assert.deepEqual(await engine.run("echo", { text: "on" }), { text: "on" });
          assert.notEqual(engine.processId, before);
        },
        { launch: late },
      );
    },

    "a job that fills its heap is reported as out of memory": () =>
      limited({ memoryBytes: 300e6 }, async (engine) => {
        assert.match(await reasonFrom(engine.run("die", { how: "heap" })), /memory/);
        assert.deepEqual(await engine.run("echo", { text: "on" }), { text: "on" });
      }),

    "a process that says itself that it ran out of memory is not used again": () =>
      withDiagnostics(async (engine) => {
        await engine.run("echo", { text: "warm" });
        const before = engine.processId!;
        const failing = reasonFrom(engine.run("fail", { how: "allocation" }));
        const waiting = engine.run("echo", { text: "on" });
        assert.match(await failing, /memory/);
        assert.deepEqual(await waiting, { text: "on" });
        assert.notEqual(engine.processId, before);
      }),

    "a job over its memory is killed, and the next gets a new process": () =>
      limited({ memoryBytes: 400e6 }, async (engine) => {
        assert.match(
          await reasonFrom(engine.run("fillMemory", { bytes: 800e6 })),
          /fillMemory took more than 400 MB/,
        );
        assert.deepEqual(await engine.run("echo", { text: "on" }), { text: "on" });
      }),

    "a job over its time is killed, even while it blocks its thread": () =>
      limited({ timeMs: 2000 }, async (engine) => {
        await engine.run("echo", { text: "warm" });
        assert.match(await reasonFrom(engine.run("hang", {})), /hang took longer than 2 s/);
        assert.deepEqual(await engine.run("echo", { text: "on" }), { text: "on" });
      }),

    "a job may have a limit of its own": () =>
      withDiagnostics(async (engine) => {
        assert.match(await reasonFrom(engine.run("overrun", {})), /overrun took longer than 0.2 s/);
      }),

    "an engine that breaks the protocol is ended": () =>
      Promise.all(
        diagnostics.jobs.breakProtocol.input.shape.how.options.map((how) =>
          withDiagnostics(async (engine) => {
            assert.match(await reasonFrom(engine.run("breakProtocol", { how })), /it broke the protocol/);
          }),
        ),
      ).then(() => {}),

    "stop ends even a process that hangs, and its jobs reject": () =>
      withDiagnostics(async (engine) => {
        await engine.run("echo", { text: "warm" });
        const jobs = [engine.run("hang", {}), engine.run("echo", { text: "" })];
        const failures = Promise.all(jobs.map(failureFrom));
        await new Promise((resolve) => setTimeout(resolve, 200)); // until it hangs
        await engine.stop();
        for (const failure of await failures)
          assert.deepEqual(failure, {
            code: "engine-stopped",
            kind: "diagnostics",
            reason: "stopped",
          });
        assert.equal(engine.processId, undefined);
        assert.match(await reasonFrom(engine.run("echo", { text: "" })), /stopped/);
      }),

    "a script that does not start fails every job at once": () =>
      withDiagnostics(
        async (engine) => {
          const failures = await Promise.all(
            ["a", "b"].map((text) => failureFrom(engine.run("echo", { text }))),
          );
          for (const { code } of failures) assert.equal(code, "engine-stopped");
        },
        { entry: join(tmpdir(), "no-such-engine.cjs") },
      ),

    "an engine of low priority gives way": () =>
      withDiagnostics(async (engine) => {
        const { priority } = await engine.run("priority", {});
        assert.equal(priority, constants.priority.PRIORITY_BELOW_NORMAL);
      }),

    "onnxruntime runs a graph in the engine": () =>
      withDiagnostics(async (engine) => {
        const folder = mkdtempSync(join(tmpdir(), "coppice-graph-"));
        try {
          const graph = join(folder, "tiny.onnx");
          writeFileSync(graph, doublePlusOne());
          assert.deepEqual(await engine.run("session", { graph, x: [1, 2, -3], provider: "cpu" }), {
            y: [3, 5, -5],
          });
        } finally {
          rmSync(folder, { recursive: true });
        }
      }),

    "onnxruntime looks for CUDA in the component of the account": async () => {
      if (process.platform !== "linux" || process.arch !== "x64") return;
      const data = mkdtempSync(join(tmpdir(), "coppice-data-"));
      const { XDG_DATA_HOME } = process.env;
      process.env["XDG_DATA_HOME"] = data;
      const folder = cudaFolder();
      mkdirSync(folder, { recursive: true });
      for (const library of CUDA_LIBRARIES) writeFileSync(join(folder, library), "");
      const graph = join(data, "tiny.onnx");
      writeFileSync(graph, doublePlusOne());
      let log = "";
      await withDiagnostics(
        async (engine) => {
          await assert.rejects(engine.run("session", { graph, x: [1], provider: "cuda" }));
        },
        { device: "cuda", onLog: (text) => (log += text) },
      );
      rmSync(data, { recursive: true });
      delete process.env["XDG_DATA_HOME"];
      if (XDG_DATA_HOME !== undefined) process.env["XDG_DATA_HOME"] = XDG_DATA_HOME;
      assert.ok(log.includes(`${join(folder, CUDA_LIBRARIES[0]!)}: file too short`), log);
    },
  };
}

async function failureFrom(job: Promise<unknown>): Promise<Failure> {
  const outcome = await job.then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(outcome instanceof AppError, `expected a Failure, got ${String(outcome)}`);
  return outcome.failure;
}

async function reasonFrom(job: Promise<unknown>): Promise<string> {
  const failure = await failureFrom(job);
  assert.equal(failure.code, "engine-stopped");
  return sentence(failure);
}
