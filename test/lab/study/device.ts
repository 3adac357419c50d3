/** The device of a study: the fastest one that passes the product's check, or the processor. */
import { Devices } from "../../../main/services/devices/devices.ts";
import type { Device, DeviceState } from "../../../preload/contract/plans/device.ts";
import { Settings } from "../../../preload/contract/calls/settings.ts";
import { deviceProblemText } from "../../../preload/contract/words/sentence.ts";

/** Tests all devices that this system can have, and reports the results with `say`. CUDA's libraries must be where Node finds them (docs/decisions/0022). */
export async function fastestDevice(threads: number, say: (line: string) => void): Promise<Device> {
  let settings = Settings.parse({ threads });
  const kept = {
    get: () => settings,
    set: (change: Partial<Settings>) => (settings = { ...settings, ...change }),
  };
  const { platform } = process;
  const devices = new Devices(kept, { system: { platform, cuda: null } });
  for (const { device, absence } of devices.list()) {
    if (device === "cpu" || absence !== null) continue;
    const { problem, timesCpu } = await devices.test(device);
    say(
      problem
        ? `${device}: unusable (${deviceProblemText(problem)})`
        : `${device}: ${timesCpu!.toFixed(1)} times as fast as the processor`,
    );
  }
  return fastest(devices.list());
}

/** The processor if no other device works and is faster. */
export function fastest(states: readonly Pick<DeviceState, "device" | "test">[]): Device {
  const speedOf = ({ test }: (typeof states)[number]) => test?.timesCpu ?? 0; // null with a problem
  const [first] = [...states].sort((a, b) => speedOf(b) - speedOf(a));
  return first && speedOf(first) > 1 ? first.device : "cpu";
}
