/** The loss of a run by step, in arrays that grow in place, so that an event costs no more at the end of a long run. */

export interface StepLoss {
  readonly step: number;
  readonly loss: number;
}

export class LossCurve {
  readonly steps: number[] = [];
  readonly training: (number | null)[] = [];
  readonly validation: (number | null)[] = [];
  /** Increases with every change. */
  version = $state(0);

  get last(): number | null {
    for (let i = this.training.length - 1; i >= 0; i--)
      if (this.training[i] !== null) return this.training[i]!;
    return null;
  }

  get first(): number | null {
    return this.training.find((loss) => loss !== null) ?? null;
  }

  /** Replaces the data with the run's history so far; both ascending. */
  load(training: readonly StepLoss[], validation: readonly StepLoss[]): void {
    for (const column of [this.steps, this.training, this.validation]) column.length = 0;
    let next = 0;
    for (const point of training) {
      while (next < validation.length && validation[next]!.step < point.step)
        this.addValidation(validation[next++]!);
      this.addStep(point);
      if (validation[next]?.step === point.step) this.addValidation(validation[next++]!);
    }
    for (; next < validation.length; next++) this.addValidation(validation[next]!);
    this.version++;
  }

  addStep({ step, loss }: StepLoss): void {
    this.training[this.#placeOf(step)] = loss;
    this.version++;
  }

  addValidation({ step, loss }: StepLoss): void {
    this.validation[this.#placeOf(step)] = loss;
    this.version++;
  }

  /** The index of a step; for an earlier step, as after a resume from a save, later steps are discarded. */
  #placeOf(step: number): number {
    while (this.steps.length > 0 && this.steps[this.steps.length - 1]! > step) {
      this.steps.pop();
      this.training.pop();
      this.validation.pop();
    }
    if (this.steps[this.steps.length - 1] !== step) {
      this.steps.push(step);
      this.training.push(null);
      this.validation.push(null);
    }
    return this.steps.length - 1;
  }
}
