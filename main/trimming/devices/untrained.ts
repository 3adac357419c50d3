/** A model that is not trained here: without any weights in memory. */
import { fail } from "../../../native-models/failure.ts";
import type { Kept, Model } from "../../../native-models/model.ts";
import type { Trainee } from "../../../native-models/training/trainee.ts";

/** Opens a model whose blocks can be left out, but which cannot compute anything. */
export const openUntrained = (model: Model): Trainee => new Untrained(model);

const notHere = (): never => fail({ code: "internal", message: "this run was trained elsewhere" });

class Untrained implements Trainee {
  readonly model: Model;
  kept: readonly Kept[];
  readonly parts = {};
  readonly parameters = [];
  readonly held = [];
  readonly hold = notHere;
  readonly nll = notHere;
  readonly normedHidden = notHere;
  readonly record = notHere;
  readonly scan = notHere;
  readonly influence = notHere;
  readonly gateGradients = notHere;
  readonly clearGradients = notHere;
  readonly accumulate = notHere;

  constructor(model: Model) {
    this.model = model;
    this.kept = model.sections;
  }

  keep(kept: readonly Kept[]): void {
    this.kept = [...kept];
  }

  async prepare(): Promise<void> {}

  async close(): Promise<void> {}
}
