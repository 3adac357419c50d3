/** The devices of this computer, and the results of their tests. */
import { failureOf } from "../../../native-models/failure.ts";
import { Device } from "../../../preload/contract/plans/device.ts";
import type { DeviceAbsence, DeviceState, DeviceTest } from "../../../preload/contract/plans/device.ts";
import { physicalCores } from "../../computer.ts";
import { cudaAbsence } from "../../engines/cuda-component.ts";
import { trainer } from "../../engines/jobs.ts";
import { withEngine } from "../../engines/process/host.ts";
import type { EngineOptions } from "../../engines/process/host.ts";
import type { JobOutput } from "../../engines/process/protocol.ts";
import { version } from "../../version.ts";
import type { SettingsService } from "../settings/settings.ts";

export interface DevicesOptions {
  readonly engine?: EngineOptions;
  /** The system's name of the graphics card, if known. */
  readonly card?: () => Promise<string | null>;
  readonly system?: System;
}

/** The facts that decide which devices are available. */
export interface System {
  readonly platform: NodeJS.Platform;
  /** Why the CUDA component cannot be used. */
  readonly cuda: DeviceAbsence | null;
}

export class Devices {
  readonly #settings: Pick<SettingsService, "get" | "set">;
  readonly #options: DevicesOptions;

  constructor(settings: Pick<SettingsService, "get" | "set">, options: DevicesOptions = {}) {
    this.#settings = settings;
    this.#options = options;
  }

  /** All devices, the processor first; test results of other versions are ignored. */
  list(): DeviceState[] {
    const { deviceTests } = this.#settings.get();
    const { system = { platform: process.platform, cuda: cudaAbsence() } } = this.#options;
    return Device.options.map((device) => {
      const test = deviceTests[device];
      return {
        device,
        absence: absences[device]?.(system) ?? null,
        test: test?.version === version ? test : null,
      };
    });
  }

  /**
   * Tests a device in a separate process, so that a driver that hangs or crashes affects nothing else, and stores the result.
   * Failures: cancelled, those of storing.
   */
  async test(device: Device, { signal }: { signal?: AbortSignal } = {}): Promise<DeviceTest> {
    const { problem, timesCpu } = await this.#compared(device, signal);
    const card = (await this.#options.card?.()) ?? null;
    const test: DeviceTest = { version, testedAt: new Date().toISOString(), problem, timesCpu, card };
    this.#settings.set({ deviceTests: { ...this.#settings.get().deviceTests, [device]: test } });
    return test;
  }

  async #compared(
    device: Device,
    signal: AbortSignal | undefined,
  ): Promise<JobOutput<(typeof trainer)["jobs"]["test-device"]>> {
    const { threads } = this.#settings.get();
    try {
      return await withEngine(trainer, { options: { ...this.#options.engine, device }, signal }, (engine) =>
        engine.run("test-device", { device, threads: threads ?? physicalCores() }),
      );
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code !== "engine-stopped") throw error;
      return { problem: { kind: "failure", failure }, timesCpu: null };
    }
  }
}

/** Why a device is unavailable here; null if only a test can tell. Devices that are not listed are available everywhere. */
const absences: Readonly<Record<string, (system: System) => DeviceAbsence | null>> = {
  directml: ({ platform }) => (platform === "win32" ? null : "other-system"),
  cuda: ({ cuda }) => cuda,
};
