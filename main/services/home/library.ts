/** The library's overview: runs with their headline figures, and the models that they started from. */
import { sql } from "kysely";
import { Failure } from "../../../preload/contract/failures/failure.ts";
import type { Headline, LibraryModel, LibraryRun, Share } from "../../../preload/contract/calls/library.ts";
import { MadeQuestions } from "../../../preload/contract/data/data.ts";
import type { Verdict } from "../../../preload/contract/runs/verdicts.ts";
import type { RunState, Subject } from "../../../preload/contract/runs/run.ts";
import { query } from "../../database/store.ts";
import type { Store } from "../../database/store.ts";

/** Failures of every call: corrupt-file. */
export class Library {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Runs, newest first: those of `ids`, or `limit` of them from `offset`. */
  runs(which: { ids: readonly string[] } | { offset: number; limit: number } = everything): LibraryRun[] {
    const rows =
      "ids" in which
        ? runsWithFigures.where("runs.id", "in", which.ids)
        : runsWithFigures.limit(which.limit).offset(which.offset);
    return this.#store.all(rows).map((row) => {
      const tuned = figuresOf(row.tuned);
      const base = figuresOf(row.base) ?? tuned;
      const trimmed = figuresOf(row.trimmed);
      return {
        ...row,
        failure: row.failure === null ? null : Failure.parse(JSON.parse(row.failure)),
        tags: JSON.parse(row.tags) as string[],
        units: base && base[0],
        kept: row.kept === null ? null : (JSON.parse(row.kept) as number[]),
        base: shareOf(base),
        tuned: shareOf(tuned),
        trimmed: trimmed && headlineOf(trimmed),
      };
    });
  }

  /** The number of runs in each state. */
  states(): Partial<Record<RunState, number>> {
    const counted = query
      .selectFrom("runs")
      .select(["state", sql<number>`count(*)`.as("runs")])
      .groupBy("state");
    return Object.fromEntries(this.#store.all(counted).map(({ state, runs }) => [state, runs]));
  }

  /** Open models that runs started from, most recently used first. */
  models(): LibraryModel[] {
    return this.#store.all(
      query
        .selectFrom("models")
        .select(["path", "name"])
        .select(sql<number | null>`summary ->> '$.layers'`.as("layers"))
        .select(sql<number>`(select count(*) from runs where modelId = models.id)`.as("runs"))
        .orderBy("usedAt", "desc")
        .orderBy("id", "desc"),
    );
  }
}

/** Units, accuracy with its interval, perplexity, speed, size, how the questions were made if no person wrote them, and how many of these were checked. */
type Figures = [
  units: number,
  accuracy: number | null,
  low: number | null,
  high: number | null,
  perplexity: number | null,
  tokensPerSecond: number | null,
  sizeBytes: number | null,
  made: string | null,
  checked: number | null,
];

/** The figures of a run's model, or until it is done, of its shallowest depth, as one JSON text; the row is found through an index. */
function figures(subject: Subject) {
  return sql<string | null>`(
    select json_array(units, accuracy, accuracyLow, accuracyHigh, perplexity, tokensPerSecond, sizeBytes,
      json_extract(depth, '$.evaluation.accuracy.made'), json_extract(depth, '$.evaluation.accuracy.checked'))
    from evaluations
    where id = (
      select id from evaluations
      where runId = runs.id and subject = ${sql.lit(subject)} and split = 'test'
      order by (units = runs.result ->> '$.units' and healed = runs.result ->> '$.healed') desc, units, healed desc
      limit 1))`;
}

const lastKept = sql<string | null>`coalesce(
  runs.result ->> '$.kept',
  (select kept from rounds where runId = runs.id and kept is not null order by round desc limit 1))`;

const runsWithFigures = query
  .selectFrom("runs")
  .leftJoin("models", "models.id", "runs.modelId")
  .leftJoin("datasets", "datasets.id", "runs.datasetId")
  .select(["runs.id", "runs.name", "state", "pauseReason", "phase", "round", "fraction", "secondsLeft"])
  .select(["failure", "note", "tags", "createdAt", "finishedAt"])
  .select(sql<Verdict | null>`runs.result ->> '$.verdict'`.as("verdict"))
  .select(["models.name as model", "datasets.name as data", lastKept.as("kept")])
  .select([figures("base").as("base"), figures("tuned").as("tuned"), figures("trimmed").as("trimmed")])
  .orderBy("createdAt", "desc")
  .orderBy(sql`runs.rowid`, "desc");

/** A negative limit means none. */
const everything = { offset: 0, limit: -1 };

function figuresOf(text: string | null): Figures | null {
  return text === null ? null : (JSON.parse(text) as Figures);
}

function shareOf(figures: Figures | null): Share | null {
  const [, value, low, high, , , , made, checked] = figures ?? [];
  if (typeof value !== "number" || typeof low !== "number" || typeof high !== "number") return null;
  const asked = isMade(made) ? { made, ...(typeof checked === "number" && { checked }) } : {};
  return { value, low, high, ...asked };
}

function isMade(made: unknown): made is MadeQuestions {
  return MadeQuestions.safeParse(made).success;
}

function headlineOf(figures: Figures): Headline {
  const [, , , , perplexity = null, tokensPerSecond = null, sizeBytes = null] = figures;
  return { accuracy: shareOf(figures), perplexity, tokensPerSecond, sizeBytes };
}
