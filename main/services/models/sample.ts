/** The built-in sample: a small model and questions to specialise it on. */
import { join } from "node:path";
import { packagedFolder } from "../../home/packaged-folder.ts";

const folder = packagedFolder("native-models/sample", "sample");

/** The word that refers to the sample's model. */
export const sampleName = "sample";

export const sample = { model: join(folder, "model"), data: join(folder, "data") };
