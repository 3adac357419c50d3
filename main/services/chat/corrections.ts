/** Corrected answers with their questions: kept in the database, and learnt in improvements (services/runs/improving.ts). */
import { sql } from "kysely";
import type { Selectable } from "kysely";
import { fail } from "../../../native-models/failure.ts";
import type { Correction, CorrectionText, HeldOutSplit } from "../../../preload/contract/chat/correction.ts";
import type { Message } from "../../../preload/contract/data/data.ts";
import type { CorrectionsTable } from "../../database/schema.ts";
import { query } from "../../database/store.ts";
import type { Store } from "../../database/store.ts";
import { now } from "../../database/time.ts";

/** The answer that is corrected: one of a run's model, whether or not it was given in a conversation. */
export interface CorrectedAnswer {
  /** The first run that the model descends from. */
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

  /** Stores a correction, which replaces an earlier one of the same answer. Returns its id. */
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

  /** Deletes a correction, including its text on disk. Failure: not-found. */
  remove(id: number): void {
    if (this.#delete([id]) === 0) fail({ code: "not-found", path: String(id), what: "correction" });
  }

  /** Deletes those of the corrections that exist. */
  removeAll(ids: readonly number[]): void {
    if (ids.length > 0) this.#delete(ids);
  }

  #delete(ids: readonly number[]): number {
    const removed = this.#store.run(query.deleteFrom("corrections").where("id", "in", ids));
    this.#store.forget();
    return removed;
  }

  /** The corrections of a conversation's answers. */
  ofConversation(id: number): Correction[] {
    return this.#store.all(all.where("conversationId", "=", id)).map(correctionOf);
  }

  /** The corrections of all models that descend from a run, oldest first. */
  ofLineage(lineage: string): Correction[] {
    return this.#store.all(all.where("lineage", "=", lineage)).map(correctionOf);
  }

  /** The lineages that have corrections, and when the corrections of each were last changed. */
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
