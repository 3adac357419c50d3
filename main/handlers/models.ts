import type { Handlers } from "../../preload/contract/call.ts";
import type { contract } from "../../preload/contract/contract.ts";
import type { Application } from "../application.ts";
import { fitOf } from "../services/plans/admission.ts";
import { trainingSpeed } from "../services/plans/durations.ts";
import { foundModels } from "../services/models/found-models.ts";
import { lookIntoParcel, openParcel } from "../services/parcels/received.ts";
import { takePlace } from "../services/runs/moved-models.ts";
import { removeDownloaded } from "../services/runs/removing-models.ts";
import { findModel } from "../services/models/model-reference.ts";

/** What a call that takes long passes on. */
const fractionsTo = (onPiece: (piece: { fraction: number }) => void) => (fraction: number) =>
  onPiece({ fraction });

export function modelsHandlers({
  services,
  paths,
  reading,
  loadedModels,
  engine,
  free,
}: Application): Handlers<(typeof contract)["models"]> {
  let speed: Promise<number> | undefined;
  return {
    find: () => {
      const found = foundModels(services);
      paths.permit(found.map(({ path }) => path));
      return found;
    },
    speed: () => {
      speed ??= trainingSpeed(engine, services.settings.get().threads);
      speed.catch(() => (speed = undefined));
      return speed;
    },
    lookIntoParcel: ({ path }, onPiece, signal) => {
      paths.checkReading(path);
      return lookIntoParcel(services, reading, path, { onFraction: fractionsTo(onPiece), signal });
    },
    openParcel: (opening, onPiece, signal) => {
      paths.checkReading(opening.path);
      return openParcel(services, reading, opening, { onFraction: fractionsTo(onPiece), signal });
    },
    remove: async ({ path }) => {
      paths.checkModel(path);
      const unloaded = (remove: () => Promise<void>) => loadedModels.unload([path], remove);
      return { freedBytes: await removeDownloaded(services, path, unloaded) };
    },
    inspect: async ({ path }) => {
      paths.checkModel(path);
      const model = findModel(path, () => services.runs);
      const report = await reading.inspect(model.path);
      await takePlace(services, reading, report);
      return { name: model.name, report, fit: fitOf(report, free) };
    },
  };
}
