import type { Handlers } from "../../preload/contract/call.ts";
import { contract } from "../../preload/contract/contract.ts";
import type { Application } from "../application.ts";

export function devicesHandlers(application: Application): Handlers<(typeof contract)["devices"]> {
  const { devices, services } = application;
  return {
    list: () => devices.list(),
    test: async ({ device }, _onPiece, signal) => {
      const test = await devices.test(device, { signal });
      application.announce(contract.settings.changed, services.settings.get());
      return test;
    },
  };
}
