/** The compute devices of this computer. */
import { z } from "zod";
import { call, stream } from "../call.ts";
import { Device, DeviceState, DeviceTest } from "../plans/device.ts";

export const devices = {
  /** The processor first. */
  list: call(z.void(), z.array(DeviceState)),
  /** Compares a training step on a device with the processor's, in a separate process; cancelling ends that process. */
  test: stream(z.object({ device: Device }), z.never(), DeviceTest),
};
