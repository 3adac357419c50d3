/** Downloads for the window: the built-in list, any repository, one download at a time. No electron. */
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import type {
  DownloadsState,
  OfferedRepository,
  SuggestedModel,
  WantedModel,
} from "../../../preload/contract/calls/downloads.ts";
import type { FoundModel } from "../../../preload/contract/calls/models.ts";
import type { Home } from "../../home/home.ts";
import { fitOf } from "../plans/admission.ts";
import type { Free } from "../plans/admission.ts";
import { downloadedModels, downloadName } from "../models/downloaded.ts";
import { downloadModel } from "./download.ts";
import { HubRequests } from "./hub-requests.ts";
import type { Hub } from "./hub.ts";
import { readRepository } from "./repository.ts";
import { discardUnfinished, unfinishedDownloads } from "./stored.ts";
import { shapeOf, suggestedModels } from "./suggested.ts";
import type { Token } from "./token.ts";
import type { Ask } from "../network/request.ts";

export interface DownloadsOptions {
  readonly home: Home;
  readonly hub: Hub;
  readonly network: { readonly ask: Ask; count(): number };
  readonly token: Token;
  readonly free: Free;
}

/** A download may be this much larger than the person agreed to: the list's sizes are rounded. */
const AGREED_SHARE = 1.1;

/** Nothing is requested before `look` or `get`. */
export class Downloads {
  readonly #options: DownloadsOptions;
  readonly #requests: HubRequests;
  #isDownloading = false;

  constructor(options: DownloadsOptions) {
    const { hub, network, token } = options;
    this.#options = options;
    this.#requests = new HubRequests({ hub, ask: network.ask, token: () => token.get() });
  }

  get state(): DownloadsState {
    const { home, hub, network, token } = this.#options;
    return {
      host: hub.host,
      requests: network.count(),
      unfinished: unfinishedDownloads(home).map(({ id, record, doneBytes, sizeBytes }) => {
        const { repository, choice } = record;
        return { id, repository, choice, doneBytes, sizeBytes };
      }),
      damaged: downloadedModels(home)
        .filter(({ isDamaged }) => isDamaged)
        .map(({ path, record, sizeBytes }) => {
          const { repository, choice, commit: revision } = record;
          return { path, repository, choice, revision, sizeBytes };
        }),
      token: token.state,
    };
  }

  /** The list, the smallest model first. */
  async suggested(): Promise<SuggestedModel[]> {
    const { home } = this.#options;
    const freeBytes = this.#options.free.memoryBytes();
    const free = { ...this.#options.free, memoryBytes: () => freeBytes };
    const there = downloadedModels(home).filter(({ isDamaged }) => !isDamaged);
    const shown: SuggestedModel[] = [];
    for (const model of suggestedModels) {
      await new Promise((resolve) => setImmediate(resolve)); // an estimate takes some 40 ms
      const { repository, licence, terms, isGated, strength, languages, parameters, sizeBytes } = model;
      const shape = shapeOf(model);
      shown.push({
        repository,
        licence,
        terms,
        isGated,
        strength,
        languages,
        parameters,
        sizeBytes,
        fit: fitOf({ ...shape, path: repository }, free),
        path:
          there.find(({ record }) => record.repository === repository && record.choice === "safetensors")
            ?.path ?? null,
      });
    }
    return shown;
  }

  /** Failures: those of `readRepository`. */
  async look(repository: string, signal: AbortSignal): Promise<OfferedRepository> {
    const { name, licence, isGated, choices } = await readRepository(this.#requests, repository, { signal });
    return {
      repository: name,
      licence,
      isGated,
      choices: choices.map((choice) => ({ name: choice.name, sizeBytes: choice.sizeBytes })),
    };
  }

  /**
   * Downloads a model; `found` is null if it is larger than `agreedBytes`. Failures: those of `readRepository` and
   * `downloadModel`; bad-choice.
   */
  async get(
    { repository: name, choice: wanted, agreedBytes, revision = "main" }: WantedModel,
    onBytes: (doneBytes: number, totalBytes: number) => void,
    signal: AbortSignal,
  ): Promise<{ found: FoundModel | null; sizeBytes: number }> {
    if (this.#isDownloading) return refuseChoice({ code: "downloading", model: name });
    this.#isDownloading = true;
    try {
      const repository = await readRepository(this.#requests, name, { revision, signal });
      const choice = repository.choices.find((one) => one.name === wanted);
      if (choice === undefined) return refuseChoice({ code: "not-in-repository", model: name, file: wanted });
      const { sizeBytes } = choice;
      if (sizeBytes > AGREED_SHARE * agreedBytes) return { found: null, sizeBytes };
      const { home } = this.#options;
      const { path } = await downloadModel(this.#requests, { home, repository, choice }, { signal, onBytes });
      return {
        found: {
          path,
          name: downloadName({ repository: name, choice: wanted }),
          source: "downloaded",
          sizeBytes,
        },
        sizeBytes,
      };
    } finally {
      this.#isDownloading = false;
    }
  }

  /** Failures: bad-choice, home-in-use. */
  async discard(id: string): Promise<void> {
    if (this.#isDownloading) return refuseChoice("removing-while-downloading");
    await discardUnfinished(this.#options.home, id);
  }

  /** Failures: those of `Token.set`. */
  async setToken(token: string | null): Promise<void> {
    await this.#options.token.set(token);
  }
}
