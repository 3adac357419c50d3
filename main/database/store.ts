import type Database from "better-sqlite3";
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from "kysely";
import type { Compilable } from "kysely";
import { AppError, failureOf } from "../../native-models/failure.ts";
import { searchable } from "../../preload/contract/searchable.ts";
import { explained } from "../sqlite-failures.ts";
import { backupsOf, removeBackups } from "./migrate.ts";
import type { Schema } from "./schema.ts";

/** The typed query builder. It only builds queries: a `Store` runs them synchronously (docs/decisions/0003). */
export const query = new Kysely<Schema>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (database) => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

/** If less space than this is free, the file is not rewritten: SQLite reuses the space. */
const WORTH_REWRITING_BYTES = 32 * 2 ** 20;

/** Pages that a copy writes between two yields to other work. */
const PAGES_AT_A_TIME = 256;

/**
 * An open database. Every call is synchronous: when it returns, its rows are on disk, or, within `transaction`, will be when that
 * returns. Failures: disk-full, unwritable (also every write to a read-only store), corrupt-file.
 * store.all(query.selectFrom("runs").select(["id", "state"]).where("state", "=", "paused"))
 */
export class Store {
  readonly path: string;
  readonly #database: Database.Database;
  readonly #statements = new Map<string, Database.Statement>();

  constructor(database: Database.Database) {
    this.path = database.name;
    this.#database = database;
    // SQLite's own `lower` and `like` only handle ASCII letters.
    database.function("searchable", { deterministic: true }, (text: string) => searchable(text));
  }

  /** All rows of a query. */
  all<Row>(made: Compilable<Row>): Row[] {
    const { sql, parameters } = made.compile();
    return explained(this.path, () => this.#statement(sql).all(...parameters) as Row[]);
  }

  /** The rows of a query one by one: those that the caller does not get to are not read. Nothing can be written meanwhile. */
  *each<Row>(made: Compilable<Row>): Generator<Row> {
    const { sql, parameters } = made.compile();
    const rows = explained(this.path, () => this.#statement(sql).iterate(...parameters));
    try {
      for (;;) {
        const { done, value } = explained(this.path, () => rows.next());
        if (done) return;
        yield value as Row;
      }
    } finally {
      rows.return?.();
    }
  }

  /** The first row of a query, or null. */
  first<Row>(made: Compilable<Row>): Row | null {
    const { sql, parameters } = made.compile();
    return explained(this.path, () => {
      const statement = this.#statement(sql);
      // `get` abandons a statement after its first row, and an error while its change is then committed is not reported.
      const row = statement.readonly ? statement.get(...parameters) : statement.all(...parameters)[0];
      return (row as Row | undefined) ?? null;
    });
  }

  /** Runs a statement that returns no rows; returns the number of changed rows. */
  run(made: Compilable): number {
    const { sql, parameters } = made.compile();
    return explained(this.path, () => this.#statement(sql).run(...parameters).changes);
  }

  /** Runs `work` atomically. Nested calls join the outermost. */
  transaction<Result>(work: () => Result): Result {
    if (this.#database.inTransaction) return work();
    return explained(this.path, () => this.#database.transaction(work).immediate());
  }

  /** Reads an SQLite setting or check, e.g. "integrity_check". */
  pragma(name: string): unknown {
    return explained(this.path, () => this.#database.pragma(name, { simple: true }));
  }

  /** Different after every change of the database, whichever connection made it. */
  version(): string {
    const changes = explained(this.path, () => this.#statement("select total_changes()").pluck().get());
    return `${String(this.pragma("data_version"))} ${String(changes)}`;
  }

  /**
   * Deleted data is already overwritten in the file (secure_delete); this empties the write-ahead log, which still has it, removes
   * the backups from before migrations, which may have it too, and returns free pages to the disk if that justifies rewriting the
   * file, and if there is space for that.
   */
  forget(): void {
    const [pages, freePages, pageBytes] = ["page_count", "freelist_count", "page_size"].map(
      (name) => this.pragma(name) as number,
    ) as [number, number, number];
    const worthIt = freePages * pageBytes > WORTH_REWRITING_BYTES && freePages > pages / 4;
    if (worthIt) this.#vacuum();
    this.pragma("wal_checkpoint(truncate)");
    if (!this.#database.memory) removeBackups(backupsOf(this.path));
  }

  #vacuum(): void {
    try {
      explained(this.path, () => this.#database.exec("vacuum"));
    } catch (error) {
      // It needs as much space as it returns at most; what was to be deleted is deleted.
      if (failureOf(error).code !== "disk-full") throw error;
    }
  }

  /** Copies the live database consistently to a new file; `onBytes` receives the bytes copied since the last call. */
  async backUp(path: string, onBytes: (bytes: number) => void): Promise<void> {
    const pageBytes = this.pragma("page_size") as number;
    let copiedBefore = 0;
    try {
      await this.#database.backup(path, {
        progress: ({ totalPages, remainingPages }) => {
          const copied = totalPages - remainingPages;
          onBytes(Math.max(0, copied - copiedBefore) * pageBytes);
          copiedBefore = Math.max(copiedBefore, copied);
          return PAGES_AT_A_TIME;
        },
      });
    } catch (error) {
      throw error instanceof AppError
        ? error
        : explained(path, () => {
            throw error;
          });
    }
  }

  close(): void {
    this.#database.close();
  }

  #statement(sql: string): Database.Statement {
    let statement = this.#statements.get(sql);
    if (!statement) this.#statements.set(sql, (statement = this.#database.prepare(sql)));
    return statement;
  }
}
