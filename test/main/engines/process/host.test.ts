import { fileURLToPath } from "node:url";
import { describe, expect, test, vi } from "vitest";
import { engineEntry, startEngine } from "../../../../main/engines/process/host.ts";
import { launchChild } from "../../../../main/engines/process/launch.ts";
import { diagnostics } from "./diagnostics.ts";
import { engineChecks } from "./engine-checks.ts";
import { hostChecks } from "./host-checks.ts";

const entry = fileURLToPath(new URL("diagnostics-engine.ts", import.meta.url));

describe("an engine in a Node child process", () => {
  const checks = hostChecks({ launch: launchChild, entry, tellsSignals: true });
  for (const [title, check] of Object.entries(checks)) test(title, check);
});

describe("the product's engines in Node child processes", () => {
  for (const [title, check] of Object.entries(engineChecks(launchChild, engineEntry))) test(title, check);
});

test.each([
  ["with COPPICE_DEBUG what an engine writes is on standard error, a bug's stack in it", "1", true],
  ["without it nothing of it is", "", false],
])("%s", async (_, debug, isShown) => {
  vi.stubEnv("COPPICE_DEBUG", debug);
  const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const engine = startEngine(diagnostics, { entry });
  try {
    await expect(engine.run("fail", { how: "bug" })).rejects.toMatchObject({ failure: { code: "internal" } });
    await engine.stop();
    const written = write.mock.calls.map(([text]) => String(text)).join("");
    expect(written.includes("diagnostics-engine.ts:")).toBe(isShown);
  } finally {
    write.mockRestore();
    vi.unstubAllEnvs();
  }
});
