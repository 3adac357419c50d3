/** The corrections of a lineage of runs as a data set, which grows from version to version. */
import { existsSync } from "node:fs";
import { AppError, fail } from "../../../native-models/failure.ts";
import type { Correction } from "../../../preload/contract/chat/correction.ts";
import type { DataSet } from "../../../preload/contract/data/data-set.ts";
import { now } from "../../database/time.ts";
import type { Corrections } from "../chat/corrections.ts";
import type { DataSets } from "../data/data-sets.ts";
import type { CorrectionRow, Reading, ReadDataset } from "../data/reading.ts";
import { lineageOf } from "../plans/improvement.ts";
import type { RunRecord } from "./runs.ts";
import type { TrimServices } from "./trim-services.ts";

export interface CorrectionServices extends TrimServices {
  readonly corrections: Corrections;
  readonly dataSets: DataSets;
}

/** A correction as a row of the data set. */
export const correctionRow = ({
  before,
  right,
  wrong,
  passage,
}: Pick<Correction, "before" | "right" | "wrong" | "passage">): CorrectionRow => ({
  messages: [...before, { role: "assistant", content: right }],
  wrong,
  passage,
});

/** The corrections of a lineage that may be trained on. */
const trainable = (corrections: readonly Correction[]): Correction[] =>
  corrections.filter(({ heldOut }) => heldOut === null);

/** The corrections of a lineage as a data set, which is not deleted before `release` is called. */
export interface KeptCorrections extends Omit<ReadDataset, "name"> {
  readonly id: number;
  release(): void;
}

/**
 * Keeps the corrections of a run's lineage as a data set. It is named like its previous version; the first one is named `name`, with a
 * number if that name is taken. Unchanged corrections stay the same version, and unused versions are replaced. Failures: too-little-data
 * without corrections that may be trained on; those of reading.
 */
export async function keepCorrections(
  services: CorrectionServices,
  reading: Reading,
  run: RunRecord,
  name: string,
): Promise<KeptCorrections> {
  const { home, corrections, dataSets } = services;
  const lineage = lineageOf(run);
  const readAt = now();
  const rows = trainable(corrections.ofLineage(lineage)).map(correctionRow);
  if (rows.length === 0) fail({ code: "too-little-data", what: "corrections", rows: 0, needed: 1 });
  const read = await reading.corrections(rows, {
    against: run.plan.data.path,
    lineage,
    model: run.output!,
    datasets: home.datasets,
  });
  const versions = versionsOf(services, lineage);
  const id = dataSets.keep(read.folder, versions[0]?.name ?? unusedName(dataSets, name));
  dataSets.markUsed(id, readAt);
  const release = dataSets.hold(id);
  try {
    for (const version of versions) if (version.id !== id) await eraseUnused(dataSets, version);
  } catch (error) {
    release();
    throw error;
  }
  return { ...read, id, release };
}

/** Deletes a version that no run has used or is about to use. */
async function eraseUnused(dataSets: DataSets, { id, runs }: DataSet): Promise<void> {
  if (runs.length === 0 && !dataSets.isHeld(id)) await dataSets.erase(id);
}

/** The corrections that an improvement trains on; undefined for other runs, and once they are deleted. */
export const correctionsOf = (sets: readonly DataSet[], run: string): DataSet | undefined =>
  sets.find(({ runs }) => runs.some(({ id, corrections }) => id === run && corrections));

/** An unused name: two runs may have the same name, but their sets of corrections are not versions of each other. */
function unusedName(dataSets: DataSets, name: string): string {
  const names = new Set(dataSets.list().map((set) => set.name));
  let unused = name;
  for (let number = 2; names.has(unused); number++) unused = `${name} ${number}`;
  return unused;
}

/** The versions of a lineage's data set, the last kept first. */
function versionsOf({ dataSets }: CorrectionServices, lineage: string): DataSet[] {
  return dataSets
    .list()
    .filter((set) => set.corrections && set.lineage === lineage)
    .sort((a, b) => (a.usedAt < b.usedAt ? 1 : a.usedAt > b.usedAt ? -1 : b.id - a.id));
}

