import { expect, test, vi } from "vitest";
import { AppError } from "../../../native-models/failure.ts";
import { bridge } from "../bridge.ts";

async function devicesOf(test: () => Promise<never>) {
  vi.resetModules();
  bridge({
    devices: { list: () => [], test: (_input, _onPiece, cancelled) => Promise.race([test(), cancelled]) },
  });
  return (await import("../../../renderer/settings/devices.svelte.ts")).devices;
}

test("a test that the person stops is no failure, and another can begin", async () => {
  const devices = await devicesOf(() => new Promise(() => {}));
  const testing = devices.test("cpu");
  expect(devices.testing).toBe("cpu");
  await devices.test("cuda");
  expect(devices.testing).toBe("cpu");
  devices.stop();
  await testing;
  expect(devices.testing).toBeUndefined();
});

test("a test that fails says so", async () => {
  const failure = { code: "engine-stopped", kind: "chat", reason: "aborted" } as const;
  const devices = await devicesOf(() => Promise.reject(new AppError(failure)));
  await expect(devices.test("cpu")).rejects.toMatchObject({ failure });
  expect(devices.testing).toBeUndefined();
});
