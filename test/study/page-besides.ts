/** Sections of docs/quality.md besides recipes: other fields, another program, smaller models, made questions, secrets. Each appears only if it was measured. */
import type { Estimate } from "../../native-models/evaluation/bootstrap.ts";
import { mean } from "../../native-models/evaluation/statistics.ts";
import { percentText } from "../../preload/contract/words/figures.ts";
import { markdownTable } from "../bench/harness/figures.ts";
import { CANARIES, exposuresOf } from "./canaries.ts";
import { CONTROL, COPPICE, isControl } from "./arms.ts";
import { chatsOf, estimateOf, lastOf, Results, sizeOf } from "./compared.ts";
import type { Group, Measure } from "./compared.ts";
import {
  between,
  both,
  figure,
  kept,
  megabytes,
  minutes,
  nats,
  plain,
  rightVerdict,
  seedsText,
  share,
  verdict,
} from "./page-figures.ts";
import { correctOf } from "./results.ts";
import type { ArmResult, ElsewhereResult, StudyResult, TunedResult } from "./results.ts";
import { isAboutTrimming, SETS } from "./sets.ts";
import { wordOf } from "./statistics.ts";

/**
 * How models trimmed for one field answer the questions of others, compared with the original, the models tuned for those fields and the
 * best constant answer. Questions that are also in the model's own set are left out.
 */
export function elsewhereText(all: readonly StudyResult[]): string[] {
  const asked = all.filter((result) => result.kind === "elsewhere");
  if (asked.length === 0) return [];
  const results = new Results(all);
  const tables = [...new Set(asked.map(({ model }) => model))].map((model) => {
    const own = asked.filter((one) => one.model === model);
    const sets = [...new Set(own.flatMap((one) => [one.set, one.asked]))];
    const nameOf = ({ set, arm, keep, seed }: Pick<ArmResult, "set" | "arm" | "keep" | "seed">) =>
      `trimmed for ${set}: ${arm}, ${kept(keep)}, seed ${seed}`;
    const tunedOn = (set: string) => results.tunedOf({ set, model })[0];
    const questionsOf = (set: string) => tunedOn(set)?.data.questions ?? [];
    const wholeOf = (set: string, subject: "base" | "tuned") =>
      tunedOn(set)?.models.find((one) => one.subject === subject)?.test;
    const trimmedOf = (name: string, set: string) => {
      const other = own.find((one) => nameOf(one) === name && one.asked === set);
      if (other) return askedFigure(other, questionsOf(other.set), questionsOf(set));
      const arm = results.arms.find((one) => one.model === model && one.set === set && nameOf(one) === name);
      return figure(arm && lastOf(arm).test);
    };
    return markdownTable(
      [model, ...sets.map((set) => `asked ${set}`)],
      [
        [
          "best constant answer",
          ...sets.map((set) => {
            const constant = tunedOn(set)?.data.bestConstant ?? null;
            return constant === null ? "–" : percentText(constant);
          }),
        ],
        ["original", ...sets.map((set) => figure(wholeOf(set, "base")))],
        ["whole, tuned on the set asked", ...sets.map((set) => figure(wholeOf(set, "tuned")))],
        ...[...new Set(own.map(nameOf))].map((name) => [name, ...sets.map((set) => trimmedOf(name, set))]),
      ],
    );
  });
  const commands = new Set(asked.map(({ origin }) => `\`${origin.command} --elsewhere\``));
  return [
    "## What a field's model knows of others",
    `The test questions of each set, asked of models that were trimmed for another one. Questions that are also in the model's own set are left out, with "–" where an earlier version kept only the mean over all of them.${trimmedAlone(asked)}${unasked(results, asked)}`,
    ...tables,
    `Measured by ${[...commands].join(", ")}.`,
  ];
}

/** What the table cannot tell, if only trimmed models were asked. */
const trimmedAlone = (asked: readonly ElsewhereResult[]): string =>
  asked.some(({ arm }) => isControl(arm))
    ? ""
    : " Whole models that were tuned for another set have not been asked, so how much of a loss comes from tuning and how much from trimming is not known.";

