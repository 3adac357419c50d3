import type { Handlers } from "../../preload/contract/call.ts";
import { contract } from "../../preload/contract/contract.ts";
import type { Application } from "../application.ts";
import { keptFolders } from "../services/home/kept-folders.ts";
import { proveOffline } from "../services/network/network-proof.ts";

export function settingsHandlers(application: Application): Handlers<(typeof contract)["settings"]> {
  const { desktop, updates, log } = application;
  const { settings, home } = application.services;
  return {
    get: () => settings.get(),
    set: (change) => {
      const changed = settings.set(change);
      log.write({ event: "settings-changed", names: Object.keys(change) as (keyof typeof changed)[] });
      application.announce(contract.settings.changed, changed);
      if (change.language) application.showMenuBar();
      application.advance();
      updates.follow();
      void application.server.follow();
      return changed;
    },
    folders: () => keptFolders(home),
    proveOffline: () => proveOffline(desktop.processes(), desktop.refusedRequests()),
  };
}
