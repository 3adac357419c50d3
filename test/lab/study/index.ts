/**
 * `npm run study`: measures recipes against each other, piece by piece, and writes docs/quality.md from the figures measured so
 * far. Weights stay in a folder; figures go to test/lab/results/study, so that another machine can continue.
 */
import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { root } from "../../../build/root.ts";
import { Control } from "../../../main/trimming/job-control.ts";
import { sample } from "../../../main/services/models/sample.ts";
import { readSettings } from "../../../main/trimming/plan/planning.ts";
import { Device } from "../../../preload/contract/plans/device.ts";
import { WeightStorage } from "../../../preload/contract/plans/plan.ts";
import { describeMachine, machineSentence } from "../bench/harness/machine.ts";
import { readArguments } from "../../command-line.ts";
import { smolLm2 } from "../reference/setup.ts";
import { ARMS } from "./arms.ts";
import { fastestDevice } from "./device.ts";
import { askElsewhere } from "./elsewhere.ts";
import { writePage } from "./page.ts";
import { MODELS, SAMPLE, SMALL, STUDIES, TUNED_ALONE, wantedOf } from "./plan.ts";
import type { Study } from "./plan.ts";
import { readResults, RESULTS } from "./results.ts";
import { SETS } from "./sets.ts";
import { checkStudy, runStudy } from "./study.ts";

/** Stands for the fastest device that works here. */
const AUTO = "auto";

const USAGE = `npm run study -- NAME … --folder FOLDER [--minutes M] [--data FOLDER] [--model NAME=FILE …] [--device DEVICE]
                [--threads N] [--arms A,B] [--sets A,B] [--models A,B] [--keeps 0.5,0.4] [--seeds 1,2] [--results FOLDER] [--settings FILE]
                [--storage TYPE] [--keep-weights] [--check] [--elsewhere]
                npm run study -- --page
Studies: ${STUDIES.map(({ name, about }) => `${name} (${about.toLowerCase()})`).join(", ")}.
--folder holds the weights; --minutes ends a piece, which the next call continues; --arms, --sets, --models, --keeps and --seeds replace
a study's own; --device auto, the default, is the fastest that passes the check of "coppice devices"; --storage is the type of frozen weights in training (f32); --settings changes the default plan of all recipes, and needs its own --results; --check has
lm-evaluation-harness score results whose weights were kept, --elsewhere asks them the questions of other sets; --page only writes docs/quality.md from the
repository's own --results.`;

const { values, positionals } = readArguments(USAGE, {
  allowPositionals: true,
  options: {
    folder: { type: "string" },
    minutes: { type: "string" },
    data: { type: "string", default: join(root, "..", "shared", "data") },
    model: { type: "string", multiple: true, default: [] },
    device: { type: "string", default: AUTO },
    threads: { type: "string", default: "2" },
    arms: { type: "string" },
    sets: { type: "string" },
    models: { type: "string" },
    keeps: { type: "string" },
    seeds: { type: "string" },
    results: { type: "string", default: RESULTS },
    settings: { type: "string" },
    storage: { type: "string" },
    "keep-weights": { type: "boolean", default: false },
    check: { type: "boolean", default: false },
    elsewhere: { type: "boolean", default: false },
    page: { type: "boolean", default: false },
  },
});

const studies = STUDIES.filter(({ name }) => positionals.includes(name));
if (studies.length < positionals.length || (!values.page && (studies.length === 0 || !values.folder))) {
  console.error(USAGE);
  process.exit(2);
}
// Figures in another folder are a trial: the page is written only from the repository's own.
const isTrial = resolve(values.results) !== resolve(RESULTS);
if (values.settings !== undefined && !isTrial) {
  console.error(
    "Figures by --settings are not those of the recipes that they would be stored as: name another folder with --results.",
  );
  process.exit(2);
}
if (studies.length > 0) await measure();
if (!isTrial) await writePage(join(root, "docs"), readResults(RESULTS));

async function measure(): Promise<void> {
  const threads = Number(values.threads);
  const settings = values.settings === undefined ? {} : readSettings(values.settings);
  const say = (line: string) => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);
  const device = values.device === AUTO ? await fastestDevice(threads, say) : Device.parse(values.device);
  const storage = WeightStorage.optional().parse(values.storage);
  const options = {
    folder: resolve(values.folder!),
    data: resolve(values.data),
    threads,
    control: controlled(),
    settings: {
      ...settings,
      device,
      ...(storage && { base: { ...settings.base, storage } }),
    },
    origin: {
      command: `npm run study -- ${[...positionals, ...given("storage", "arms", "sets", "models", "keeps", "seeds")].join(" ")}`,
      commit: execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: root, encoding: "utf8" }).trim(),
      date: new Date().toISOString().slice(0, 10),
      machine: machineSentence(describeMachine()),
      threads,
    },
    say,
  };
  const asked = studies.map((study) => ({ ...study, ...chosen() }));
  const wanted = asked.flatMap(wantedOf);
  const places = {
    sets: SETS,
    models: modelsOf(values.model, asked),
    results: values.results,
    keepsWeights: values["keep-weights"],
  };
  if (values.check) return checkStudy(options, wanted, places);
  if (values.elsewhere) return askElsewhere(options, wanted, places);
  const missing = await runStudy(options, wanted, places);
  console.log(missing.length === 0 ? "All is measured." : `${missing.length} results are missing.`);
}

/** The options that determine what is measured, as they were given. */
function given(...names: ("storage" | "arms" | "sets" | "models" | "keeps" | "seeds")[]): string[] {
  return names.flatMap((name) => (values[name] === undefined ? [] : [`--${name}`, values[name]]));
}

/** Ends a piece when its time is over, or on Ctrl-C; what was trained is saved. */
function controlled(): Control {
  const control = new Control();
  const end = () => control.apply("cancel");
  if (values.minutes) setTimeout(end, Number(values.minutes) * 60_000).unref();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, end);
  return control;
}

/** The lists that options name, which replace the study's own. */
function chosen(): Partial<Study> {
  const known = (name: string, all: readonly { name: string }[]) => {
    if (all.some((one) => one.name === name)) return name;
    throw new Error(`There is no ${name}, only ${all.map((one) => one.name).join(", ")}.`);
  };
  const { arms, sets, models, keeps, seeds } = values;
  return {
    ...(arms !== undefined && {
      arms: arms.split(",").map((name) => known(name, [...ARMS, { name: TUNED_ALONE }])),
    }),
    ...(sets !== undefined && { sets: sets.split(",").map((name) => known(name, SETS)) }),
    ...(models !== undefined && { models: models.split(",").map((name) => known(name, MODELS)) }),
    ...(keeps !== undefined && { keeps: keeps.split(",").map(Number) }),
    ...(seeds !== undefined && { seeds: seeds.split(",").map(Number) }),
  };
}

/** The models' paths by name; the small model is installed only if a study needs it. */
function modelsOf(given: readonly string[], asked: readonly Study[]): Record<string, string> {
  const named = given.map((text) => text.split("=") as [string, string]);
  if (asked.some(({ models }) => models.includes(SMALL))) named.unshift([SMALL, smolLm2()]);
  return { [SAMPLE]: sample.model, ...Object.fromEntries(named) };
}
