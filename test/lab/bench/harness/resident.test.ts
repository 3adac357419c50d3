import { existsSync, readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { startResident } from "./resident.ts";

const ECHO = `
  console.log("a library says hello");
  console.log(JSON.stringify({ ready: true, version: 3 }));
  require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
    if (JSON.parse(line).call === "crash") { console.error("out of cheese"); process.exit(7); }
    console.log(line);
  });`;

test("answers come back in order, and other output of libraries is ignored", async () => {
  const echo = await startResident(process.execPath, ["-e", ECHO]);
  expect(echo.ready.version).toBe(3);
  expect(await echo.ask({ call: "first" })).toEqual({ call: "first" });
  expect(await echo.ask({ call: "second" })).toEqual({ call: "second" });
  await echo.close();
});

test.skipIf(process.platform !== "linux")("its peak memory is known, and it sleeps and wakes", async () => {
  const echo = await startResident(process.execPath, ["-e", ECHO]);
  expect(echo.peakMemoryBytes()).toBeGreaterThan(1e6);
  echo.sleep();
  let answered = false;
  const answer = echo.ask({ call: "x" }).then(() => (answered = true));
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(answered).toBe(false);
  echo.wake();
  expect(await answer).toBe(true);
  await echo.close();
});

test("if a program ends during a request, the error has its last output", async () => {
  const echo = await startResident(process.execPath, ["-e", ECHO]);
  await expect(echo.ask({ call: "crash" })).rejects.toThrow(/exit code 7[\s\S]*out of cheese/);
  await expect(echo.ask({ call: "again" })).rejects.toThrow("exit code 7");
  await echo.close();
});

test("a missing program gives a readable error", async () => {
  await expect(startResident("/nowhere/python", [])).rejects.toThrow("did not start");
});

/** Starts a process that keeps its outputs open, and ends by itself after 20 s: later than a test may take. */
const LEAVES_ANOTHER = `require("node:child_process").spawn(process.execPath, ["-e", "setTimeout(() => {}, 20000)"], { stdio: "inherit" });`;
const READY = `console.log('{"ready":true}');`;

test("a program that ends is noticed although one that it started keeps its outputs open", async () => {
  const lines = `require("node:readline").createInterface({ input: process.stdin })`;
  const crashing = await startResident(process.execPath, [
    "-e",
    `${LEAVES_ANOTHER} ${READY} ${lines}.on("line", () => process.kill(process.pid, "SIGKILL"));`,
  ]);
  await expect(crashing.ask({ call: "x" })).rejects.toThrow("ended (SIGKILL)");
  const leaving = await startResident(process.execPath, [
    "-e",
    `${LEAVES_ANOTHER} ${READY} ${lines}.on("close", () => process.exit(0));`,
  ]);
  await leaving.close();
}, 10_000);

test.skipIf(process.platform !== "linux")(
  "a program that sleeps ends with the process that started it",
  async () => {
    const starts = `
    const { startResident } = await import(${JSON.stringify(new URL("./resident.ts", import.meta.url).href)});
    const side = await startResident(process.execPath, ["-e", ${JSON.stringify(`console.log(JSON.stringify({ ready: true, id: process.pid })); setInterval(() => {}, 1000);`)}]);
    side.sleep();
    console.log(JSON.stringify({ ready: true, id: side.ready.id }));
    process.stdin.on("data", () => process.exit(1));`;
    const harness = await startResident(process.execPath, ["--input-type=module", "-e", starts]);
    const status = `/proc/${harness.ready.id as number}/status`;
    const isThere = () => existsSync(status) && !/^State:\s+Z/m.test(readFileSync(status, "utf8"));
    expect(isThere()).toBe(true);
    await expect(harness.ask({})).rejects.toThrow("exit code 1");
    await vi.waitUntil(() => !isThere(), { timeout: 10_000 });
  },
);

test("a program that hangs is ended", async () => {
  const hanging = await startResident(process.execPath, ["-e", `${READY} for (;;);`], { patienceMs: 1000 });
  await expect(hanging.ask({ call: "x" })).rejects.toThrow("gave no answer for 1 s");
  await hanging.close();
});
