/** The corrections of a lineage of runs as a data set, which grows version by version. */
import { existsSync } from "node:fs";
import { AppError, fail } from "../../../native-models/failure.ts";
import type { Correction } from "../../../preload/contract/correction.ts";
import type { DataSet } from "../../../preload/contract/data-set.ts";
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
export const trainable = (corrections: readonly Correction[]): Correction[] =>
  corrections.filter(({ heldOut }) => heldOut === null);

/** The corrections of a lineage as a data set, which stays at least until `release` is called. */
export interface KeptCorrections extends Omit<ReadDataset, "name"> {
  readonly id: number;
  release(): void;
}

/**
 * Keeps the corrections of a run's lineage as a data set, named as the version before it, or else `name` with a number if another has
 * that; the same ones are the same version, and versions that no run has used are replaced. Failures: too-little-data without any that may
 * be trained on; those of reading.
 */
export async function keepCorrections(
  services: CorrectionServices,
  reading: Reading,
  run: RunRecord,
  name: string,
): Promise<KeptCorrections> {
  const { home, corrections, dataSets } = services;
  const lineage = lineageOf(run);
  const rows = trainable(corrections.ofLineage(lineage)).map(correctionRow);
  if (rows.length === 0) fail({ code: "too-little-data", what: "corrections", rows: 0, needed: 1 });
  const read = await reading.corrections(rows, {
    against: run.plan.data.path,
    lineage,
    model: run.output!,
    datasets: home.datasets,
  });
  const versions = versionsOf(services, lineage, name);
  const id = dataSets.keep(read.folder, versions[0]?.name ?? unusedName(dataSets, name));
  const release = dataSets.hold(id);
  try {
    for (const version of versions) if (version.id !== id) await eraseUnused(dataSets, version);
  } catch (error) {
    release();
    throw error;
  }
  return { ...read, id, release };
}

/** A version that no run has used, or is about to. */
async function eraseUnused(dataSets: DataSets, { id, runs }: DataSet): Promise<void> {
  if (runs.length === 0 && !dataSets.isHeld(id)) await dataSets.erase(id);
}

/** The corrections that an improvement trains on; undefined for other runs, and once they are deleted. */
export const correctionsOf = (sets: readonly DataSet[], run: string): DataSet | undefined =>
  sets.find(({ runs }) => runs.some(({ id, corrections }) => id === run && corrections));

/** Two runs may have one name, but the sets of their corrections are not versions of each other. */
function unusedName(dataSets: DataSets, name: string): string {
  const names = new Set(dataSets.list().map((set) => set.name));
  let unused = name;
  for (let number = 2; names.has(unused); number++) unused = `${name} ${number}`;
  return unused;
}

/**
 * The versions of a lineage's data set, newest first. Sets of earlier versions of the program do not say their lineage: one belongs to it
 * if an improvement of it used it, or if none did and it has the name `name`.
 */
function versionsOf({ runs, dataSets }: CorrectionServices, lineage: string, name: string): DataSet[] {
  const improvements = new Set(runs.improvementsOf(lineage).map(({ id }) => id));
  const isOlder = (set: DataSet) =>
    set.runs.length === 0 ? set.name === name : set.runs.some(({ id }) => improvements.has(id));
  return dataSets
    .list()
    .filter((set) => set.corrections)
    .filter((set) => (set.lineage === undefined ? isOlder(set) : set.lineage === lineage))
    .sort((a, b) => b.id - a.id);
}

/**
 * Brings the data sets of all corrections up to date; `nameOf` names that of a run. A lineage is left alone whose newest run has no model
 * or data any more, or whose corrections cannot be read: improving it says why.
 */
export async function keepAllCorrections(
  services: CorrectionServices,
  reading: Reading,
  nameOf: (run: string) => string,
): Promise<void> {
  const { corrections, dataSets, runs } = services;
  const changes = new Map(corrections.lineages().map(({ lineage, changedAt }) => [lineage, changedAt]));
  const kept = dataSets.list().flatMap(({ lineage }) => lineage ?? []); // also of those whose last correction was taken back
  for (const lineage of new Set([...changes.keys(), ...kept])) {
    const run = newestModel(services, lineage);
    if (!run) continue;
    const name = nameOf(runs.find(lineage)?.name ?? run.name);
    const [newest] = versionsOf(services, lineage, name);
    const rows = trainable(corrections.ofLineage(lineage)).length;
    const isOld = newest
      ? newest.addedAt < (changes.get(lineage) ?? "") || newest.rows.train !== rows
      : rows > 0;
    if (!isOld) continue;
    try {
      if (rows > 0) (await keepCorrections(services, reading, run, name)).release();
      else if (newest) await eraseUnused(dataSets, newest);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  }
}

/** Corrections of which no run is left without `ids`: how many stay, as a data set, if they are kept before, and how many go. */
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

/**
 * Deletes a data set, and with the newest version of corrections the corrections themselves: it would come back otherwise. Gives the freed
 * bytes. Failures: not-found; bad-choice if a run that is not finished needs it.
 */
export async function eraseDataSet(
  services: CorrectionServices,
  id: number,
  nameOf: (run: string) => string,
): Promise<number> {
  const { corrections, dataSets, runs } = services;
  const lineages = corrections
    .lineages()
    .filter(
      ({ lineage }) => versionsOf(services, lineage, nameOf(runs.find(lineage)?.name ?? ""))[0]?.id === id,
    );
  const freedBytes = await dataSets.erase(id);
  for (const { lineage } of lineages) corrections.removeLineage(lineage);
  return freedBytes;
}
