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
import { FEED_LIMIT_BYTES, feedName, readFeed, signatureName } from "../services/updates/feed.ts";
import type { Feed, OfferedFile } from "../services/updates/feed.ts";
import type { UpdatePlace } from "../services/updates/place.ts";
import type { Updater } from "../services/updates/updates.ts";
import { Requests } from "./requests.ts";

const FEED_MS = 10_000;

/** An updater that asks `place` and stores downloads in `cache`. */
export function openUpdater(place: UpdatePlace, cache: string): Updater {
  const { address } = place;
  const requests = new Requests(address, `Coppice/${app.getVersion()}`);
  const kept = new DownloadedUpdateHelper(cache);
  const refuse = (reason: "malformed" | "wrong-file") => fail({ code: "update-refused", address, reason });
  let signal: AbortSignal;
  let onBytes: (doneBytes: number) => void = () => {};
  let offered: OfferedFile | undefined;

  async function signedFeed(): Promise<Feed> {
    const name = feedName(process.platform);
    const content = await small(name);
    if (content === null) return unreachable(`it has no ${name}`);
    const signature = await small(signatureName(name));
    return readFeed(place, name, content, signature?.toString("utf8"));
  }

  async function small(name: string): Promise<Buffer | null> {
    const chunks = await requests.get(name, { signal, deadlineMs: FEED_MS });
    if (chunks === null) return null;
    const read: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of chunks) {
      if ((bytes += chunk.length) > FEED_LIMIT_BYTES) refuse("malformed");
      read.push(chunk);
    }
    return Buffer.concat(read);
  }

  async function save(file: OfferedFile, path: string): Promise<void> {
    const chunks = await requests.get(file.url, { signal });
    if (chunks === null) return unreachable(`it has no ${file.url}`);
    await writeFileAtomic(path, checked(chunks, file));
  }

  /** Passes the bytes through, and throws if they do not match the signed size and hash. */
  async function* checked(chunks: AsyncIterable<Uint8Array>, { size, sha512 }: OfferedFile) {
    const hash = createHash("sha512");
    let done = 0;
    for await (const chunk of chunks) {
      if ((done += chunk.length) > size) refuse("wrong-file");
      hash.update(chunk);
      yield chunk;
      onBytes(done);
    }
    if (done !== size || hash.digest("base64") !== sha512) refuse("wrong-file");
  }

  const unreachable = (reason: string): never => fail({ code: "update-unreachable", address, reason });

  const updater = customised({
    downloadedUpdateHelper: kept,
    getUpdateInfoAndProvider: async () => {
      const { version, files } = await signedFeed();
      offered = files.find(({ url }) => url.endsWith(extension)) ?? refuse("malformed");
      const info = { version, files: [offered], path: offered.url, sha512: offered.sha512, releaseDate: "" };
      return { info, provider: { fileExtraDownloadHeaders: null, resolveFiles: filesOf } };
    },
    httpExecutor: { download: (_url: URL, path: string) => save(offered!, path) },
  });
  const filesOf = (info: UpdateInfo) => resolveFiles(info, new URL(address));

  /** The new version, next to the running AppImage, so that replacing it is only a rename. */
  const running = process.env["APPIMAGE"] ?? "";
  const prepared = join(dirname(running), `.${basename(running)}.new`);

  return {
    get requests() {
      return requests.count;
    },
    async look(stopping) {
      signal = stopping;
      const found = await updater.checkForUpdates();
      if (!found?.isUpdateAvailable) return null;
      return { version: found.updateInfo.version, sizeBytes: offered!.size };
    },
    async download(onDone, stopping) {
      signal = stopping;
      onBytes = onDone;
      try {
        await updater.downloadUpdate();
      } catch (error) {
        await rm(cache, { recursive: true, force: true });
        throw error;
      } finally {
        onBytes = () => {};
      }
    },
    async prepare() {
      const whole = checked(createReadStream(kept.file!), offered!);
      if (process.platform === "linux") {
        await writeFileAtomic(prepared, whole);
        await chmod(prepared, 0o755);
      } else for await (const chunk of whole) void chunk;
    },
    replace() {
      app.releaseSingleInstanceLock(); // the new version needs it
      try {
        if (process.platform === "linux") replaceAppImage(running, prepared, offered!.url);
        else if (!updater.install(true, true)) throw new Error("the installer did not start");
      } catch (error) {
        console.error(error);
        app.relaunch(); // this version
      }
      setImmediate(() => app.quit()); // not `exit`, as in main/life.ts
    },
  };
}

const extension = process.platform === "win32" ? ".exe" : ".AppImage";

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
