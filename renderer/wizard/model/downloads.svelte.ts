/** Models from the hub: the built-in list, any repository, and one download at a time, which continues while other pages are shown. */
import type { Failure } from "../../../native-models/failure.ts";
import type {
  DownloadsState,
  OfferedRepository,
  SuggestedModel,
  WantedModel,
} from "../../../preload/contract/calls/downloads.ts";
import type { FoundModel } from "../../../preload/contract/calls/models.ts";
import { main } from "../../bridge.ts";
import { connection } from "../../connection.svelte.ts";
import { failureOf } from "../../messages/failures.ts";

class Downloads {
  /** Absent until it is known; null if this package was built without downloads. */
  state = $state.raw<DownloadsState | null | undefined>(undefined);
  suggested = $state.raw<readonly SuggestedModel[]>([]);
  /** Whether reading the list has ended, successfully or not. */
  isListed = $state(false);
  /** The repository that was looked up last. */
  offer = $state.raw<OfferedRepository | undefined>(undefined);
  looking = $state(false);
  /** The download in progress. */
  active = $state.raw<(WantedModel & { doneBytes: number; totalBytes: number }) | undefined>(undefined);
  /** A download that is larger than the person agreed to: they are asked again, with its actual size. */
  larger = $state.raw<WantedModel | undefined>(undefined);
  /** The model that was downloaded last, until another action. */
  finished = $state.raw<FoundModel | undefined>(undefined);
  failure = $state.raw<Failure | undefined>(undefined);
  /** What failed, for a retry: a download, or a repository name that was looked up. */
  failed = $state.raw<WantedModel | string | undefined>(undefined);
  /** Interrupted downloads that can be resumed, without the one in progress. */
  readonly unfinished = $derived(
    (this.state?.unfinished ?? []).filter((one) => !isSameModel(one, this.active)),
  );
  /** Damaged models, without the one being repaired and those with an interrupted repair, which are listed as unfinished downloads. */
  readonly damaged = $derived(
    (this.state?.damaged ?? []).filter(
      (one) => ![this.active, ...(this.state?.unfinished ?? [])].some((other) => isSameModel(one, other)),
    ),
  );
  /** Whether the hub refused what a token may allow. */
  readonly wantsToken = $derived(
    this.failure?.code === "repository-refused" &&
      ["gated", "wrong-token", "not-found", "forbidden"].includes(this.failure.reason),
  );
  #stopping: AbortController | undefined;

  /** Reads the state and the list; requests nothing of the hub. */
  async load(): Promise<void> {
    await this.#trying(undefined, async () => {
      this.state = await main.downloads.state();
    });
    if (this.state) await this.#list();
  }

  async look(repository: string): Promise<void> {
    this.#begin();
    this.offer = undefined;
    this.looking = true;
    await this.#trying(repository, async () => {
      const look = () => main.downloads.look({ repository }, () => {});
      this.offer = await connection.to(this.state?.host, look);
    });
    this.looking = false;
  }

  /** Downloads a model and returns it; null if that failed, was cancelled, or needs the person's consent to a larger size. */
  async get(wanted: WantedModel): Promise<FoundModel | null> {
    this.#begin();
    this.#stopping = new AbortController();
    this.active = { ...wanted, doneBytes: 0, totalBytes: wanted.agreedBytes };
    const onPiece = (piece: { doneBytes: number; totalBytes: number }) =>
      (this.active = { ...wanted, ...piece });
    let found: FoundModel | null = null;
    await this.#trying(wanted, async () => {
      const get = () => main.downloads.get(wanted, onPiece, this.#stopping!.signal);
      const got = await connection.to(this.state?.host, get);
      found = got.found;
      if (found) this.finished = found;
      else this.larger = { ...wanted, agreedBytes: got.sizeBytes };
    });
    await this.#refresh();
    this.active = undefined;
    void this.#list();
    return found;
  }

  cancel(): void {
    this.#stopping?.abort();
  }

  async discard(id: string): Promise<void> {
    this.#begin();
    await this.#trying(undefined, async () => void (this.state = await main.downloads.discard({ id })));
  }

  /** Stores or removes the token; returns whether that worked. */
  async setToken(token: string | null): Promise<boolean> {
    this.#begin();
    return this.#trying(undefined, async () => {
      this.state = await main.downloads.setToken({ token });
    });
  }

  #begin(): void {
    this.failure = this.failed = this.larger = this.finished = undefined;
  }

  async #trying(what: WantedModel | string | undefined, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code === "cancelled") return false;
      this.failure = failure;
      this.failed = what;
      return false;
    }
  }

  /** Reads the state again; if that fails, the shown state stays unchanged. */
  async #refresh(): Promise<void> {
    this.state = await main.downloads.state().catch(() => this.state);
  }

  async #list(): Promise<void> {
    this.suggested = await main.downloads.suggested().catch(() => this.suggested);
    this.isListed = true;
  }
}

export const downloads = new Downloads();

type Named = Pick<WantedModel, "repository" | "choice">;

const isSameModel = (one: Named, other: Named | undefined): boolean =>
  one.repository === other?.repository && one.choice === other.choice;
