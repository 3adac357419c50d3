import { describe, expect, test, vi } from "vitest";
import { onStop } from "../../../main/cli/stoppable.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { coppice, start } from "./command.ts";
import type { Started } from "./command.ts";
import { tinyTrim } from "./tiny-trim.ts";
import { onlyRun } from "./trimmed.ts";

const isStep = ({ event }: { event: string }) => event === "step";

describe.runIf(process.platform !== "win32")("A trim", () => {
  const group = ({ process: { pid } }: Started, signal: NodeJS.Signals) => process.kill(-pid!, signal);

  test("names its run first, and is saved though its whole group is signalled, as by timeout and systemd", async () => {
    const { home, trim } = await tinyTrim(temporaryFolder(), { epochs: 20 });
    const first = start(home, trim);
    await first.event(isStep);
    first.process.kill("SIGTERM");
    group(first, "SIGTERM");
    const { code, errors, events } = await first.ended;
    const { id } = onlyRun(home);
    expect([code, errors]).toEqual([143, expect.stringContaining("The progress is saved.")]);
    expect(events[0]).toMatchObject({ event: "run", runId: id });
    expect(events.at(-1)).toEqual({ event: "stopped", reason: errors.trim() });
    const next = start(home, ["resume", id, "--json"]);
    const { step } = (await next.event(isStep)) as unknown as { step: number };
    expect(step).toBeGreaterThan(1);
    next.killAll();
    await next.ended;
  });

  test("that no terminal shows goes on when one is closed, as with nohup, and when nobody reads its output", async () => {
    const { home, trim } = await tinyTrim(temporaryFolder());
    const shown = trim.filter((word) => word !== "--json");
    const first = start(home, shown);
    await first.said(/Fine-tuning/);
    first.process.stdout!.destroy();
    group(first, "SIGHUP");
    expect(await first.ended).toMatchObject({ code: 0, errors: "" });
    expect((await coppice(home, ["runs"])).output).toMatch(/ done in /);
  });
});

describe("A command that is signalled", () => {
  const told = (end?: () => void) => {
    const before = new Set(process.listeners("SIGINT"));
    const stop = vi.fn();
    const ended = onStop(stop, end);
    const [interrupt] = process.listeners("SIGINT").filter((listener) => !before.has(listener));
    return { stop, ended, interrupt: interrupt as () => void };
  };

  test("stops once, and ends at a second Ctrl-C only", () => {
    const end = vi.fn();
    const { stop, ended, interrupt } = told(end);
    const [terminated] = process.listeners("SIGTERM").slice(-1) as ((
      signal: string,
      number: number,
    ) => void)[];
    terminated!("SIGTERM", 15);
    terminated!("SIGTERM", 15);
    expect(stop).toHaveBeenCalledWith(143);
    expect([stop, end].map(({ mock }) => mock.calls.length)).toEqual([1, 0]);
    interrupt();
    expect(end).toHaveBeenCalledOnce();
    ended();
    expect(process.listeners("SIGINT")).not.toContain(interrupt);
  });

  test("leaves a second Ctrl-C to the system if it cannot end sooner by itself", () => {
    const { ended, interrupt } = told();
    interrupt();
    expect(process.listeners("SIGINT")).not.toContain(interrupt);
    ended();
  });
});
