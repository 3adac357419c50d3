/** The person's input to the wizard. Main stores it after each change, so that it survives a restart. */
import type { Failure } from "../../native-models/failure.ts";
import { applicable } from "../../preload/methods/index.ts";
import type { WizardDraft } from "../../preload/contract/calls/wizard.ts";
import type { Goal } from "../../preload/contract/plans/goal.ts";
import { patched } from "../../preload/contract/plans/plan.ts";
import type { PlanPatch } from "../../preload/contract/plans/plan.ts";
import { main } from "../bridge.ts";
import { failureOf } from "../messages/failures.ts";

export type Sources = WizardDraft["sources"];

class Draft {
  /** Absent until it has been loaded. */
  now = $state.raw<WizardDraft | undefined>(undefined);
  /** Why it could not be loaded or saved. */
  failure = $state.raw<Failure | undefined>(undefined);
  #loading: Promise<void> | undefined;
  #kept: WizardDraft | undefined;
  #keeping = false;
  #isForgetting = false;
  #isFollowing = false;

  /** Loads it once. */
  load(): Promise<void> {
    return (this.#loading ??= main.wizard.draft().then(
      (draft) => {
        this.now = this.#kept = draft;
        this.failure = undefined;
        this.#follow();
      },
      (error: unknown) => {
        this.failure = failureOf(error);
        this.#loading = undefined;
      },
    ));
  }

  /** Retries what failed: loading or saving the draft. */
  retry(): Promise<void> {
    return this.now ? this.#keep() : this.load();
  }

  /** Starts over; changes that have not been saved by then are not saved. */
  async forget(): Promise<void> {
    this.#isForgetting = true;
    try {
      await main.wizard.forget();
      this.#loading = undefined;
      await this.load();
    } finally {
      this.#isForgetting = false;
    }
  }

  /**
   * Chooses another model. Data is read again for its tokenizer; measurements are discarded, and so are methods that it cannot
   * have.
   */
  chooseModel(model: NonNullable<WizardDraft["model"]>): void {
    if (!this.now) return;
    if (model.path === this.now.model?.path) return this.change({ model });
    const { methods } = this.now.patch;
    const patch = patched(this.now.patch, { methods: methods && applicable(methods, null) });
    this.change({ model, patch, dataset: null, probe: null, run: null });
  }

  chooseSources(sources: Sources): void {
    this.change({ sources, dataset: null, run: null });
  }

  /** Changes parts of the plan, or gives those that are undefined their defaults; the seed also decides which rows are split off. */
  choose(change: PlanPatch): void {
    if (!this.now) return;
    const patch = patched(this.now.patch, change);
    const sameRows = patch.seed === this.now.patch.seed;
    this.change({ patch, run: null, ...(sameRows ? {} : { dataset: null }) });
  }

  /** Chooses what the result should achieve, or a depth. */
  chooseGoal(goal: Goal | null): void {
    this.change({ goal, run: null });
  }

  /** Sets the data that was read from the sources. An accuracy floor is removed if there are no validation questions to check it. */
  chooseDataset(dataset: NonNullable<WizardDraft["dataset"]>): void {
    if (!this.now) return;
    const hasQuestions = (dataset.report.splits.valid?.questions ?? 0) > 0;
    const patch = hasQuestions ? this.now.patch : patched(this.now.patch, { accuracyFloor: undefined });
    this.change({ dataset, patch });
  }

  /** Forgets the run when it is deleted: it has no pages that the steps could lead to. */
  #follow(): void {
    if (this.#isFollowing) return;
    this.#isFollowing = true;
    main.library.erased(({ ids }) => {
      if (this.now?.run && ids.includes(this.now.run)) this.change({ run: null });
    });
  }

  change(part: Partial<WizardDraft>): void {
    if (!this.now) return;
    this.now = { ...this.now, ...part };
    void this.#keep();
  }

  /** Saves drafts one after another, the newest last; intermediate ones are skipped. */
  async #keep(): Promise<void> {
    if (this.#keeping) return;
    this.#keeping = true;
    try {
      while (this.now && this.#kept !== this.now && !this.#isForgetting) {
        const draft = this.now;
        await main.wizard.keep(draft);
        this.#kept = draft;
      }
      this.failure = undefined;
    } catch (error) {
      this.failure = failureOf(error);
    } finally {
      this.#keeping = false;
    }
  }
}

export const draft = new Draft();