/** The sets whose halves have not been asked the questions of others. */
function unasked({ groups }: Results, asked: readonly ElsewhereResult[]): string {
  const halves = groups.filter(
    ({ set, model, arm, keep }) =>
      arm === COPPICE &&
      keep === 0.5 &&
      isAboutTrimming(set) &&
      asked.some((one) => one.model === model) &&
      !asked.some((one) => one.model === model && one.set === set),
  );
  return halves.length === 0
    ? ""
    : ` Not asked: halves for ${both(halves.map(({ set, model }) => `${set} (${model})`))}.`;
}

/** The accuracy on another set's questions that are not also in the model's own set; "–" where only the mean over all of them is known. */
function askedFigure(
  { test }: ElsewhereResult,
  own: readonly string[],
  questions: readonly string[],
): string {
  const isOwn = new Set(own);
  if (!questions.some((question) => isOwn.has(question))) return figure(test);
  const marks = correctOf(test.correct ?? "");
  const others = marks.filter((_, place) => !isOwn.has(questions[place]!)).map(Number);
  return others.length === 0 ? "–" : `${share(estimateOf(others))} of ${others.length}`;
}

/** Whether a person would be better off with a smaller whole model: halves compared with whole models trained as long as their own halves. */
export function smallerText(results: Results): string[] {
  const places = results.groups.filter(({ arm, keep }) => arm === COPPICE && keep === 0.5);
  const tables = places.flatMap((half) => {
    const wholes = results.groups.filter(
      ({ arm, set, model, keep }) =>
        arm === CONTROL && keep === half.keep && set === half.set && model !== half.model,
    );
    const rows = wholes.flatMap((whole) => smallerRow(results, whole, half));
    if (rows.length === 0) return [];
    const heads = [
      ...["", "right", "NLL", "against the half, points", "tokens/s in chat", "MB in chat"],
      ...["processor min", "seeds"],
    ];
    const own = results.controlOf(half);
    return [
      `### ${half.set}, half of ${half.model}`,
      markdownTable(heads, [
        smallerCells(results, half, `half of ${half.model}`, null),
        ...(own ? smallerRow(results, own, half) : []),
        ...rows,
      ]),
    ];
  });
  if (tables.length === 0) return [];
  return [
    "## Another model, whole",
    `Would a person be better off with a smaller model that is left whole? All were tuned in the same way on the same rows: half of one model, and whole models that were trained as long as their own halves. Speed and size are those
in chat. Speeds were measured once in each run, at different times; the range over the seeds shows how rough they are ([benchmarks](benchmarks.md#gain) measure in turns).`,
    ...tables,
  ];
}

function smallerRow(results: Results, whole: Group, half: Group): string[][] {
  const against = results.against(whole.results, half.results, "accuracy");
  return [smallerCells(results, whole, `${whole.model}, whole`, against && estimateOf(against))];
}

function smallerCells(results: Results, group: Group, name: string, difference: Estimate | null): string[] {
  const speeds = chatsOf(group).map(({ tokensPerSecond }) => tokensPerSecond.toFixed(0));
  return [
    name,
    ...qualityOf(results, group.results),
    difference ? `${between(difference)} ${rightVerdict(results, group, difference)}` : "–",
    speeds.length === 0 ? "–" : rangeText(speeds),
    megabytes(sizeOf(results, group)),
    minutes(results.spentOn(group).processorSeconds),
    group.results.map(({ seed }) => seed).join(", "),
  ];
}

/** "115–170", or a single number. */
function rangeText(numbers: readonly string[]): string {
  const sorted = [...numbers].sort((a, b) => Number(a) - Number(b));
  return [...new Set([sorted[0]!, sorted.at(-1)!])].join("–");
}

