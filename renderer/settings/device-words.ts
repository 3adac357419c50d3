/** The state of a device, in a sentence. */
import type { DeviceState, DeviceTest } from "../../preload/contract/plans/device.ts";
import { dateText, numberText } from "../messages/figures.ts";
import { t } from "../messages/index.svelte.ts";

export function aboutDevice({ device, absence, test }: DeviceState): string {
  if (absence !== null) return t.devices.absent[absence];
  if (device === "cpu") return t.devices.always;
  if (test === null) return t.devices.untested;
  return `${resultOf(test)} ${t.devices.testedAt(dateText(test.testedAt), test.card)}`;
}

function resultOf({ problem, timesCpu }: DeviceTest): string {
  if (problem !== null) return t.devices.fails(problem);
  return timesCpu! >= 1
    ? t.devices.faster(numberText(timesCpu!, 1))
    : t.devices.slower(numberText(1 / timesCpu!, 1));
}
