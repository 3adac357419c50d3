/** Runs that started from the model of another run: they carry the data that it was trained on. */
import { sql } from "kysely";
import { join, sep } from "node:path";
import type { Descendant } from "../../../preload/contract/data/data-set.ts";
import { query } from "../../database/store.ts";
import type { Store } from "../../database/store.ts";
import type { Home } from "../../home/home.ts";

/** A run, and the run whose model it started from. */
export interface Heir {
  readonly id: string;
  readonly name: string;
  readonly parent: { readonly id: string; readonly name: string };
}

/** All runs that started from the model of a run that still exists: from its result, or from another depth (useDepth). Newest first. */
export function heirsIn(store: Store, { models }: Pick<Home, "models">): Heir[] {
  const runs = store
    .all(
      query
        .selectFrom("runs")
        .select(["id", "name", "output", "createdAt"])
        .select(sql<string>`plan ->> '$.model.path'`.as("model"))
        .select(sql<string | null>`plan ->> '$.improvement.of'`.as("improved"))
        .orderBy("createdAt", "desc")
        .orderBy("id"),
    )
    .map((run) => {
      const output = run.output ?? join(models, run.id);
      return { ...run, output, inside: output + sep, otherDepth: join(models, `${run.id}-`) };
    });
  return runs.flatMap(({ id, name, createdAt, model, improved }) => {
    const others = runs.filter((run) => run.id !== id && run.createdAt <= createdAt);
    const parent =
      others.find((run) => run.id === improved || run.output === model || model.startsWith(run.inside)) ??
      // the model of another depth; one run's id may begin with another's
      longest(others.filter((run) => model.startsWith(run.otherDepth)));
    return parent ? [{ id, name, parent: { id: parent.id, name: parent.name } }] : [];
  });
}

function longest<Run extends { readonly id: string }>(runs: readonly Run[]): Run | undefined {
  return runs.reduce<Run | undefined>(
    (found, run) => (found && found.id.length > run.id.length ? found : run),
    undefined,
  );
}

/** The runs, besides `own`, that started from a model of `own` or of another descendant, newest first. */
export function descendantsOf(own: readonly { readonly id: string }[], heirs: readonly Heir[]): Descendant[] {
  const carriers = new Set(own.map(({ id }) => id));
  for (let before = -1; before < carriers.size;) {
    before = carriers.size;
    for (const { id, parent } of heirs) if (carriers.has(parent.id)) carriers.add(id);
  }
  return heirs
    .filter(({ id }) => carriers.has(id) && !own.some((run) => run.id === id))
    .map(({ id, name, parent }) => ({ id, name, from: parent.name }));
}
