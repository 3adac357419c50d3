/** Finds the models of runs again after their files were moved or renamed. */
import { existsSync } from "node:fs";
import { fail } from "../../../native-models/failure.ts";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import { foundModels } from "../models/found-models.ts";
import type { Reading } from "../data/reading.ts";
import { requireDownloaded } from "./removing-models.ts";
import type { TrimServices } from "./trim-services.ts";

type Known = Pick<TrimServices, "home" | "models" | "runs">;
type Hashing = Pick<Reading, "hash">;

/** A model on this computer. */
interface ModelFile {
  readonly path: string;
  readonly sizeBytes: number;
}

/**
 * If a model that runs were started with is no longer in its place, and this one has the same content, it takes its place in these runs and in
 * conversations. Only models of the same size are read.
 */
export async function takePlace(
  { models }: Pick<Known, "models">,
  reading: Hashing,
  model: ModelFile,
): Promise<void> {
  const missing = models
    .list()
    .filter(
      ({ path, sizeBytes, sha256 }) => sha256 !== null && sizeBytes === model.sizeBytes && !existsSync(path),
    );
  if (missing.length === 0) return;
  const hash = await reading.hash(model.path);
  for (const { path, sha256 } of missing) if (sha256 === hash) models.move(path, model.path);
}

/**
 * Makes sure that a run's model is there, if need be at a new place among the models on this computer. Failures: unknown-run, model-removed,
 * model-missing; those of reading.
 */
export async function requireModel(services: Known, reading: Hashing, id: string): Promise<void> {
  const place = () => services.runs.get(id).plan.model.path;
  if (existsSync(place())) return;
  for (const model of foundModels(services)) {
    await takePlace(services, reading, model);
    if (existsSync(place())) return;
  }
  requireDownloaded(services.home, place());
  fail({ code: "model-missing", path: place() });
}

/** Takes a model that a person named in place of a run's missing one. Failures: those of reading; bad-choice if it is another model. */
export async function takeNamed(
  services: Known,
  reading: Pick<Reading, "hash" | "inspect">,
  id: string,
  path: string,
): Promise<void> {
  await takePlace(services, reading, await reading.inspect(path));
  if (existsSync(services.runs.get(id).plan.model.path)) return;
  refuseChoice({ code: "other-model", path });
}
