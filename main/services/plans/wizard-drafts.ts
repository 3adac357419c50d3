/** The drafts of new models: the one in the wizard, and those that wait. */
import { z } from "zod";
import { WizardDraft } from "../../../preload/contract/calls/wizard.ts";
import type { UnfinishedDraft } from "../../../preload/contract/calls/wizard.ts";
import type { Drafts } from "../settings/drafts.ts";

const FORM = "new-model";
/** More than these are not kept: nobody returns to them. */
const MOST = 10;

/** The one in the wizard first, then the others, the newest first. */
const Stored = z.array(z.object({ id: z.number(), draft: WizardDraft })).min(1);
type Stored = z.infer<typeof Stored>;

/** Failures of every call: disk-full, unwritable, corrupt-file. */
export class WizardDrafts {
  readonly #drafts: Drafts;

  constructor(drafts: Drafts) {
    this.#drafts = drafts;
  }

  /** The draft in the wizard; empty at first. */
  get now(): WizardDraft {
    return this.#stored[0]!.draft;
  }

  keep(draft: WizardDraft): void {
    const [{ id }, ...others] = this.#stored as [Stored[number]];
    this.#store([{ id, draft }, ...others]);
  }

  /** All drafts with a model or data from which no run was started. */
  get unfinished(): UnfinishedDraft[] {
    return this.#stored.filter(isUnfinished).map(({ id, draft: { step, model, sources } }) => ({
      id,
      step,
      model: model && model.name,
      data: sources.data[0] ?? null,
    }));
  }

  /** Begins an empty draft. Returns the id under which the one before waits; null if it was finished or empty. */
  begin(): number | null {
    const stored = this.#stored;
    const id = Math.max(...stored.map(({ id }) => id)) + 1;
    this.#store([{ id, draft: WizardDraft.parse({}) }, ...stored.filter(isUnfinished)]);
    return isUnfinished(stored[0]!) ? stored[0]!.id : null;
  }

  /** Continues a draft in the wizard, if it is still there; the one before waits if it is unfinished. */
  resume(id: number): void {
    const stored = this.#stored;
    const resumed = stored.filter((one) => one.id === id);
    if (resumed.length > 0)
      this.#store([...resumed, ...stored.filter((one) => one.id !== id && isUnfinished(one))]);
  }

  discard(id: number): void {
    if (this.#stored[0]!.id === id) this.begin();
    this.#store(this.#stored.filter((one) => one.id !== id));
  }

  get #stored(): Stored {
    const stored = Stored.safeParse(this.#drafts.get(FORM));
    // Unreadable drafts count as none.
    return stored.success ? stored.data : [{ id: 0, draft: WizardDraft.parse({}) }];
  }

  #store(drafts: Stored): void {
    this.#drafts.keep(FORM, drafts.slice(0, MOST));
  }
}

const isUnfinished = ({ draft: { run, model, sources } }: Stored[number]): boolean =>
  run === null && (model !== null || sources.data.length > 0);
