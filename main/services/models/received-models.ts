/** Models that somebody handed on, and that were opened: folders models/received/NAME with a passport. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parsedJson } from "../../../native-models/formats/parsed-json.ts";
import { Passport } from "../../../preload/contract/results/passport.ts";
import type { Home } from "../../home/home.ts";
import { PASSPORT_FILE } from "../../home/parcel-seal.ts";
import { namesIn } from "./downloaded.ts";
import type { ModelReference } from "./model-reference.ts";

/** Their folder among the home's models. */
export const RECEIVED = "received";

export const receivedIn = ({ models }: Pick<Home, "models">): string => join(models, RECEIVED);

/** The received models, with the names in their passports. */
export function receivedModels(home: Pick<Home, "models">): ModelReference[] {
  const place = receivedIn(home);
  return namesIn(place).flatMap((folder) => {
    const path = join(place, folder);
    const file = join(path, PASSPORT_FILE);
    const passport = existsSync(file) ? Passport.safeParse(parsedJson(readFileSync(file, "utf8"))) : null;
    return passport?.success ? [{ path, name: passport.data.model.name }] : [];
  });
}
