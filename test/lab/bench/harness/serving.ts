/** Servers that programs ask: Coppice's and llama.cpp's. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { start } from "../../../main/cli/command.ts";
import { nativeLlamaServer } from "../../reference/setup.ts";
import { ask, childBytes } from "./programs.ts";
import type { Served } from "./programs.ts";

const SLOT_TOKENS = 512;

/** Serves a model while `use` asks it; `bytes` are those of its engine now. */
export async function serving<Result>(
  model: string,
  threads: number,
  use: (served: Served, bytes: () => number | null) => Promise<Result>,
): Promise<Result> {
  const home = mkdtempSync(join(tmpdir(), "coppice-bench-"));
  const options = ["--port", "0", "--no-token", "--json", "--threads", String(threads)];
  const started = start(home, ["serve", "--model", model, ...options]);
  try {
    const { url, models } = await started.event(({ event }) => event === "serving");
    const served = { url: url as string, model: (models as string[])[0]! };
    await ask(served, "Hello.", 1); // loads it
    return await use(served, () => childBytes(started.process.pid!));
  } finally {
    started.killAll();
    rmSync(home, { recursive: true, force: true });
  }
}

/** llama.cpp's server, with a slot for each program that asks at the same time. */
export async function llamaServing(
  model: string,
  { threads, slots }: { readonly threads: number; readonly slots: number },
) {
  const free = createServer().listen(0, "127.0.0.1");
  await once(free, "listening");
  const { port } = free.address() as AddressInfo;
  free.close();
  const options = { "-m": model, "-np": slots, "-c": slots * SLOT_TOKENS, "-t": threads, "--port": port };
  const child = spawn(nativeLlamaServer(), Object.entries(options).flat().map(String), { stdio: "ignore" });
  const url = `http://127.0.0.1:${port}`;
  while (!(await fetch(`${url}/health`).catch(() => null))?.ok) {
    if (child.exitCode !== null) throw new Error(`llama-server ended (exit code ${child.exitCode}).`);
    await sleep(100);
  }
  return { served: { url, model: "" }, close: () => child.kill() };
}