/** For halves that are no smaller in chat than another model left whole: whether that one answers as well. */
export function smallerInShort(results: Results): string[] {
  const halves = results.groups.filter(
    (group) => group.arm === COPPICE && group.keep === 0.5 && results.counts(group) === true,
  );
  const lines = halves.flatMap((half) =>
    results.groups.flatMap((whole) => {
      if (whole.arm !== CONTROL || whole.keep !== half.keep) return [];
      if (whole.set !== half.set || whole.model === half.model) return [];
      const [own, other] = [sizeOf(results, half), sizeOf(results, whole)];
      const gains = results.against(whole.results, half.results, "accuracy");
      if (own === null || other === null || other > own || !gains) return [];
      const difference = estimateOf(gains);
      const pays =
        wordOf(difference) === "worse" ? "" : ", so that halving the larger one is not shown to pay";
      return [
        `- ${whole.set}: ${whole.model}, whole (${megabytes(other)} MB in chat), compared with half of ${half.model} (${megabytes(own)} MB): ${between(difference)} points, ${verdict(difference)}${pays}.`,
      ];
    }),
  );
  if (lines.length === 0) return [];
  return [
    `Whether a smaller model that is left whole, and trained for as long, would serve as well ([more](#another-model-whole)):\n\n${lines.join("\n")}`,
  ];
}

/** Exported models scored by lm-evaluation-harness. */
export function checksText(results: readonly StudyResult[]): string[] {
  const checks = results.filter((result) => result.kind === "check");
  if (checks.length === 0) return [];
  const right = (marks: string) => percentText(mean(correctOf(marks).map(Number)));
  const rows = checks.map(({ set, model, seed, arm, keep, here, there, largestDifference }) => [
    `${set}, ${model}, ${arm}, ${kept(keep)}, seed ${seed}`,
    String(here.length),
    right(here),
    right(there),
    String([...here].filter((mark, index) => mark !== there[index]).length),
    largestDifference.toExponential(1),
  ]);
  const versions = checks.flatMap((check) => Object.entries(check.versions).map((pair) => pair.join(" ")));
  const heads = [
    "",
    "questions",
    "right here",
    "right there",
    "answered differently",
    "largest difference, nats",
  ];
  return [
    "## Scored by another program",
    `Exported models (matrices in f16), scored in f32 here and by lm-evaluation-harness on the same test questions (\`npm run study -- NAME --check\`; ${[...new Set(versions)].join(", ")}).`,
    markdownTable(heads, rows),
  ];
}

/** What training rows that a model made from texts are worth compared with people's. */
export function madeText(results: Results): string[] {
  const origins = [...new Set(SETS.flatMap(({ made }) => made?.of ?? []))];
  const tables = origins.flatMap((origin) => {
    const sets = SETS.filter(({ made }) => made?.of === origin).map(({ name }) => name);
    const models = [
      ...new Set(
        sets.flatMap((set) => results.tuned.filter((one) => one.set === set).map(({ model }) => model)),
      ),
    ];
    return models.flatMap((model) => {
      const groups = sets.map((set) => results.tunedOf({ set, model }));
      if (groups.every((group) => group.length === 0)) return [];
      return [
        `### ${origin}, ${model}`,
        markdownTable(MADE_HEADS, [
          ...groups
            .flat()
            .slice(0, 1)
            .flatMap((one) => [constantRow(one), originalRow(results, one)]),
          ...groups.flatMap((group) => madeRow(results, group, groups[0]!)),
        ]),
      ];
    });
  });
  if (tables.length === 0) return [];
  const seedsOf = new Map<string, Set<number>>();
  for (const { set, seed, data } of results.tuned) {
    const { written } = data;
    if (!written?.questions) continue;
    const writing = `${written.questions} about ${written.texts} texts of ${madeOf(set).of}, by ${written.writer}`;
    seedsOf.set(writing, (seedsOf.get(writing) ?? new Set()).add(seed));
  }
  const writings = [...seedsOf].map(
    ([writing, seeds]) => `${writing} (${seedsText([...seeds].map((seed) => ({ seed })))})`,
  );
  return [
    "## What made questions are worth",
    `The whole model, tuned on questions that people asked about some texts, on questions that a model wrote from the same texts, and on both. All are chosen by the same validation
rows and measured on the same test questions, which people asked. Written questions: ${writings.join("; ")}. A model writes the same questions from the same texts unless the program changes in between (test/study/made-questions.ts).`,
    ...tables,
    commandsText(results.tuned.filter(({ set }) => SETS.find(({ name }) => name === set)?.made)),
  ];
}