/** The version that was kept last; `isPresent`: it has the current corrections, the latest change of which was at `changedAt`. */
function lastKept(
  services: CorrectionServices,
  lineage: string,
  changedAt = "",
): { set: DataSet | undefined; rows: readonly Correction[]; isPresent: boolean } {
  const [set] = versionsOf(services, lineage);
  const rows = trainable(services.corrections.ofLineage(lineage));
  const isPresent = set ? set.usedAt >= changedAt && set.rows.train === rows.length : rows.length === 0;
  return { set, rows, isPresent };
}

/**
 * Brings the data sets of all corrections up to date; `nameOf` gives the name of a run's set. A lineage is left as it is if it has no run
 * with a model and data any more, or if its corrections cannot be read: improving it will report why.
 */
export async function keepAllCorrections(
  services: CorrectionServices,
  reading: Reading,
  nameOf: (run: string) => string,
): Promise<void> {
  const { corrections, dataSets, runs } = services;
  const changes = new Map(corrections.lineages().map(({ lineage, changedAt }) => [lineage, changedAt]));
  const kept = dataSets.list().flatMap(({ lineage }) => lineage ?? []); // also of those whose last correction was removed
  for (const lineage of new Set([...changes.keys(), ...kept])) {
    const run = newestModel(services, lineage);
    if (!run) continue;
    const { set, rows, isPresent } = lastKept(services, lineage, changes.get(lineage));
    if (isPresent) continue;
    const name = nameOf(runs.find(lineage)?.name ?? run.name);
    try {
      if (rows.length > 0) (await keepCorrections(services, reading, run, name)).release();
      else if (set) await eraseUnused(dataSets, set);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  }
}

/** The corrections that lose all their runs if `ids` are deleted: how many stay if they are kept as a data set before, and how many go. */
export function correctionsWithout(
  services: CorrectionServices,
  ids: readonly string[],
): { stay: number; go: number } {
  const counts = { stay: 0, go: 0 };
  for (const { lineage } of services.corrections.lineages()) {
    if (runsOf(services, lineage).some(({ id }) => !ids.includes(id))) continue;
    const all = services.corrections.ofLineage(lineage);
    const stay = newestModel(services, lineage) ? trainable(all).length : 0;
    counts.stay += stay;
    counts.go += all.length - stay;
  }
  return counts;
}

const runsOf = ({ runs }: CorrectionServices, lineage: string): RunRecord[] => [
  ...runs.improvementsOf(lineage),
  ...(runs.find(lineage) ? [runs.get(lineage)] : []),
];

/** The newest run of a lineage that has a model and data. */
function newestModel(services: CorrectionServices, lineage: string): RunRecord | undefined {
  return runsOf(services, lineage).find(
    ({ state, output, plan }) =>
      state === "done" && output !== null && existsSync(output) && existsSync(plan.data.path),
  );
}

/** The corrections that a data set consists of, if it is up to date: deleted without them, it would be recreated. */
export function correctionsErasedWith(services: CorrectionServices, id: number): readonly Correction[] {
  const { corrections, dataSets } = services;
  const { lineage } = dataSets.find(id);
  const changed = corrections.lineages().find((one) => one.lineage === lineage);
  if (!changed) return [];
  const { set, rows, isPresent } = lastKept(services, changed.lineage, changed.changedAt);
  return set?.id === id && isPresent ? rows : [];
}

/**
 * Deletes a data set, and the corrections that it consists of (`correctionsErasedWith`). Returns the freed bytes. Failures: not-found;
 * bad-choice if an unfinished run needs it.
 */
export async function eraseDataSet(services: CorrectionServices, id: number): Promise<number> {
  const { corrections, dataSets } = services;
  const erased = correctionsErasedWith(services, id);
  const freedBytes = await dataSets.erase(id);
  corrections.removeAll(erased.map((correction) => correction.id));
  return freedBytes;
}
