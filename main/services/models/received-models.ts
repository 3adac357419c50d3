/** Models that somebody handed on, and that were opened: folders models/received/NAME with a passport. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isUnfinished } from "../../../native-models/formats/atomic.ts";
import { parsedJson } from "../../../native-models/formats/parsed-json.ts";
import { Passport } from "../../../preload/contract/results/passport.ts";
import type { Home } from "../../home/home.ts";
import { PASSPORT_FILE } from "../../home/parcel-seal.ts";
import { namesIn } from "./downloaded.ts";
import type { ModelReference } from "./model-reference.ts";

/** Their folder among the home's models. */
export const RECEIVED = "received";

/** Removes what a killed program left of models that it was writing. Only for the home's single writer. */
export function removeUnfinishedParcels({ models }: Pick<Home, "models">): void {
  const place = join(models, RECEIVED);
  for (const name of namesIn(place).filter(isUnfinished))
    rmSync(join(place, name), { recursive: true, force: true });
}

/** The received models, with the names in their passports. */
export function receivedModels({ models }: Pick<Home, "models">): ModelReference[] {
  const place = join(models, RECEIVED);
  return namesIn(place).flatMap((folder) => {
    const path = join(place, folder);
    const file = join(path, PASSPORT_FILE);
    const passport = existsSync(file) ? Passport.safeParse(parsedJson(readFileSync(file, "utf8"))) : null;
    return passport?.success ? [{ path, name: passport.data.model.name }] : [];
  });
}
