/** The devices of this computer: which there are, and what testing them gave. */
import { AppError, failureOf } from "../../../native-models/failure.ts";
import { Device } from "../../../preload/contract/device.ts";
import type { DeviceAbsence, DeviceState, DeviceTest } from "../../../preload/contract/device.ts";
import { hasCuda } from "../../engine/cuda-component.ts";
import { startEngine } from "../../engine/host.ts";
import type { EngineOptions } from "../../engine/host.ts";
import { trainer } from "../../engine/kinds.ts";
import type { JobOutput } from "../../engine/protocol.ts";
import { version } from "../../version.ts";
import { physicalCores } from "../../computer.ts";
import type { SettingsService } from "../settings/settings.ts";

export interface DevicesOptions {
  readonly engine?: EngineOptions;
  /** The graphics card as the system names it, where it does. */
  readonly card?: () => Promise<string | null>;
  /** The home, to which a person adds what onnxruntime-node lacks. */
  readonly home?: string;
  readonly system?: System;
}

/** What decides which devices can be there. */
export interface System {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** Whether the CUDA component was added. */
  readonly hasCuda: boolean;
}

export class Devices {
  readonly #settings: Pick<SettingsService, "get" | "set">;
  readonly #options: DevicesOptions;

  constructor(settings: Pick<SettingsService, "get" | "set">, options: DevicesOptions = {}) {
    this.#settings = settings;
    this.#options = options;
  }

  /** The processor first; tests of another version are forgotten. */
  list(): DeviceState[] {
    const { deviceTests } = this.#settings.get();
    const { home, system = thisSystem(home) } = this.#options;
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
   * Tests a device in a process of its own, which a driver that hangs or crashes takes nothing else with, and keeps what came of
   * it. Failures: cancelled, those of keeping.
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
    const engine = startEngine(trainer, this.#options.engine);
    const end = () => void engine.stop();
    signal?.addEventListener("abort", end, { once: true });
    try {
      return await engine.run("test-device", { device, threads: threads ?? physicalCores() });
    } catch (error) {
      if (signal?.aborted) throw new AppError({ code: "cancelled" });
      const failure = failureOf(error);
      if (failure.code !== "engine-stopped") throw error;
      return { problem: { kind: "failure", failure }, timesCpu: null };
    } finally {
      signal?.removeEventListener("abort", end);
      await engine.stop();
    }
  }
}

/** Why a device cannot be there; null where only a test tells. Those that are not named can be anywhere. */
const absences: Readonly<Record<string, (system: System) => DeviceAbsence | null>> = {
  directml: ({ platform }) => (platform === "win32" ? null : "other-system"),
  cuda: ({ platform, arch, hasCuda }) => {
    if (platform !== "linux" || arch !== "x64") return "other-system"; // onnxruntime-node can load it nowhere else
    return hasCuda ? null : "not-added";
  },
};

const thisSystem = (home: string | undefined): System => ({
  platform: process.platform,
  arch: process.arch,
  hasCuda: home !== undefined && hasCuda(home),
});