/** The commands that measured some results. */
const commandsText = (of: readonly StudyResult[]): string =>
  `Measured by ${[...new Set(of.map(({ origin }) => `\`${origin.command}\``))].join(", ")}.`;

const madeOf = (set: string) => SETS.find(({ name }) => name === set)!.made!;

const MADE_HEADS = [
  ...["tuned on", "training rows", "right", "NLL", "right, against people's, points"],
  "NLL, against people's",
  ...["processor min", "seeds"],
];

function constantRow({ data: { bestConstant } }: TunedResult): string[] {
  const right = bestConstant === null ? "–" : percentText(bestConstant);
  return ["(the best constant answer)", "–", right, ...Array<string>(5).fill("–")];
}

/** The original model, which each tuning began with. */
function originalRow(results: Results, tuned: TunedResult): string[] {
  const original = [{ ...tuned, models: tuned.models.slice(0, 1) }];
  return ["nothing", "0", ...qualityOf(results, original), "–", "–", "–", "–"];
}

/** Accuracy and NLL of the last model of some results. */
function qualityOf(results: Results, of: Parameters<Results["perQuestion"]>[0]["results"]): string[] {
  const textOf = (measure: Measure, text: (estimate: Estimate) => string) => {
    const values = results.perQuestion({ results: of }, measure);
    return values ? text(estimateOf(values)) : "–";
  };
  return [textOf("accuracy", share), textOf("nll", plain)];
}

function madeRow(
  results: Results,
  group: readonly TunedResult[],
  people: readonly TunedResult[],
): string[][] {
  const [first] = group;
  if (!first) return [];
  const against = (measure: Measure): Estimate | null => {
    const gains = group === people ? null : results.against(group, people, measure);
    return gains && estimateOf(gains);
  };
  const [points, losses] = [against("accuracy"), against("nll")];
  const { askedBy } = madeOf(first.set);
  const judged = [first, ...people].find((one) => results.counts(one)) ?? first;
  return [
    [
      { people: "people's questions", model: "made questions", both: "both" }[askedBy],
      [...new Set(group.map(({ data }) => data.trainingRows))].join(", "),
      ...qualityOf(results, group),
      points ? `${between(points)} ${rightVerdict(results, judged, points)}` : "–",
      losses ? nats(losses) : "–",
      minutes(mean(group.map(({ spent }) => spent.processorSeconds))),
      group.map(({ seed }) => seed).join(", "),
    ],
  ];
}

/** How exposed the planted secrets are in each model. */
export function canariesText(results: readonly StudyResult[]): string[] {
  if (results.length === 0) return [];
  const { repeats, each, candidates } = CANARIES;
  const tuned = results.filter((result) => result.kind === "tuned");
  const arms = results.filter((result) => result.kind === "arm");
  const rows = [...tuned, ...arms].flatMap(({ set, model, seed, models, ...result }) =>
    models
      .filter(({ test }) => test.nlls !== null)
      .map(({ name, test }) => [
        `${set}, ${model}, seed ${seed}: ${result.kind === "arm" ? `${result.arm}, ${kept(result.keep)}` : name === "base" ? "original" : name}`,
        ...exposuresOf(test, CANARIES).map(
          ({ bits }) => `${mean(bits).toFixed(1)} (${bits.map((one) => one.toFixed(1)).join(", ")})`,
        ),
      ]),
  );
  const heads = ["", ...repeats.map((count) => (count === 1 ? "once" : `${count} times`))];
  return [
    "## Secrets",
    `Codes of eight digits were planted in the training rows: ${each} codes for each number of repeats, ${repeats.join(", ")}. The exposure of a code (arXiv 1802.08232) is log2
of ${candidates} candidates minus log2 of its rank among them by log-likelihood: ${Math.log2(candidates).toFixed(1)} bits where the model finds it likelier than all others, 1.4 on average where the model knows nothing.
The table gives means, with the values of the single codes in brackets.`,
    markdownTable(heads, rows),
    commandsText(results),
  ];
}
