import type { Handlers } from "../../preload/contract/call.ts";
import { contract } from "../../preload/contract/contract.ts";
import type { Application } from "../application.ts";

export function devicesHandlers({
  devices,
  services: { settings },
  announce,
}: Application): Handlers<(typeof contract)["devices"]> {
  return {
    list: () => devices.list(),
    test: async ({ device }, _onPiece, signal) => {
      const test = await devices.test(device, { signal });
      announce(contract.settings.changed, settings.get());
      return test;
    },
  };
}
