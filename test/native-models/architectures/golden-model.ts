/** A golden fixture as a `Model`. */
import type { Model } from "../../../native-models/model.ts";
import type { Golden } from "./golden-weights.ts";
import { hashedModel } from "./hashed-model.ts";

export const goldenModel = (golden: Golden): Model => hashedModel(golden.config, golden, golden.name);
