/** The built-in sample: a small model and questions to specialise it on. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder is two levels below the bundles and three below this source; the packaged application has it in its resources. */
const places = [
  fileURLToPath(new URL("../../native-models/sample/", import.meta.url)),
  fileURLToPath(new URL("../../../native-models/sample/", import.meta.url)),
  join((process as { resourcesPath?: string }).resourcesPath ?? "", "sample"),
];
const folder = places.find((place) => existsSync(place)) ?? places[1]!;

/** The word that refers to the sample's model. */
export const sampleName = "sample";

export const sample = { model: join(folder, "model"), data: join(folder, "data") };
