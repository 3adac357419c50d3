/** Writings and their questions in the database: first a journal while a model writes, then a list that a person looks through. */
import { sql } from "kysely";
import type { Selectable, Updateable } from "kysely";
import { Failure } from "../../../preload/contract/failures/failure.ts";
import { fail } from "../../../native-models/failure.ts";
import type { QuestionChange, QuestionsAsked } from "../../../preload/contract/calls/questions.ts";
import { QuestionKind, QuestionState } from "../../../preload/contract/questions/written-questions.ts";
import type {
  StoredPassage,
  ThrownReason,
  Writing,
  WrittenQuestion,
} from "../../../preload/contract/questions/written-questions.ts";
import { searchable } from "../../../preload/contract/searchable.ts";
import type { WritingsTable } from "../../database/schema.ts";
import { query } from "../../database/store.ts";
import type { Store } from "../../database/store.ts";
import { now } from "../../database/time.ts";
import type { KnownQuestion, PassageToWriteFrom, WrittenFromPassages } from "./writing-from-passages.ts";

export interface NewWriting {
  readonly dataSet: number;
  readonly name: string;
  readonly model: string;
  readonly modelName: string;
  readonly kinds: readonly QuestionKind[];
  /** In the order in which they are used. */
  readonly passages: readonly StoredPassage[];
}

/** The texts of a question. */
export interface AskedAndAnswered {
  readonly question: string;
  readonly answer: string;
}

/** The state and texts of a question before a change. */
interface Before extends AskedAndAnswered {
  readonly state: QuestionState;
}

/** The most questions that "not in the text" chooses from. */
const MOST_KNOWN = 500;

