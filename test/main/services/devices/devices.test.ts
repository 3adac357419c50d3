import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { failureOf } from "../../../../native-models/failure.ts";
import { Devices } from "../../../../main/services/devices/devices.ts";
import type { System } from "../../../../main/services/devices/devices.ts";
import { version } from "../../../../main/version.ts";
import type { DeviceTest } from "../../../../preload/contract/plans/device.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { servicesForTest } from "../services.ts";

/** Ends the process that it is in, as a driver can. */
const crash =
  "process.on('message', () => process.abort()); process.send({ type: 'ready', kind: 'trainer' });";
/** Answers nothing, as a driver that hangs. */
const hang = "process.on('message', () => { for (;;); }); process.send({ type: 'ready', kind: 'trainer' });";

function entryOf(script: string): string {
  const path = join(temporaryFolder(), "trainer.mjs");
  writeFileSync(path, script);
  return path;
}

const found: DeviceTest = {
  version,
  testedAt: "2026-01-02T03:04:05.000Z",
  problem: null,
  timesCpu: 3,
  card: "A card",
};

describe("the devices of a computer", () => {
  test("are listed with the reason why any is unavailable", () => {
    const absences = (platform: System["platform"], cuda: System["cuda"] = null) => {
      const system = { platform, cuda };
      const devices = new Devices(servicesForTest().settings, { system });
      return Object.fromEntries(devices.list().map(({ device, absence }) => [device, absence]));
    };
    const everywhere = { cpu: null, webgpu: null };
    expect(absences("linux", "not-added")).toEqual({
      ...everywhere,
      cuda: "not-added",
      directml: "other-system",
    });
    expect(absences("linux")).toEqual({ ...everywhere, cuda: null, directml: "other-system" });
    expect(absences("win32", "other-system")).toEqual({
      ...everywhere,
      cuda: "other-system",
      directml: null,
    });
    expect(Object.keys(absences("linux"))[0]).toBe("cpu");
  });

  test("have test results of this version only", () => {
    const { settings } = servicesForTest();
    const tested = () => new Devices(settings).list().find(({ device }) => device === "webgpu")!.test;
    expect(tested()).toBeNull();
    settings.set({ deviceTests: { webgpu: found } });
    expect(tested()).toEqual(found);
    settings.set({ deviceTests: { webgpu: { ...found, version: "0.0.0" } } });
    expect(tested()).toBeNull();
  });
});

describe("testing a device", () => {
  test("runs in its own process, and stores the result", async () => {
    const { settings } = servicesForTest();
    const devices = new Devices(settings, { card: () => Promise.resolve("A card") });
    const tested = await devices.test("webgpu");
    expect(tested).toMatchObject({ version, card: "A card" });
    // On a computer without a graphics card its problem is named; with one it works.
    expect(tested.problem === null).toBe(tested.timesCpu !== null);
    expect(settings.get().deviceTests).toEqual({ webgpu: tested });
  });

  test("that crashes the process is reported as the device's problem", async () => {
    const { settings } = servicesForTest();
    const devices = new Devices(settings, { engine: { entry: entryOf(crash) } });
    expect(await devices.test("webgpu")).toMatchObject({
      problem: {
        kind: "failure",
        failure: { code: "engine-stopped", reason: { code: "crashed", signal: "SIGABRT" } },
      },
      timesCpu: null,
    });
  });

  test("that hangs ends at its time limit", async () => {
    const { settings } = servicesForTest();
    const devices = new Devices(settings, { engine: { entry: entryOf(hang), limits: { timeMs: 300 } } });
    expect((await devices.test("webgpu")).problem).toMatchObject({
      kind: "failure",
      failure: { code: "engine-stopped", reason: { code: "too-slow", seconds: 0.3 } },
    });
  });

  test("that hangs ends when it is cancelled, and stores nothing", async () => {
    const { settings } = servicesForTest();
    const devices = new Devices(settings, { engine: { entry: entryOf(hang) } });
    const stopping = new AbortController();
    const testing = devices.test("webgpu", { signal: stopping.signal });
    stopping.abort();
    expect(await testing.catch((error: unknown) => failureOf(error).code)).toBe("cancelled");
    expect(settings.get().deviceTests).toEqual({});
  });
});
