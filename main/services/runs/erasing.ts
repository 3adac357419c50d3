/** Deletes runs for good: their folders, their models, their database entries, and the data that only they used. */
import { sql } from "kysely";
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { fail } from "../../../native-models/failure.ts";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import { remove } from "../../../native-models/formats/atomic.ts";
import { pathInside } from "../../../native-models/formats/path-inside.ts";
import { PRECISIONS } from "../../../native-models/inference/precision.ts";
import type { Erasing } from "../../../preload/contract/calls/library.ts";
import { query } from "../../database/store.ts";
import type { Store } from "../../database/store.ts";
import type { Home } from "../../home/home.ts";
import { chatCacheFolder } from "../chat/chat-engine.ts";
import { KeptTexts } from "../chat/kept-texts.ts";
import { bytesOf } from "../home/kept-folders.ts";
import { belongsTo, isNamedAfterRun } from "./run-id.ts";

type Part = Omit<Erasing["parts"][number], "bytes">;

/** The folders that a run needs or made. */
interface Places {
  readonly id: string;
  /** Its own model. */
  readonly output: string;
  /** The model that it started from: a folder, or a file. */
  readonly model: string;
  readonly data: string;
}

/** Data that belongs only to these runs. */
interface Belongings {
  readonly parts: readonly Part[];
  readonly stays: Erasing["stays"];
  /** The names by which conversations refer to their models. */
  readonly references: readonly string[];
}

/** Failures of every call: unknown-run, disk-full, unwritable, corrupt-file. */
export class Eraser {
  readonly #home: Home;
  readonly #store: Store;

  constructor(home: Home, store: Store) {
    this.#home = home;
    this.#store = store;
  }

  /** What deleting these runs frees, what is kept, and which of them are active. */
  async look(ids: readonly string[]): Promise<Omit<Erasing, "corrections">> {
    const { parts, stays, references } = this.#belongings(ids);
    const sized = await Promise.all(
      parts.map(async (part) => ({ ...part, bytes: await bytesOf([part.path]) })),
    );
    return {
      parts: sized.filter(({ bytes }) => bytes > 0),
      bytes: sized.reduce((sum, { bytes }) => sum + bytes, 0),
      conversations: this.#store.all(conversationsWith(references)).length,
      stays,
      running: this.#running(ids),
    };
  }

  /** What has to end before these runs are deleted: conversations with their models, and their models, by path. */
  inUse(ids: readonly string[]): { conversations: number[]; models: string[] } {
    const { parts, references } = this.#belongings(ids);
    return {
      conversations: this.#store.all(conversationsWith(references)).map(({ id }) => id),
      models: parts.filter(({ what }) => what === "model").map(({ path }) => path),
    };
  }

