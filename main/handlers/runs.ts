import { join } from "node:path";
import type { Handlers } from "../../preload/contract/call.ts";
import type { RunDetail } from "../../preload/contract/calls/runs.ts";
import type { contract } from "../../preload/contract/contract.ts";
import { ModelReport, sectionsIn } from "../../preload/contract/plans/model.ts";
import { unitsPerBlock } from "../../preload/contract/plans/plan.ts";
import type { RunEvent } from "../../preload/contract/runs/run.ts";
import type { Application } from "../application.ts";
import { scheduleOf } from "../trimming/schedule/planned-run.ts";
import { readOutcome, readRecited } from "../home/run-folder.ts";
import type { Services } from "../services/open.ts";
import { chatMemoryOf } from "../services/plans/admission.ts";
import { lineageOf } from "../services/plans/improvement.ts";
import { withSettings } from "../services/plans/limits.ts";
import { notLoadable } from "../trimming/plan/programs.ts";
import { languageOf } from "./language.ts";
import { probeOf } from "../services/plans/target.ts";
import { timed } from "../services/plans/timing.ts";
import { gradedQuestions } from "../services/results/graded-questions.ts";
import { recite } from "../services/results/reciting.ts";
import { prepareEverything } from "../services/runs/everything.ts";
import { exportInto, useDepth } from "../services/runs/exporting.ts";
import { importJob, isJobFolder, writeJobInto } from "../services/runs/elsewhere.ts";
import { planElsewhere, prepareResume, prepareTrim } from "../services/runs/trimming.ts";
import type { PlannedTrim } from "../services/runs/trimming.ts";

export function runsHandlers(application: Application): Handlers<(typeof contract)["runs"]> {
  const { services, paths, reading, queue, engine, free, desktop } = application;
  const { runs, settings } = services;
  return {
    start: async ({ probe, onBattery, ...request }) => {
      paths.checkReading(request.model.path);
      paths.checkSources(request.sources);
      const planned = { ...request, patch: withSettings(request.patch, settings) };
      const measure = ({ plan }: PlannedTrim) => probeOf(plan, probe);
      const fit = ({ plan }: PlannedTrim) => timed(plan, request.limit, probe, new Date());
      const { run } = await prepareTrim(services, reading, planned, { free, measure, fit });
      queue.add(run.id, { onBattery });
      return { id: run.id };
    },
    learnEverything: async ({ onBattery, ...request }) => {
      const asked = { ...request, language: languageOf(settings, desktop) };
      const { run } = await prepareEverything(services, reading, asked, { free });
      queue.add(run.id, { onBattery });
      return { id: run.id };
    },
    writeElsewhere: async ({ probe, folder, ...request }, onPiece, signal) => {
      paths.checkReading(request.model.path);
      paths.checkSources(request.sources);
      paths.checkWriting(folder);
      const planned = { ...request, patch: withSettings(request.patch, settings) };
      const measure = ({ plan }: PlannedTrim) => probeOf(plan, probe);
      const job = await planElsewhere(services, reading, planned, { measure });
      const written = await writeJobInto(job, folder, { engine, signal, onEvent: tellFraction(onPiece) });
      return { folder: written };
    },
    isElsewhere: ({ path }) => {
      paths.checkReading(path);
      return isJobFolder(path);
    },
    watchElsewhere: ({ path, before }) => {
      paths.checkReading(path);
      return reading.liveJob(path, before);
    },
    importElsewhere: async ({ path, continues }, onPiece, signal) => {
      paths.checkReading(path);
      const onFraction = (fraction: number) => onPiece({ fraction });
      const { id } = await importJob(services, reading, path, { continues, onFraction, signal });
      queue.add(id);
      return { id };
    },
    list: () => runs.list(),
    get: ({ id }) => detailOf(services, id),
    log: ({ id }) => runs.log(id).filter(({ event }) => event.event !== "answers"),
    pause: ({ id }) => queue.pause(id),
    resume: async ({ id, onBattery }) => {
      await prepareResume(services, reading, id, free);
      queue.add(id, { onBattery });
    },
    finishEarly: ({ id }) => queue.finishEarly(id),
    cancel: ({ id }) => queue.cancel(id),
    queue: () => ({
      running: queue.running,
      finishing: queue.finishing,
      waiting: queue.waiting,
      waitsForPower: queue.waitsForPower,
    }),
    answers: (asked) => gradedQuestions(services, asked),
    export: async ({ id, ...request }, onPiece, signal) => {
      paths.checkWriting(request.folder);
      const options = { engine, signal, onEvent: tellFraction(onPiece) };
      return exportInto(services, reading, { run: id, ...request }, options);
    },
    recited: ({ id }) => readRecited(join(services.home.runs, runs.get(id).id)),
    recite: ({ id, depth }, onPiece, signal) => {
      const onAnswer = (done: number, of: number) => onPiece({ done, of });
      return recite(services, reading, { run: id, depth }, { engine, signal, onAnswer });
    },
    useDepth: async ({ id, depth }, onPiece, signal) => {
      const options = { engine, signal, onEvent: tellFraction(onPiece) };
      return useDepth(services, reading, { run: id, depth }, options);
    },
  };
}

function lineage(
  runs: Services["runs"],
  id: string,
  plan: RunDetail["plan"],
): Pick<RunDetail, "improves" | "improvedBy" | "repeats" | "repeatedBy"> {
  const named = ({ id, name }: { id: string; name: string }) => ({ id, name });
  const before = plan.improvement && runs.find(plan.improvement.of);
  const all = runs.improvementsOf(lineageOf({ id, plan }));
  const later = all.filter(({ plan: { improvement } }) => improvement?.of === id);
  const repeated = plan.everything && runs.find(plan.everything.of);
  return {
    improves: before ? named(before) : null,
    improvedBy: later.map(named),
    repeats: repeated ? named(repeated) : null,
    repeatedBy: runs.repeatsOf(id).map(named),
  };
}

function tellFraction(onPiece: (piece: { fraction: number }) => void): (event: RunEvent) => void {
  return (event) => {
    if (event.event === "progress") onPiece({ fraction: event.fraction });
  };
}

function detailOf({ home, runs, models, datasets, evaluations }: Services, id: string): RunDetail {
  const { plan, ...run } = runs.get(id);
  const model = run.modelId === null ? null : models.get(run.modelId);
  const report = model && ModelReport.parse(model.summary);
  const outcome = readOutcome(join(home.runs, id));
  const blocks = report ? sectionsIn(report) : outcome && outcome.units.total / unitsPerBlock[plan.trim.unit];
  return {
    run,
    folder: join(home.runs, id),
    plan,
    schedule: blocks === null ? null : scheduleOf(plan, blocks),
    model: model && report && { path: model.path, name: model.name, report },
    dataset: run.datasetId === null ? null : datasets.get(run.datasetId),
    ...lineage(runs, id, plan),
    rounds: runs.rounds(id),
    metrics: runs.metrics(id),
    validations: runs.validations(id),
    evaluations: evaluations.ofRun(id),
    watched: runs.log(id).flatMap(({ event }) => (event.event === "answers" ? [event] : [])),
    outcome,
    chatMemoryBytes: report && outcome ? chatMemoryOf(report, plan, outcome) : {},
    notLoadable: report && outcome && notLoadable(report, outcome),
  };
}