/** Failures of every call: disk-full, unwritable, corrupt-file; with an id: not-found. */
export class Writings {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Newest first. */
  list(): Writing[] {
    const rows = this.#store.all(query.selectFrom("writings").selectAll().orderBy("id", "desc"));
    return rows.map((row) => this.#writingOf(row));
  }

  get(id: number): Writing {
    const row = this.#store.first(query.selectFrom("writings").selectAll().where("id", "=", id));
    return row ? this.#writingOf(row) : fail({ code: "not-found", path: String(id), what: "writing" });
  }

  /** Whether a writing still exists: it is deleted with its data set. */
  has(id: number): boolean {
    return this.#store.first(query.selectFrom("writings").select("id").where("id", "=", id)) !== null;
  }

  create({ dataSet: datasetId, passages, kinds, ...entry }: NewWriting): number {
    return this.#store.transaction(() => {
      const values = {
        ...entry,
        datasetId,
        kinds: JSON.stringify(kinds),
        state: "stopped",
        createdAt: now(),
      } as const;
      const { id } = this.#store.first(query.insertInto("writings").values(values).returning("id"))!;
      for (const passage of passages)
        this.#store.run(query.insertInto("writingPassages").values({ ...passage, writingId: id }));
      return id;
    });
  }

  /** Begins or resumes a writing for this many more minutes; null: until all passages are done. */
  begin(id: number, minutes: number | null): void {
    const mostSeconds = minutes === null ? null : this.get(id).seconds + 60 * minutes;
    this.#update(id, { state: "writing", mostSeconds, failure: null });
  }

  end(id: number, state: "stopped" | "done" | "failed", failure: Failure | null = null): void {
    this.#update(id, { state, failure: failure && JSON.stringify(failure) });
  }

  /** Marks writings as stopped that were in progress when their program ended. */
  settleInterrupted(): void {
    this.#store.run(query.updateTable("writings").set({ state: "stopped" }).where("state", "=", "writing"));
  }

  erase(id: number): void {
    this.#store.run(query.deleteFrom("writings").where("id", "=", id));
    this.#store.forget();
  }

  /** The next passages that are not done. */
  next(id: number, limit: number): PassageToWriteFrom[] {
    return this.#store.all(
      query
        .selectFrom("writingPassages")
        .select(["id", "passage", "document", "place", "split"])
        .where("writingId", "=", id)
        .where("done", "=", 0)
        .orderBy("id")
        .limit(limit),
    );
  }

  /** Stores what was written from passages, and marks them as done: all of it, or nothing. */
  record(
    id: number,
    passages: readonly PassageToWriteFrom[],
    { kept, thrown }: WrittenFromPassages,
    seconds: number,
  ): void {
    this.#store.transaction(() => {
      const before = this.get(id);
      const sum: Partial<Record<ThrownReason, number>> = { ...before.thrown };
      for (const [reason, count] of Object.entries(thrown) as [ThrownReason, number][])
        sum[reason] = (sum[reason] ?? 0) + count;
      for (const { checks, ...question } of kept)
        this.#store.run(
          query
            .insertInto("writtenQuestions")
            .values({ ...question, writingId: id, checks: JSON.stringify(checks) }),
        );
      const ids = passages.map((passage) => passage.id);
      this.#store.run(query.updateTable("writingPassages").set({ done: 1 }).where("id", "in", ids));
      this.#update(id, { thrown: JSON.stringify(sum), seconds: before.seconds + seconds });
    });
  }

  /** All questions, also those that were dropped. */
  all(id: number): AskedAndAnswered[] {
    return this.#store.all(
      query.selectFrom("writtenQuestions").select(["question", "answer"]).where("writingId", "=", id),
    );
  }

  /** The questions for "not in the text": the newest that were not dropped to choose from, and all those that it has asked. */
  known(id: number): KnownQuestion[] {
    const all = this.#questions()
      .select(["kind", "question", "answer", "passageId", "document", "split"])
      .where("writtenQuestions.writingId", "=", id)
      .orderBy("writtenQuestions.id", "desc");
    return [
      ...this.#store.all(
        all.where("kind", "!=", "not-in-text").where("state", "!=", "dropped").limit(MOST_KNOWN),
      ),
      ...this.#store.all(all.where("kind", "=", "not-in-text")),
    ];
  }

  /** The ids of matching questions, in the requested order. */
  find({ id, search, states, kinds, splits, order }: QuestionsAsked): number[] {
    const wanted = searchable(search.trim());
    const has = (column: "question" | "answer" | "document") =>
      sql<boolean>`instr(searchable(${sql.ref(column)}), ${wanted}) > 0`;
    const chosen = this.#questions()
      .where("writtenQuestions.writingId", "=", id)
      .where("state", "in", states)
      .where("kind", "in", kinds)
      .where("split", "in", splits);
    const asked =
      wanted === ""
        ? chosen
        : chosen.where((where) => where.or([has("question"), has("answer"), has("document")]));
    const sorted =
      order === "doubt"
        ? asked.orderBy("doubt", "desc").orderBy("writtenQuestions.id")
        : asked.orderBy("document").orderBy("place").orderBy("writtenQuestions.id");
    return this.#store.all(sorted.select("writtenQuestions.id")).map((row) => row.id);
  }

  /** The questions with these ids that still exist, in this order. */
  read(ids: readonly number[]): WrittenQuestion[] {
    const rows = this.#store.all(
      this.#questions()
        .select(QUESTION_COLUMNS)
        .where(
          "writtenQuestions.id",
          "in",
          sql<number>`(select value from json_each(${JSON.stringify(ids)}))`,
        ),
    );
    const found = new Map(rows.map((row) => [row.id, questionOf(row)]));
    return ids.flatMap((id) => found.get(id) ?? []);
  }

  /** All questions that become rows, in the order in which they were written. */
  rows(id: number, onlyChecked: boolean): WrittenQuestion[] {
    const states: QuestionState[] = onlyChecked ? ["kept", "edited"] : ["unseen", "kept", "edited"];
    return this.#store
      .all(
        this.#questions()
          .select(QUESTION_COLUMNS)
          .where("writtenQuestions.writingId", "=", id)
          .where("state", "in", states)
          .orderBy("writtenQuestions.id"),
      )
      .map(questionOf);
  }

  question(id: number): WrittenQuestion {
    const row = this.#store.first(
      this.#questions().select(QUESTION_COLUMNS).where("writtenQuestions.id", "=", id),
    );
    return row ? questionOf(row) : fail({ code: "not-found", path: String(id), what: "question" });
  }

  /** Changes a question, and returns it. */
  change(id: number, change: QuestionChange): WrittenQuestion {
    return this.#store.transaction(() => {
      const { changes, ...before } = this.#before(id);
      this.#store.run(
        query
          .updateTable("writtenQuestions")
          .set({ ...change, changes: JSON.stringify([...changes, before]) })
          .where("id", "=", id),
      );
      return this.question(id);
    });
  }

  /** Undoes the last change, if there is one, and returns the question. */
  undo(id: number): WrittenQuestion {
    return this.#store.transaction(() => {
      const { changes } = this.#before(id);
      const last = changes.at(-1);
      if (last)
        this.#store.run(
          query
            .updateTable("writtenQuestions")
            .set({ ...last, changes: JSON.stringify(changes.slice(0, -1)) })
            .where("id", "=", id),
        );
      return this.question(id);
    });
  }

  #before(id: number): Before & { changes: readonly Before[] } {
    const row = this.#store.first(
      query
        .selectFrom("writtenQuestions")
        .select(["state", "question", "answer", "changes"])
        .where("id", "=", id),
    );
    if (!row) return fail({ code: "not-found", path: String(id), what: "question" });
    return { ...row, changes: JSON.parse(row.changes) as Before[] };
  }

  #questions() {
    return query
      .selectFrom("writtenQuestions")
      .innerJoin("writingPassages", "writingPassages.id", "writtenQuestions.passageId");
  }

  #update(id: number, values: Updateable<WritingsTable>): void {
    this.#store.run(query.updateTable("writings").set(values).where("id", "=", id));
  }

  #writingOf(row: Selectable<WritingsTable>): Writing {
    const { id, datasetId, kinds, failure, thrown, seconds, mostSeconds, state, ...entry } = row;
    const passages = this.#store.first(
      query
        .selectFrom("writingPassages")
        .select([sql<number>`coalesce(sum(done), 0)`.as("done"), sql<number>`count(*)`.as("of")])
        .where("writingId", "=", id),
    )!;
    const counts = this.#store.all(
      query
        .selectFrom("writtenQuestions")
        .select(["state", sql<number>`count(*)`.as("count")])
        .where("writingId", "=", id)
        .groupBy("state"),
    );
    const none = Object.fromEntries(QuestionState.options.map((name) => [name, 0]));
    return {
      ...entry,
      id,
      dataSet: datasetId,
      state,
      seconds,
      mostSeconds,
      passages,
      kinds: QuestionKind.array().parse(JSON.parse(kinds)),
      failure: failure === null ? null : Failure.parse(JSON.parse(failure)),
      questions: {
        ...none,
        ...Object.fromEntries(counts.map(({ state, count }) => [state, count])),
      } as Writing["questions"],
      thrown: JSON.parse(thrown) as Writing["thrown"],
      secondsLeft: secondsLeft(passages, seconds, mostSeconds),
    };
  }
}

/** The seconds at the pace so far until all passages are done, or until the time is up. */
function secondsLeft(
  { done, of }: Writing["passages"],
  seconds: number,
  mostSeconds: number | null,
): number | null {
  if (done === 0) return null;
  const all = ((of - done) * seconds) / done;
  return mostSeconds === null ? all : Math.max(0, Math.min(all, mostSeconds - seconds));
}

const QUESTION_COLUMNS = [
  "writtenQuestions.id",
  "kind",
  "question",
  "answer",
  "evidence",
  "passage",
  "document",
  "place",
  "split",
  "doubt",
  "state",
  "changes",
] as const;

function questionOf({
  changes,
  ...row
}: Omit<WrittenQuestion, "isChanged"> & { changes: string }): WrittenQuestion {
  return { ...row, isChanged: changes !== "[]" };
}
