/** The state of updates for the window: checks, offers, downloads. No electron. */
import { rm } from "node:fs";
import { fail } from "../../../native-models/failure.ts";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import type { Offer, UpdateState } from "../../../preload/contract/calls/updates.ts";
import { freeDiskBytes } from "../../computer.ts";
import type { UpdatePlace } from "./place.ts";

/** Checks, downloads and installs: main/updates/updater.ts. */
export interface Updater {
  /** Requests to the address since the start. */
  readonly requests: number;
  /** A version newer than this one; null if there is none. Failures: update-refused, update-unreachable, cancelled. */
  look(signal: AbortSignal): Promise<Offer | null>;
  /** Downloads what `look` found, and verifies it. Failures as of `look`; disk-full, unwritable. */
  download(onBytes: (doneBytes: number) => void, signal: AbortSignal): Promise<void>;
  /** Places the download, verified once more, where it can replace this version. Failures as of `download`. */
  prepare(): Promise<void>;
  /** Replaces this version, starts the new one, and ends this program. */
  replace(): void;
}

export interface UpdatesOptions {
  readonly place: UpdatePlace | null;
  readonly replacesItself: boolean;
  /** The folder for downloads. */
  readonly cache: string;
  /** Loaded on first use: a program that never checks does not load it. */
  readonly load: (place: UpdatePlace, cache: string) => Promise<Updater>;
  /** Whether the person enabled checks. */
  readonly isOn: () => boolean;
  readonly onChange: (state: UpdateState) => void;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Nothing is requested before `follow`, `look` or `download`. An earlier download that was not installed is removed. */
export class Updates {
  readonly #options: UpdatesOptions;
  #updater: Updater | undefined;
  #state: Omit<UpdateState, "requests">;
  #requests = () => 0;
  #daily: NodeJS.Timeout | undefined;
  /** Ends the daily checks, also one that waits for another operation. */
  #unfollow = new AbortController();
  #work: { promise: Promise<UpdateState>; stopping: AbortController } | undefined;

  constructor(options: UpdatesOptions) {
    this.#options = options;
    rm(options.cache, { recursive: true, force: true }, () => {}); // an installer may still be running there
    this.#state = {
      address: options.place?.address ?? null,
      replacesItself: options.replacesItself,
      askedAt: null,
      offer: null,
      isDownloaded: false,
    };
  }

  get state(): UpdateState {
    return { ...this.#state, requests: this.#requests() };
  }

  /** Checks now and once a day if that is enabled, and stops if it is not. */
  follow(): void {
    const isOn = this.#state.address !== null && this.#options.isOn();
    if (isOn === (this.#daily !== undefined)) return;
    clearInterval(this.#daily);
    this.#daily = undefined;
    this.#unfollow.abort();
    if (!isOn) return this.#work?.stopping.abort();
    const { signal } = (this.#unfollow = new AbortController());
    // A failure is not shown, since nobody asked for this check.
    const look = () => void this.look(signal).catch(() => {});
    this.#daily = setInterval(look, DAY_MS);
    look();
  }

  /** Asks the address. Failures: update-refused, update-unreachable, cancelled; bad-choice without an address. */
  look(signal?: AbortSignal): Promise<UpdateState> {
    return this.#doing(async (updater, signal) => {
      try {
        const offer = await updater.look(signal);
        const isSame = offer?.version === this.#state.offer?.version;
        this.#change({ offer, isDownloaded: isSame && this.#state.isDownloaded });
      } finally {
        this.#change({ askedAt: new Date().toISOString() });
      }
    }, signal);
  }

  /** Failures as of `look`; not-enough-disk, disk-full, unwritable. */
  download(
    onBytes: (doneBytes: number, totalBytes: number) => void,
    signal: AbortSignal,
  ): Promise<UpdateState> {
    const { offer, replacesItself } = this.#state;
    if (offer === null || !replacesItself) return refuseChoice({ code: "no-update", to: "download" });
    const path = this.#options.cache;
    const freeBytes = freeDiskBytes(path);
    // Once for the download, and once for the copy that is placed next to the old version.
    const neededBytes = 2 * offer.sizeBytes;
    if (freeBytes !== null && freeBytes < neededBytes)
      return fail({ code: "not-enough-disk", path, neededBytes, freeBytes });
    return this.#doing(async (updater, stop) => {
      await updater.download((doneBytes) => onBytes(doneBytes, offer.sizeBytes), stop);
      this.#change({ isDownloaded: true });
    }, signal);
  }

  /** `close` saves and ends active work, and releases the home. Failures: update-refused, disk-full, unwritable. */
  async install(close: () => Promise<void>): Promise<void> {
    const updater = this.#updater;
    if (!this.#state.isDownloaded || updater === undefined)
      return refuseChoice({ code: "no-update", to: "install" });
    try {
      await updater.prepare();
    } catch (error) {
      this.#change({ isDownloaded: false });
      throw error;
    }
    await close();
    updater.replace();
  }

  /** Stops the daily checks, and cancels the current operation. */
  stop(): void {
    clearInterval(this.#daily);
    this.#unfollow.abort();
    this.#work?.stopping.abort();
  }

  /** One operation at a time: a request during another one waits for it. */
  async #doing(
    what: (updater: Updater, signal: AbortSignal) => Promise<void>,
    signal?: AbortSignal,
  ): Promise<UpdateState> {
    const { place, cache, load } = this.#options;
    if (place === null) return refuseChoice("no-update-address");
    while (this.#work) await this.#work.promise.catch(() => {});
    if (signal?.aborted) return fail({ code: "cancelled" });
    const stopping = new AbortController();
    signal?.addEventListener("abort", () => stopping.abort(), { once: true });
    const work = async () => {
      const updater = (this.#updater ??= await load(place, cache));
      this.#requests = () => updater.requests;
      await what(updater, stopping.signal);
    };
    const promise = work()
      .finally(() => {
        this.#work = undefined;
        this.#options.onChange(this.state);
      })
      .then(() => this.state);
    this.#work = { promise, stopping };
    return promise;
  }

  #change(change: Partial<UpdateState>): void {
    this.#state = { ...this.#state, ...change };
  }
}
