/** Answers that a person corrected, with what was asked: kept in the database, and taught by improvements (services/runs/improving.ts). */
import { sql } from "kysely";
import type { Selectable } from "kysely";
import { fail } from "../../../native-models/failure.ts";
import type { Correction, CorrectionText, HeldOutSplit } from "../../../preload/contract/correction.ts";
import type { Message } from "../../../preload/contract/data.ts";
import type { CorrectionsTable } from "../../database/schema.ts";
import { query } from "../../database/store.ts";
import type { Store } from "../../database/store.ts";
import { now } from "../../database/time.ts";

/** What is corrected: an answer of a run's model, in a conversation or not. */
export interface CorrectedAnswer {
  /** The first of the runs that the model descends from. */
  readonly lineage: string;
  readonly run: string;
  readonly place: { readonly conversation: number; readonly message: number } | null;
  readonly before: readonly Message[];
  readonly wrong: string;
}

/** Failures of every call: disk-full, unwritable, corrupt-file. */
export class Corrections {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Stores a correction; an answer that was corrected before has the new one. Gives its id. */
  save(
    { place, before, ...answer }: CorrectedAnswer,
    text: CorrectionText,
    heldOut: HeldOutSplit | null,
  ): number {
    const updatedAt = now();
    const change = { ...text, before: JSON.stringify(before), heldOut, updatedAt };
    const row = {
      ...answer,
      ...change,
      conversationId: place?.conversation ?? null,
      message: place?.message ?? null,
      createdAt: updatedAt,
    };
    const stored = query
      .insertInto("corrections")
      .values(row)
      .onConflict((same) => same.column("message").doUpdateSet(change))
      .returning("id");
    return this.#store.first(stored)!.id;
  }

  /** Forgets a correction: also its text on disk. Failure: not-found. */
  remove(id: number): void {
    if (this.#delete([id]) === 0) fail({ code: "not-found", path: String(id), what: "correction" });
  }

  /** Forgets those of them that are there. */
  removeAll(ids: readonly number[]): void {
    if (ids.length > 0) this.#delete(ids);
  }

  #delete(ids: readonly number[]): number {
    const removed = this.#store.run(query.deleteFrom("corrections").where("id", "in", ids));
    this.#store.forget();
    return removed;
  }

  /** Those of a conversation's answers. */
  ofConversation(id: number): Correction[] {
    return this.#store.all(all.where("conversationId", "=", id)).map(correctionOf);
  }

  /** Those of the models that descend from a run, oldest first. */
  ofLineage(lineage: string): Correction[] {
    return this.#store.all(all.where("lineage", "=", lineage)).map(correctionOf);
  }

  /** The lineages that have corrections, and when one of each was last changed. */
  lineages(): { lineage: string; changedAt: string }[] {
    return this.#store.all(
      query
        .selectFrom("corrections")
        .select(["lineage", sql<string>`max(updatedAt)`.as("changedAt")])
        .groupBy("lineage"),
    );
  }
}

const all = query.selectFrom("corrections").selectAll().orderBy("id");

function correctionOf({ before, ...row }: Selectable<CorrectionsTable>): Correction {
  const { id, run, message, wrong, right, passage, heldOut, createdAt, updatedAt } = row;
  const messages = JSON.parse(before) as Message[];
  return { id, run, message, before: messages, wrong, right, passage, heldOut, createdAt, updatedAt };
}
