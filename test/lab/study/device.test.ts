import { expect, test } from "vitest";
import type { DeviceTest } from "../../../preload/contract/plans/device.ts";
import { fastest, fastestDevice } from "./device.ts";

const found = (timesCpu: number | null): DeviceTest => ({
  version: "1",
  testedAt: "2026-01-01T00:00:00.000Z",
  card: null,
  timesCpu,
  problem: timesCpu === null ? { kind: "no-card" } : null,
});

test("A study takes the fastest device that works, and the processor if that is faster", () => {
  const cpu = { device: "cpu", test: null } as const;
  expect(fastest([cpu])).toBe("cpu");
  expect(fastest([cpu, { device: "webgpu", test: found(3) }, { device: "cuda", test: found(9) }])).toBe(
    "cuda",
  );
  expect(fastest([cpu, { device: "webgpu", test: found(3) }, { device: "cuda", test: found(null) }])).toBe(
    "webgpu",
  );
  expect(fastest([cpu, { device: "webgpu", test: found(0.5) }])).toBe("cpu");
});

test("A study checks the devices of this computer, and says what it finds", async () => {
  const said: string[] = [];
  const device = await fastestDevice(1, (line) => said.push(line));
  expect(said.some((line) => line.startsWith("webgpu: "))).toBe(true);
  if (device !== "cpu") expect(said.join("\n")).toContain(`${device}: `);
});
