import type { Handlers } from "../../preload/contract/call.ts";
import type { contract } from "../../preload/contract/contract.ts";
import type { Application } from "../application.ts";

export function updatesHandlers(application: Application): Handlers<(typeof contract)["updates"]> {
  const { updates } = application;
  return {
    state: () => updates.state,
    look: () => updates.look(),
    download: (_, onPiece, signal) =>
      updates.download((doneBytes, totalBytes) => onPiece({ doneBytes, totalBytes }), signal),
    install: () => updates.install(() => application.close()),
  };
}