  /**
   * Erases these runs, and with `conversations` also the conversations with their models. Returns the freed bytes. A crash leaves at worst
   * runs without files, which can be erased again. Failure: bad-choice if one of them is running.
   */
  async erase(ids: readonly string[], { conversations = true } = {}): Promise<number> {
    const [running] = this.#running(ids);
    if (running !== undefined) refuseChoice({ code: "run-running", run: running });
    const belongings = this.#belongings(ids);
    const bytes = await bytesOf(belongings.parts.map(({ path }) => path));
    for (const { path } of belongings.parts) await remove(path);
    this.#forget(ids, belongings, conversations);
    new KeptTexts(this.#home, this.#store).tidy();
    return bytes;
  }

  #belongings(ids: readonly string[]): Belongings {
    const runs = this.#placesOfRuns();
    const others = runs.filter(({ id }) => !ids.includes(id));
    const names = existsSync(this.#home.models) ? readdirSync(this.#home.models) : [];
    const parts: Part[] = [];
    const stays: Erasing["stays"] = [];
    const references: string[] = [];
    const seen = new Set<string>();
    const decide = (what: "model" | "data", path: string, home: string) => {
      if (seen.has(path)) return false;
      seen.add(path);
      const used = others.some((run) => run[what] === path || run[what].startsWith(path + sep));
      const why = used ? "used" : !pathInside(home, path) ? "elsewhere" : this.#isKept(path) ? "kept" : null;
      if (why === null) parts.push({ what, path });
      else if (existsSync(path)) stays.push({ what, path, why });
      return why === null;
    };
    for (const id of ids) {
      const run = runs.find((one) => one.id === id) ?? fail({ code: "unknown-run", run: id });
      parts.push({ what: "checkpoints", path: join(this.#home.runs, id) });
      references.push(id);
      for (const path of [run.output, ...this.#otherDepths(id, runs, names), ...this.#inherited(run, runs)]) {
        references.push(path);
        if (decide("model", path, this.#home.models))
          for (const cache of chatCaches(this.#home, path)) parts.push({ what: "cache", path: cache });
      }
      decide("data", run.data, this.#home.datasets);
    }
    return { parts, stays, references };
  }

  #placesOfRuns(): Places[] {
    const places = query
      .selectFrom("runs")
      .select(["id", "output"])
      .select([
        sql<string>`plan ->> '$.model.path'`.as("model"),
        sql<string>`plan ->> '$.data.path'`.as("data"),
      ]);
    return this.#store
      .all(places)
      .map(({ output, ...run }) => ({ ...run, output: output ?? join(this.#home.models, run.id) }));
  }

  /** Models of other depths of the run: those of `names` that are ID-DEPTH, unless they belong to another run. */
  #otherDepths(id: string, runs: readonly Places[], names: readonly string[]): string[] {
    const longer = runs.filter((other) => other.id.startsWith(`${id}-`));
    return names
      .filter((name) => name.startsWith(`${id}-`) && !longer.some((other) => name.startsWith(other.id)))
      .map((name) => join(this.#home.models, name));
  }

  /** The model that the run started from, if it was made by a run that has been deleted: it stayed only for those that needed it. */
  #inherited({ model }: Places, runs: readonly Places[]): string[] {
    const folder = statSync(model, { throwIfNoEntry: false })?.isFile() ? dirname(model) : model;
    const name = basename(folder);
    const isOfRun = runs.some(({ id, output }) => output === folder || belongsTo(id, name));
    return dirname(folder) === this.#home.models && isNamedAfterRun(name) && !isOfRun ? [folder] : [];
  }

  /** Whether a person named this data, so that it is not deleted with its last run. */
  #isKept(folder: string): boolean {
    const kept = query.selectFrom("datasets").select("id").where("folder", "=", folder).where("kept", "=", 1);
    return this.#store.first(kept) !== null;
  }

  #running(ids: readonly string[]): string[] {
    const running = query.selectFrom("runs").select("id").where("state", "=", "running");
    return this.#store.all(running.where("id", "in", ids)).map(({ id }) => id);
  }

  #forget(ids: readonly string[], { parts, references }: Belongings, conversations: boolean): void {
    const gone = parts.map(({ path }) => path);
    const models = query.selectFrom("models").select("id").where("path", "in", gone);
    this.#store.transaction(() => {
      if (conversations) {
        const talks = this.#store.all(conversationsWith(references)).map(({ id }) => id);
        this.#store.run(query.deleteFrom("messages").where("conversationId", "in", talks));
        this.#store.run(query.deleteFrom("conversations").where("id", "in", talks));
      }
      this.#store.run(query.deleteFrom("runs").where("id", "in", ids));
      this.#store.run(withoutRuns);
      this.#store.run(query.deleteFrom("evaluations").where("modelId", "in", models));
      this.#store.run(query.deleteFrom("models").where("path", "in", gone));
      this.#store.run(query.deleteFrom("datasets").where("folder", "in", gone));
    });
    this.#store.forget();
  }
}

/** Deletes corrections of models that have no run left; copies that were kept as a data set stay. */
const withoutRuns = query
  .deleteFrom("corrections")
  .where(
    "lineage",
    "not in",
    query
      .selectFrom("runs")
      .select(sql<string>`coalesce(plan ->> '$.improvement.lineage', id)`.as("lineage")),
  );

function conversationsWith(references: readonly string[]) {
  return query
    .selectFrom("conversations")
    .select("id")
    .where((row) => row.or([row("model", "in", references), row("besideModel", "in", references)]));
}

function chatCaches(home: Home, model: string): string[] {
  return existsSync(model) ? PRECISIONS.map((precision) => chatCacheFolder(home, model, precision)) : [];
}
