/** What a person has filled in on the way to a run: kept by main as they go, so that it survives a restart. */
import type { Failure } from "../../native-models/failure.ts";
import type { WizardDraft } from "../../preload/contract/calls/wizard.ts";
import { main } from "../bridge.ts";
import { failureOf } from "../messages/failures.ts";

export type Sources = WizardDraft["sources"];
export type Choices = WizardDraft["choices"];

class Draft {
  /** Absent until it was loaded. */
  now = $state.raw<WizardDraft | undefined>(undefined);
  /** Why it could not be loaded or kept. */
  failure = $state.raw<Failure | undefined>(undefined);
  #loading: Promise<void> | undefined;
  #kept: WizardDraft | undefined;
  #keeping = false;

  /** Loads it once. */
  load(): Promise<void> {
    return (this.#loading ??= main.wizard.draft().then(
      (draft) => void (this.now = this.#kept = draft),
      (error: unknown) => {
        this.failure = failureOf(error);
        this.#loading = undefined;
      },
    ));
  }

  /** Begins anew. */
  async forget(): Promise<void> {
    await main.wizard.forget();
    this.#loading = undefined;
    await this.load();
  }

  /** Another model: data is read anew for its tokens, and nothing measured holds. */
  chooseModel(model: NonNullable<WizardDraft["model"]>): void {
    if (model.path === this.now?.model?.path) this.change({ model });
    else this.change({ model, dataset: null, probe: null, run: null });
  }

  chooseSources(sources: Sources): void {
    this.change({ sources, dataset: null, run: null });
  }

  /** Changes some choices; the seed also decides which rows are split off. */
  choose(change: Partial<Choices>): void {
    if (!this.now) return;
    const choices = { ...this.now.choices, ...change };
    const sameRows = choices.seed === this.now.choices.seed;
    this.change({ choices, run: null, ...(sameRows ? {} : { dataset: null }) });
  }

  change(part: Partial<WizardDraft>): void {
    if (!this.now) return;
    this.now = { ...this.now, ...part };
    void this.#keep();
  }

  /** One after another, the newest last; those in between are not needed. */
  async #keep(): Promise<void> {
    if (this.#keeping) return;
    this.#keeping = true;
    try {
      while (this.now && this.#kept !== this.now) {
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
