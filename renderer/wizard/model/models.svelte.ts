/** Models to start from: those on this computer, with their metadata. */
import type { Failure } from "../../../native-models/failure.ts";
import type { Fit, FoundModel } from "../../../preload/contract/calls/models.ts";
import type { ModelReport } from "../../../preload/contract/plans/model.ts";
import { main } from "../../bridge.ts";
import { failureOf } from "../../messages/failures.ts";
import { t } from "../../messages/index.svelte.ts";

export interface InspectedModel {
  readonly name: string;
  readonly report: ModelReport;
  readonly fit: Fit;
}

/** The result of inspecting a model. */
type Inspected = { readonly model: InspectedModel } | { readonly failure: Failure };

/** Models after this many are listed, but inspected only when they are chosen. */
const MOST_LOOKED_INTO = 30;

class Models {
  /** Absent during the search. */
  found = $state.raw<readonly FoundModel[] | undefined>(undefined);
  inspected = $state.raw<Readonly<Record<string, Inspected>>>({});
  /** Memory of this computer, in bytes. */
  memoryBytes = $state(Infinity);
  /** Multiplications and additions of training per second on this computer; absent until measured. */
  speed = $state<number | undefined>(undefined);
  failure = $state.raw<Failure | undefined>(undefined);
  /** How many models have been removed since the start. */
  removals = $state(0);
  #search = 0;
  #looking = new Map<string, Promise<void>>();
  #measuring: Promise<void> | undefined;

  /** Measures this computer, once, and not while a run uses it. */
  measure(): Promise<void> {
    return (this.#measuring ??= this.#measure().catch(() => void (this.#measuring = undefined))); // only an estimate is missing
  }

  async #measure(): Promise<void> {
    if ((await main.runs.queue()).running === null) this.speed = await main.models.speed();
    else this.#measuring = undefined;
  }

  /** Searches for models, then inspects each of them. */
  async look(): Promise<void> {
    const search = ++this.#search;
    this.found = undefined;
    this.failure = undefined;
    this.inspected = {};
    this.#looking.clear();
    try {
      const [found, { memoryBytes }] = await Promise.all([main.models.find(), main.application.state()]);
      if (search !== this.#search) return;
      this.memoryBytes = memoryBytes;
      this.found = found;
      await this.#inspectFirst(search);
    } catch (error) {
      if (search === this.#search) {
        this.failure = failureOf(error);
        this.found = [];
      }
    }
  }

  /** Searches again when the list is shown again: models may have been made or removed. Those known already are not inspected again. */
  async refresh(): Promise<void> {
    const search = ++this.#search;
    try {
      const found = await main.models.find();
      if (search !== this.#search) return;
      const gone = (this.found ?? []).filter(({ path }) => !found.some((model) => model.path === path));
      for (const { path } of gone) this.#forget(path);
      this.found = found;
      this.failure = undefined;
      await this.#inspectFirst(search);
    } catch (error) {
      if (search === this.#search) this.failure = failureOf(error);
    }
  }

  async #inspectFirst(search: number): Promise<void> {
    for (const { path } of (this.found ?? []).slice(0, MOST_LOOKED_INTO)) {
      if (search !== this.#search) return;
      await this.inspect(path);
    }
  }

  /** Adds a model that is new on this computer, or replaces one that was downloaded again. */
  add(model: FoundModel): void {
    this.#forget(model.path);
    this.found = [...(this.found ?? []).filter(({ path }) => path !== model.path), model];
  }

  /** Inspects one model, once. */
  inspect(path: string): Promise<void> {
    const known = this.#looking.get(path);
    if (known) return known;
    const take = (inspected: Inspected) => {
      // Otherwise the model was forgotten meanwhile: it has changed, or is gone.
      if (this.#looking.get(path) === looking) this.inspected = { ...this.inspected, [path]: inspected };
    };
    const looking = main.models.inspect({ path }).then(
      (model) => take({ model }),
      (error: unknown) => take({ failure: failureOf(error) }),
    );
    this.#looking.set(path, looking);
    return looking;
  }

  /** Inspects a model again. */
  again(path: string): Promise<void> {
    this.#forget(path);
    return this.inspect(path);
  }

  #forget(path: string): void {
    this.#looking.delete(path);
    const others = { ...this.inspected };
    delete others[path];
    this.inspected = others;
  }
}

export const models = new Models();

/** The title of a model: the sample in the person's language, another one by `name`. */
export function titleOf({ path, name }: { path: string; name: string }): string {
  const source = models.found?.find((found) => found.path === path)?.source;
  return source === "sample" ? t.model.sample : name;
}

/** How well a model fits. `tight`: only once other programs are closed. */
export function fitOf(
  { fit }: Pick<InspectedModel, "fit">,
  memoryBytes: number,
): "fits" | "tight" | "too-large" {
  if (fit.trains) return "fits";
  return fit.trainingMemoryBytes <= memoryBytes ? "tight" : "too-large";
}
