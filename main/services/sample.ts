/** The sample that comes with Coppice: a small model and the questions that it can be specialised on. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../native-models/sample/", import.meta.url));

/** The word by which a person names the sample's model. */
export const sampleName = "sample";

export const sample = { model: join(folder, "model"), data: join(folder, "data") };
