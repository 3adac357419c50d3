/** COPPICE_HOME: the folder with all of Coppice's data, and its layout. */
import { chmodSync, existsSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { AppError } from "../../native-models/failure.ts";
import { refuseChoice } from "../../preload/contract/failures/bad-choice.ts";
import { makeFolder } from "../../native-models/formats/atomic.ts";
import { readMoved } from "./moved-home.ts";
import { fileReasonOf } from "../../native-models/file-reasons.ts";

export interface Home {
  folder: string;
  database: string;
  /** runs/<id>/: a run's checkpoints and its result. */
  runs: string;
  /** datasets/<hash>/: splits as the engine reads them. */
  datasets: string;
  /** models/<run id>/: the models that runs made; models/OWNER/NAME/: downloaded ones. */
  models: string;
  /** cache/: data that can be rebuilt, such as chat weights of models that have none. */
  cache: string;
  /** cache/recognised/<sha256>/: the text of scanned pages, so that each is recognised once. */
  recognised: string;
  logs: string;
  /** The key that signs models which are handed on. */
  signingKey: string;
  /** The token that programs send to the local server. */
  serverToken: string;
}

/** All parts of a home by their names, grouped by what happens to them when the home is copied, moved or removed. */
export const homeParts = {
  /** Copied through SQLite. */
  database: "coppice.db",
  /** Copied file by file. */
  kept: ["runs", "models", "datasets", "hub-token", "signing-key", "server-token", "backups"],
  /** Copied too, in whatever state they are: every state is usable. */
  growing: ["logs", join("cache", "downloads"), join("cache", "recognised")],
  /** Can be deleted without losing anything. */
  expendable: ["logs", "cache", "coppice.db-wal", "coppice.db-shm"],
  /** The writer's lock (writer-lock.ts). */
  lock: ["writer.lock", "writer.json"],
} as const;

/**
 * The folder: COPPICE_HOME, otherwise where it was moved to, otherwise the system's standard place for a program's data. Failure:
 * not-found if it was moved to a missing folder, such as on an unplugged disk; those of `dataPlace`.
 */
export function homeFolder(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  userFolder?: string,
): string {
  if (environment.COPPICE_HOME) return resolve(environment.COPPICE_HOME);
  const place = dataPlace(environment, platform, userFolder);
  const moved = readMoved(place);
  if (moved === null) return place;
  if (!existsSync(homeIn(moved.folder).database))
    throw new AppError({ code: "not-found", path: moved.folder, what: "folder of Coppice" });
  return moved.folder;
}

/** The system's standard place for a program's data, where the home is unless it was moved. Failure: bad-choice if there is none. */
export function dataPlace(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  userFolder?: string,
): string {
  const { LOCALAPPDATA, XDG_DATA_HOME } = environment;
  const own = () => userFolder ?? accountFolder();
  if (platform === "win32") return join(LOCALAPPDATA || join(own(), "AppData", "Local"), "Coppice");
  if (platform === "darwin") return join(own(), "Library", "Application Support", "Coppice");
  // The XDG base directory specification: a relative path there is invalid and ignored.
  const data = XDG_DATA_HOME && isAbsolute(XDG_DATA_HOME) ? XDG_DATA_HOME : join(own(), ".local", "share");
  return join(data, "coppice");
}

/** A service's account may have none, without HOME. */
function accountFolder(): string {
  try {
    return homedir();
  } catch {
    return refuseChoice("no-home-folder");
  }
}

/** The layout of the home `folder`; creates nothing. */
export function homeIn(folder: string): Home {
  return {
    folder,
    database: join(folder, homeParts.database),
    runs: join(folder, "runs"),
    datasets: join(folder, "datasets"),
    models: join(folder, "models"),
    cache: join(folder, "cache"),
    recognised: join(folder, "cache", "recognised"),
    logs: join(folder, "logs"),
    signingKey: join(folder, "signing-key"),
    serverToken: join(folder, "server-token"),
  };
}

/** Creates the missing folders, and makes an existing home accessible to this account only (0700). Failures: unwritable, disk-full. */
export function makeHome(home: Home): void {
  if (existsSync(home.database)) tighten(home.folder);
  for (const folder of [home.folder, home.runs, home.datasets, home.models, home.cache, home.logs]) {
    try {
      makeFolder(folder, 0o700);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOSPC" || code === "EDQUOT") throw new AppError({ code: "disk-full", path: folder });
      throw new AppError({
        code: "unwritable",
        path: folder,
        reason: fileReasonOf(error as Error, NOT_MADE),
      });
    }
  }
}

/** Takes other accounts' access to a home away, as one that was unpacked from an archive may have. A folder like /tmp is no home's own. */
function tighten(folder: string): void {
  const { uid, mode } = statSync(folder);
  if (process.platform === "win32" || uid !== process.getuid!() || (mode & 0o1000) !== 0) return;
  try {
    if ((mode & 0o077) !== 0) chmodSync(folder, mode & 0o700);
  } catch {
    // A file system without rights.
  }
}

const NOT_MADE = {
  EACCES: "no-writing",
  EPERM: "no-writing",
  EEXIST: "taken-by-file",
  ENOTDIR: "file-above",
  ENOENT: "no-folder-there",
} as const;
