/** The person's input to the wizard. Main stores it after each change, so that it survives a restart. */
import type { Failure } from "../../native-models/failure.ts";
import { applicable } from "../../preload/methods/index.ts";
import type { WizardDraft } from "../../preload/contract/calls/wizard.ts";
import type { Goal } from "../../preload/contract/plans/goal.ts";
import { patched } from "../../preload/contract/plans/plan.ts";
import type { PlanPatch } from "../../preload/contract/plans/plan.ts";
import { main } from "../bridge.ts";
import { toasts } from "../components/toasts.svelte.ts";
import { failureOf } from "../messages/failures.ts";
import { t } from "../messages/index.svelte.ts";

export type Sources = WizardDraft["sources"];

class Draft {
  /** Absent until it has been loaded. */
  now = $state.raw<WizardDraft | undefined>(undefined);
  /** Why it could not be loaded or saved. */
  failure = $state.raw<Failure | undefined>(undefined);
  #loading: Promise<void> | undefined;
  #kept: WizardDraft | undefined;
  #keeping = false;
  #isReplacing = false;
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

  /** Begins an empty draft; an unfinished one waits in the library, and at once can be continued. */
  async begin(): Promise<void> {
    let waiting: number | null = null;
    await this.#replace(async () => (waiting = await main.wizard.begin()));
    if (waiting === null) return;
    const id = waiting;
    const action = { label: t.model.continueIt, run: () => void this.resume(id) };
    toasts.show({ title: t.model.waits, action });
  }

  /** Continues a draft that waits. */
  resume(id: number): Promise<void> {
    return this.#replace(() => main.wizard.resume({ id }));
  }

  /** Discards a draft that waits, or the one in the wizard. */
  discard(id: number): Promise<void> {
    return this.#replace(() => main.wizard.discard({ id }));
  }

  async #replace(replace: () => Promise<unknown>): Promise<void> {
    this.#isReplacing = true;
    try {
      if (this.now && this.now !== this.#kept) await main.wizard.keep(this.now);
      await replace();
      this.#loading = undefined;
      await this.load();
    } catch (error) {
      this.failure = failureOf(error);
    } finally {
      this.#isReplacing = false;
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
    const patch = hasQuestions ? this.now.patch : patched(this.now.patch, { floor: undefined });
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
      while (this.now && this.#kept !== this.now && !this.#isReplacing) {
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
