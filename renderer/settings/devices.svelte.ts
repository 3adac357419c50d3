/** The devices of this computer and their tests, one at a time, for the settings and the wizard. */
import type { Device, DeviceState } from "../../preload/contract/plans/device.ts";
import { main } from "../bridge.ts";

class Devices {
  /** Empty until they have been read. */
  all = $state.raw<DeviceState[]>([]);
  /** The device that is being tested. */
  testing = $state<Device | undefined>(undefined);
  #test: AbortController | undefined;

  /** Failures: those of main. */
  async read(): Promise<void> {
    this.all = await main.devices.list();
  }

  /** Tests a device, unless a test is running. Failures: those of main. */
  async test(device: Device): Promise<void> {
    if (this.testing) return;
    this.testing = device;
    const { signal } = (this.#test = new AbortController());
    try {
      await main.devices.test({ device }, () => {}, signal);
      await this.read();
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.testing = undefined;
    }
  }

  stop(): void {
    this.#test?.abort();
  }
}

export const devices = new Devices();
