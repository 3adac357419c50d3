/** Exports any saved depth of a run in the format of a program. */
import { existsSync } from "node:fs";
import { rmdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { moveIntoPlace, remove, unfinishedPath } from "../../../native-models/formats/atomic.ts";
import { fail } from "../../../native-models/failure.ts";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import { PARCEL_EXTENSION } from "../../../preload/contract/results/parcel-name.ts";
import { mixesOf, PROGRAM_OF, usualMix } from "../../../preload/contract/runs/exporting.ts";
import type { Exported, ExportFormat, ExportMix } from "../../../preload/contract/runs/exporting.ts";
import { ModelReport } from "../../../preload/contract/plans/model.ts";
import { DatasetReport } from "../../../preload/contract/data/data.ts";
import type { MaskedKind } from "../../../preload/contract/data/personal.ts";
import type { ProgramName, UnitKind } from "../../../preload/contract/plans/plan.ts";
import type { RunEvent } from "../../../preload/contract/runs/run.ts";
import { readReport, REPORT_FILE } from "../../documents/stored/split-files.ts";
import { withEngine } from "../../engines/process/host.ts";
import type { EngineOptions } from "../../engines/process/host.ts";
import { readJournal } from "../../trimming/journal/journal-file.ts";
import { trainer } from "../../engines/jobs.ts";
import { unitsOf } from "../../trimming/schedule/units.ts";
import { fileName } from "../home/file-name.ts";
import { unusedPath } from "../home/unused-path.ts";
import type { ModelReference } from "../models/model-reference.ts";
import { depthProblem } from "../../trimming/plan/programs.ts";
import type { TrimServices } from "./trim-services.ts";
import type { Reading } from "../data/reading.ts";
import { readOutcome, readRecited, wholeDepth } from "../../home/run-folder.ts";
import { sealOf } from "../parcels/signing-key.ts";
import { modelCard } from "./model-card.ts";
import { passportOf } from "./passport.ts";
import { requireModel } from "./moved-models.ts";
import { refuseUsedFolder } from "./output-folder.ts";

export interface ExportOptions {
  readonly onEvent?: (event: RunEvent) => void;
  readonly engine?: EngineOptions;
  /** Cancels the export, and leaves nothing behind. */
  readonly signal?: AbortSignal;
}

export interface ExportRequest {
  readonly run: string;
  readonly depth?: string | undefined;
  /** A new folder; for LM Studio, the folder of its models; for a parcel, a new file. */
  readonly output: string;
  /** `coppice` by default. */
  readonly format?: ExportFormat | undefined;
  /** One of the format's `mixesOf`; `usualMix` by default. */
  readonly mix?: ExportMix | undefined;
  /** The export is refused if this program could not load it. */
  readonly program?: ProgramName | undefined;
}

/**
 * Writes a depth of a run. `depth` is its name or its number of units; by default that of the run's model, or of an unfinished run the
 * last one that it reached. Failures: unknown-run, bad-choice, not-expressible, unsupported-tokenizer, export-differs, disk-full,
 * unwritable, model-changed, model-removed, model-missing, cancelled; corrupt-file for the key that signs a parcel.
 */
export async function exportDepth(
  { home, runs, models, datasets }: Exporting,
  reading: Pick<Reading, "hash">,
  { run: id, depth, output: place, program, format = "coppice", mix }: ExportRequest,
  { onEvent, engine: options, signal }: ExportOptions = {},
): Promise<Exported> {
  checkMix(format, mix);
  const slug = modelName(runs.summary(id).name);
  const output = format === "lmstudio" ? join(place, PUBLISHER, slug) : place;
  if (format !== "parcel") refuseUsedFolder(output);
  else if (existsSync(output)) refuseChoice({ code: "file-exists", path: output });
  await requireModel({ home, runs, models }, reading, id);
  const { plan, modelId } = runs.get(id);
  const runFolder = join(home.runs, id);
  const outcome = readOutcome(runFolder);
  const depths = await depthsOf(runFolder, plan.trim.unit);
  const chosen = chosenDepth(depths, depth, outcome?.metrics.trimmed.name);
  const base = modelId === null ? null : models.get(modelId);
  const report = base && ModelReport.parse(base.summary);
  const opens = program ?? PROGRAM_OF[format];
  const problem = report && outcome && opens ? depthProblem(report, outcome, chosen.name, opens) : null;
  if (problem) fail(problem);
  if (signal?.aborted) fail({ code: "cancelled" });
  const folder = format === "parcel" ? unfinishedPath(resolve(output)) : resolve(output);
  const partial = unfinishedPath(folder);
  try {
    const licence = report?.licence ?? null;
    const baseName = base?.name ?? basename(plan.model.path);
    const input = {
      baseName,
      runFolder,
      plan,
      depth: chosen.name,
      output: folder,
      partial,
      format,
      licence,
      program: opens,
      name: slug,
      mix: mix ?? usualMix(format),
      card: modelCard({
        name: slug,
        licence,
        plan,
        format,
        depth: chosen.name,
        units: chosen.units,
        base: baseName,
        outcome,
        recited: readRecited(runFolder)[chosen.name],
        masked: maskedIn(plan.data.path),
      }),
    };
    return await withEngine(trainer, { options, signal }, async (engine) => {
      if (format !== "parcel") return engine.run("export", input, onEvent ? { onEvent } : {});
      const tell = (from: number, to: number) => (event: RunEvent) =>
        onEvent?.(
          event.event === "progress" ? { ...event, fraction: from + (to - from) * event.fraction } : event,
        );
      const exported = await engine.run("export", input, { onEvent: tell(0, EXPORTED_SHARE) });
      const facts = { name: slug, base: baseName, licence, unit: plan.trim.unit, units: exported.units };
      const passport = await passportOf(
        { runs, datasets },
        {
          run: id,
          depth: chosen.name,
          model: { ...facts, of: outcome?.units.total ?? null },
          outcome,
          files: exported.files,
        },
      );
      const text = JSON.stringify(passport);
      const { fingerprint, ...seal } = sealOf(home, text);
      const packed = join(folder, "packed");
      const sealed = { folder, out: packed, passport: text, ...seal };
      const { sizeBytes } = await engine.run("pack", sealed, { onEvent: tell(EXPORTED_SHARE, 1) });
      if (existsSync(output)) refuseChoice({ code: "file-exists", path: output });
      await moveIntoPlace(packed, resolve(output));
      return { ...exported, output, sizeBytes, signedBy: fingerprint };
    });
  } catch (error) {
    if (signal?.aborted) await remove(partial); // the process was ended
    if (format === "lmstudio") await rmdir(dirname(output)).catch(() => {}); // only if nothing is in it
    throw error;
  } finally {
    if (format === "parcel") await remove(folder);
  }
}

/** The share of a parcel's export before it is packed. */
const EXPORTED_SHARE = 0.8;

type Exporting = Pick<TrimServices, "home" | "runs" | "models" | "datasets">;

interface Depth {
  readonly name: string;
  readonly units: number;
}

function checkMix(format: ExportFormat, mix: ExportMix | undefined): void {
  const types = mixesOf(format);
  if (mix === undefined || types.includes(mix)) return;
  refuseChoice({ code: "export-type", type: mix, format, types });
}

/** The depth that a person named, or that of the run's model, or the last one. */
function chosenDepth(
  depths: readonly Depth[],
  named: string | undefined,
  ofModel: string | undefined,
): Depth {
  const chosen =
    named === undefined
      ? (depths.find(({ name }) => name === ofModel) ?? depths.at(-1))
      : depths.findLast(({ name, units }) => name === named || String(units) === named);
  if (chosen) return chosen;
  if (named === undefined) return refuseChoice("no-depth");
  const names = depths.map(({ name, units }) => `${name} (${units})`);
  return refuseChoice({ code: "unknown-depth", depth: named, depths: names });
}

/** What was masked in a run's data; undefined if the data is gone, or if no masking was asked for. */
function maskedIn(dataFolder: string): MaskedKind[] | undefined {
  return existsSync(join(dataFolder, REPORT_FILE))
    ? readReport(dataFolder, DatasetReport.pick({ masked: true })).masked
    : undefined;
}

/** The folder of our results among LM Studio's publishers. */
const PUBLISHER = "coppice";

/** A name that every program takes. */
const modelName = (name: string) => fileName(name, /[^\p{L}\p{N}.]+/gu, "model");

/** Exports in progress, also those that are being cancelled, by their folders. */
const exportsNow = new Map<string, Promise<unknown>>();

/** Exports to a folder one after the other, so that each finds what the others wrote. */
async function inTurn<T>(folder: string, work: () => Promise<T>): Promise<T> {
  while (exportsNow.has(folder)) await exportsNow.get(folder);
  const done = work();
  exportsNow.set(
    folder,
    done.catch(() => {}),
  );
  try {
    return await done;
  } finally {
    exportsNow.delete(folder);
  }
}

/** Writes a depth to a new folder inside `folder`, named after the run and its depth. Failures as of `exportDepth`. */
export function exportInto(
  services: Exporting,
  reading: Pick<Reading, "hash">,
  { folder, ...request }: Omit<ExportRequest, "output" | "depth"> & { depth: string; folder: string },
  options: ExportOptions = {},
): Promise<Exported> {
  const run = modelName(services.runs.summary(request.run).name);
  if (request.format === "lmstudio")
    return inTurn(join(folder, PUBLISHER, run), () =>
      exportDepth(services, reading, { ...request, output: folder }, options),
    );
  const name = `${run}-${modelName(request.depth)}`;
  const extension = request.format === "parcel" ? PARCEL_EXTENSION : "";
  return inTurn(join(folder, name), () =>
    exportDepth(services, reading, { ...request, output: unusedPath(folder, name, extension) }, options),
  );
}

/**
 * Makes a depth of a run available as a model on this computer: exports it to the home if necessary, and records it among the recently
 * used models. Failures as of `exportDepth`, and those of reading.
 */
export async function useDepth(
  services: TrimServices,
  reading: Pick<Reading, "hash" | "inspect">,
  { run, depth }: { run: string; depth: string },
  options: ExportOptions = {},
): Promise<ModelReference> {
  const { home, runs, models } = services;
  const { name: runName } = runs.summary(run);
  const made = readOutcome(join(home.runs, run));
  if (made?.metrics.trimmed.name === depth && existsSync(made.output))
    return { path: made.output, name: runName };
  const path = join(home.models, `${run}-${depth.replace(/\W+/g, "-")}`);
  await inTurn(path, async () => {
    if (!existsSync(path)) await exportDepth(services, reading, { run, depth, output: path }, options);
  });
  const report = await reading.inspect(path);
  const name = `${runName}, ${depth}`;
  const { format, modelType: architecture, sizeBytes } = report;
  models.remember({ path, name, format, architecture, summary: { ...report }, sizeBytes, sha256: null });
  return { path, name };
}

/** The depths that a run reached, from the tuned model at full depth to the healed one, with the engine's names. */
async function depthsOf(runFolder: string, unit: UnitKind): Promise<Depth[]> {
  const outcome = readOutcome(runFolder);
  if (outcome) {
    const { units, metrics } = outcome;
    return [
      { name: wholeDepth, units: units.total },
      ...metrics.depths.map(({ name, units: count }) => ({ name, units: count })),
    ];
  }
  const journal = await readJournal(runFolder);
  return Object.entries(journal?.content.depths ?? {}).flatMap(([name, { kept }]) =>
    OF_UNFINISHED.test(name) ? [{ name, units: unitsOf(kept, unit).length }] : [],
  );
}

/** The journal entries of an unfinished run that are depths; the others are epochs, and parts of rounds and of healing. */
const OF_UNFINISHED = /^(tuned|improved|round \d+|healed.*)$/;
