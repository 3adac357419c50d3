/** Checks for updates and installs them, with electron-updater. Loaded on first use. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, renameSync, rmSync } from "node:fs";
import { chmod, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { app } from "electron";
import { AppImageUpdater, NsisUpdater } from "electron-updater";
import type { BaseUpdater, UpdateInfo } from "electron-updater";
import { DownloadedUpdateHelper } from "electron-updater/out/DownloadedUpdateHelper.js";
import { resolveFiles } from "electron-updater/out/providers/Provider.js";
import { fail } from "../../native-models/failure.ts";
import { writeFileAtomic } from "../../native-models/formats/atomic.ts";
import type { Offer } from "../../preload/contract/calls/updates.ts";
import { FEED_LIMIT_BYTES, feedName, readFeed, signatureName } from "../services/updates/feed.ts";
import type { Feed, OfferedFile } from "../services/updates/feed.ts";
import type { UpdatePlace } from "../services/updates/place.ts";
import type { Updater } from "../services/updates/updates.ts";
import { Requests } from "./requests.ts";

const FEED_MS = 10_000;

const EXTENSION = process.platform === "win32" ? ".exe" : ".AppImage";

/** An updater that asks `place` and stores downloads in `cache`. */
export class SignedUpdater implements Updater {
  readonly #place: UpdatePlace;
  readonly #cache: string;
  readonly #requests: Requests;
  readonly #downloaded: DownloadedUpdateHelper;
  readonly #updater: BaseUpdater;
  readonly #running = process.env["APPIMAGE"] ?? "";
  /** The new version, next to the running AppImage, so that replacing it is only a rename. */
  readonly #prepared = join(dirname(this.#running), `.${basename(this.#running)}.new`);
  /** Of the check or download in progress. */
  #signal!: AbortSignal;
  #onBytes: (doneBytes: number) => void = () => {};
  #offered: OfferedFile | undefined;

  constructor(place: UpdatePlace, cache: string) {
    this.#place = place;
    this.#cache = cache;
    this.#requests = new Requests(place.address, `Coppice/${app.getVersion()}`);
    this.#downloaded = new DownloadedUpdateHelper(cache);
    this.#updater = customised({
      downloadedUpdateHelper: this.#downloaded,
      getUpdateInfoAndProvider: () => this.#signedOffer(),
      httpExecutor: { download: (_url: URL, path: string) => this.#save(this.#offered!, path) },
    });
  }

  get requests(): number {
    return this.#requests.count;
  }

  async look(signal: AbortSignal): Promise<Offer | null> {
    this.#signal = signal;
    const found = await this.#updater.checkForUpdates();
    if (!found?.isUpdateAvailable) return null;
    return { version: found.updateInfo.version, sizeBytes: this.#offered!.size };
  }

  async download(onBytes: (doneBytes: number) => void, signal: AbortSignal): Promise<void> {
    this.#signal = signal;
    this.#onBytes = onBytes;
    try {
      await this.#updater.downloadUpdate();
    } catch (error) {
      await rm(this.#cache, { recursive: true, force: true });
      throw error;
    } finally {
      this.#onBytes = () => {};
    }
  }

  async prepare(): Promise<void> {
    const whole = this.#checked(createReadStream(this.#downloaded.file!), this.#offered!);
    if (process.platform === "linux") {
      await writeFileAtomic(this.#prepared, whole);
      await chmod(this.#prepared, 0o755);
    } else for await (const chunk of whole) void chunk;
  }

  replace(): void {
    app.releaseSingleInstanceLock(); // the new version needs it
    try {
      if (process.platform === "linux") replaceAppImage(this.#running, this.#prepared, this.#offered!.url);
      else if (!this.#updater.install(true, true)) throw new Error("the installer did not start");
    } catch (error) {
      console.error(error);
      app.relaunch(); // this version
    }
    setImmediate(() => app.quit()); // not `exit`, as in main/life.ts
  }

  /** What electron-updater asks of a provider: the newest version, by the signed feed. */
  async #signedOffer() {
    const { version, files } = await this.#signedFeed();
    this.#offered = files.find(({ url }) => url.endsWith(EXTENSION)) ?? this.#refuse("malformed");
    const { url, sha512 } = this.#offered;
    const info = { version, files: [this.#offered], path: url, sha512, releaseDate: "" };
    const resolve = (info: UpdateInfo) => resolveFiles(info, new URL(this.#place.address));
    return { info, provider: { fileExtraDownloadHeaders: null, resolveFiles: resolve } };
  }

  async #signedFeed(): Promise<Feed> {
    const name = feedName(process.platform);
    const content = await this.#small(name);
    if (content === null) return this.#unreachable(name);
    const signature = await this.#small(signatureName(name));
    return readFeed(this.#place, name, content, signature?.toString("utf8"));
  }

  async #small(name: string): Promise<Buffer | null> {
    const chunks = await this.#requests.get(name, { signal: this.#signal, deadlineMs: FEED_MS });
    if (chunks === null) return null;
    const read: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of chunks) {
      if ((bytes += chunk.length) > FEED_LIMIT_BYTES) this.#refuse("malformed");
      read.push(chunk);
    }
    return Buffer.concat(read);
  }

  async #save(file: OfferedFile, path: string): Promise<void> {
    const chunks = await this.#requests.get(file.url, { signal: this.#signal });
    if (chunks === null) return this.#unreachable(file.url);
    await writeFileAtomic(path, this.#checked(chunks, file));
  }

  /** Passes the bytes through, and throws if they do not match the signed size and hash. */
  async *#checked(chunks: AsyncIterable<Uint8Array>, { size, sha512 }: OfferedFile) {
    const hash = createHash("sha512");
    let done = 0;
    for await (const chunk of chunks) {
      if ((done += chunk.length) > size) this.#refuse("wrong-file");
      hash.update(chunk);
      yield chunk;
      this.#onBytes(done);
    }
    if (done !== size || hash.digest("base64") !== sha512) this.#refuse("wrong-file");
  }

  #refuse(reason: "malformed" | "wrong-file"): never {
    return fail({ code: "update-refused", address: this.#place.address, reason });
  }

  #unreachable(name: string): never {
    return fail({
      code: "update-unreachable",
      address: this.#place.address,
      reason: { code: "lacks", file: name },
    });
  }
}

/**
 * electron-updater with our settings: nothing automatic, no downgrades, whole files. `ours` replaces behaviour that has no setting:
 * without it, it would send a permanent identifier, read feeds of any size and continue cancelled downloads.
 */
function customised(ours: object): BaseUpdater {
  const updater = process.platform === "win32" ? new NsisUpdater() : new AppImageUpdater();
  updater.logger = null;
  updater.autoDownload = false;
  updater.autoInstallOnAppQuit = false;
  updater.allowDowngrade = false;
  updater.disableWebInstaller = true;
  updater.disableDifferentialDownload = true;
  updater.forceDevUpdateConfig = true; // checks are allowed in any package, even one that cannot replace itself
  return Object.assign(updater, ours);
}

/** Replaces the AppImage; the old file stays until the new one is in place. A name with the old version gets the new one. */
function replaceAppImage(running: string, prepared: string, name: string): void {
  const target = /\d+\.\d+\.\d+/.test(basename(running)) ? join(dirname(running), name) : running;
  renameSync(prepared, target);
  if (target !== running) rmSync(running);
  spawn(target, [], { detached: true, stdio: "ignore" }).unref();
}
