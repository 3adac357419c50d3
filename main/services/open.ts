import { join } from "node:path";
import { AppError } from "../../native-models/failure.ts";
import { openDatabase, openDatabaseToRead } from "../database/open.ts";
import type { Store } from "../database/store.ts";
import { removeLeftResumableFiles } from "../trimming/journal/run-files.ts";
import { tidyCache } from "../home/home-cache.ts";
import { homeFolder, homeIn, makeHome } from "../home/home.ts";
import type { Home } from "../home/home.ts";
import { writeMoved } from "../home/moved-home.ts";
import { takeWriterLock } from "../home/writer-lock.ts";
import { Conversations } from "./chat/conversations.ts";
import { KeptTexts } from "./chat/kept-texts.ts";
import { Corrections } from "./chat/corrections.ts";
import { DataSets } from "./data/data-sets.ts";
import { Datasets } from "./data/datasets.ts";
import { removeUnfinishedFolders } from "./data/unfinished-folders.ts";
import { HomeCopy } from "./home/home-copy.ts";
import type { CopyOptions } from "./home/home-copy.ts";
import { Library } from "./home/library.ts";
import { settlePlace } from "./home/relocating.ts";
import { Models } from "./models/models.ts";
import { receivedIn } from "./models/received-models.ts";
import { Writings } from "./questions/writings.ts";
import { Eraser } from "./runs/erasing.ts";
import { Evaluations } from "./runs/evaluations.ts";
import { Runs } from "./runs/runs.ts";
import { Drafts } from "./settings/drafts.ts";
import { SettingsService } from "./settings/settings.ts";

/** All services on one home. */
export interface Services {
  home: Home;
  models: Models;
  datasets: Datasets;
  dataSets: DataSets;
  runs: Runs;
  evaluations: Evaluations;
  conversations: Conversations;
  texts: KeptTexts;
  corrections: Corrections;
  settings: SettingsService;
  drafts: Drafts;
  library: Library;
  writings: Writings;
  eraser: Eraser;
  /** Copies the home to a new folder inside `into`. Failures: those of `HomeCopy.make`. */
  copyTo(into: string, name: string, options?: CopyOptions): Promise<HomeCopy>;
  /**
   * Records in `place` that `copy` is the home from the next start on; returns false, and records nothing, if something has been written
   * since the copy was made. Nothing may be written from then on. Failures: disk-full, unwritable.
   */
  moveTo(copy: HomeCopy, place: string): boolean;
  /** Writes waiting items and releases the home. */
  close(): void;
}

/** A read-only command holds the lock for a few milliseconds; a writer that starts at that moment should not be refused. */
const writerPatienceMs = 500;

/**
 * Opens a home for writing, creating it if it is missing; runs, answers and data left unfinished by an ended program are settled.
 * Failures: home-in-use, newer-database, corrupt-file, unwritable, disk-full.
 */
export function openServices(folder = homeFolder(), patienceMs = writerPatienceMs): Services {
  const home = homeIn(folder);
  makeHome(home);
  const lock = takeWriterLock(home.folder, patienceMs);
  let store: Store | undefined;
  try {
    store = openDatabase(home.database);
    settlePlace(store, home);
    removeUnfinishedFolders(home.datasets);
    removeUnfinishedFolders(receivedIn(home));
    tidyCache(home);
    const services = servicesOn(home, store, lock.release);
    services.dataSets.removeUnused();
    services.runs.settleInterrupted();
    removeLeftFiles(services);
    services.conversations.settleInterrupted();
    services.texts.tidy();
    services.writings.settleInterrupted();
    return services;
  } catch (error) {
    store?.close();
    lock.release();
    throw error;
  }
}

/** Removes files that finished runs no longer need, left by a program that was killed just then. Only for the home's single writer. */
function removeLeftFiles({ home, runs }: Services): void {
  for (const { id } of runs.done()) {
    try {
      removeLeftResumableFiles(join(home.runs, id));
    } catch {
      // Another program has one open; the next start tries again.
    }
  }
}

/**
 * Opens a home for reading, even while another process writes it; every call that writes fails with unwritable. A home that is new,
 * of an older version or unsettled is repaired first, unless another process is its writer. Failures as of `openServices`;
 * home-in-use only if an older program holds the home and its database cannot be read as it is.
 */
export function openServicesToRead(folder = homeFolder()): Services {
  const unrepaired = repair(folder);
  const home = homeIn(folder);
  const store = openDatabaseToRead(home.database);
  if (store === null)
    throw unrepaired ?? new AppError({ code: "not-found", path: home.database, what: "database" });
  return servicesOn(home, store, () => {});
}

function repair(folder: string): AppError | null {
  try {
    openServices(folder, 0).close();
    return null;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

function servicesOn(home: Home, store: Store, release: () => void): Services {
  const evaluations = new Evaluations(store);
  const runs = new Runs(store, evaluations);
  const texts = new KeptTexts(home, store);
  const conversations = new Conversations(store, texts);
  const datasets = new Datasets(store);
  const writeWaiting = () => {
    runs.close();
    conversations.close();
  };
  return {
    home,
    models: new Models(store),
    datasets,
    dataSets: new DataSets(home, store, datasets),
    runs,
    evaluations,
    conversations,
    texts,
    corrections: new Corrections(store),
    settings: new SettingsService(store),
    drafts: new Drafts(store),
    library: new Library(store),
    writings: new Writings(store),
    eraser: new Eraser(home, store),
    copyTo: (into, name, options) => HomeCopy.make({ home, store }, into, name, options),
    moveTo(copy, place) {
      writeWaiting();
      store.pragma("wal_checkpoint(truncate)"); // so that closing it does not write the file
      if (!copy.isCurrent()) return false;
      writeMoved(place, { folder: copy.folder, from: home.folder, copied: copy.contents() });
      return true;
    },
    close() {
      try {
        writeWaiting();
      } finally {
        store.close();
        release();
      }
    },
  };
}
