/** A model card (huggingface.co/docs/hub/model-cards): what a depth of a run is, its figures, and the duties under its base's licence. */
import {
  countText,
  counted,
  madeText,
  percentText,
  signedText,
} from "../../../preload/contract/words/figures.ts";
import type { Estimate } from "../../../preload/contract/runs/measures.ts";
import type { MaskedKind } from "../../../preload/contract/data/personal.ts";
import { maskedText } from "../../../preload/contract/words/personal-words.ts";
import { HUB_LICENCES, licenceDuties } from "../../../native-models/architectures/licences.ts";
import type { ExportFormat } from "../../../preload/contract/runs/exporting.ts";
import { changes } from "../../../preload/methods/index.ts";
import { wholeDepth } from "../../home/run-folder.ts";
import { isBetterInChat, isShort } from "../../../preload/contract/runs/run.ts";
import type {
  Comparison,
  DepthMetrics,
  ModelMetrics,
  TrimOutcome,
} from "../../../preload/contract/runs/run.ts";
import { headlineOf, verdictOf } from "../../../preload/contract/results/verdict.ts";
import { verdictText } from "../../../preload/contract/results/verdict-words.ts";
import { differenceOf } from "../../../preload/contract/results/versus.ts";
import { recitedText } from "../../../preload/contract/results/recited.ts";
import type { Recited } from "../../../preload/contract/results/recited.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";

export interface CardFacts {
  readonly name: string;
  /** The base model, as the person knows it. */
  readonly base: string;
  readonly licence: string | null;
  readonly plan: TrimPlan;
  /** The format of the model that the card accompanies. */
  readonly format: ExportFormat;
  readonly depth: string;
  readonly units: number;
  readonly outcome: TrimOutcome | null;
  /** Undefined if it was not measured. */
  readonly recited?: Recited | undefined;
  /** What was masked in its data; undefined if no masking was asked for. */
  readonly masked?: readonly MaskedKind[] | undefined;
}

/** The card as Markdown, with the hub's metadata. */
export function modelCard({
  name,
  base,
  licence,
  plan,
  format,
  depth,
  units,
  outcome,
  recited,
  masked,
}: CardFacts): string {
  const known = licence === null ? null : licence.trim().toLowerCase();
  const total = outcome?.units.total;
  const what = plan.trim.unit === "block" ? "blocks" : "half blocks";
  const kept = total === undefined ? `${units} ${what}` : `${units} of ${total} ${what}`;
  return [
    "---",
    ...(known === null
      ? ["license: unknown"]
      : [`license: ${yaml(HUB_LICENCES.has(known) ? known : "other")}`]),
    ...(known !== null && !HUB_LICENCES.has(known) ? [`license_name: ${yaml(licence!)}`] : []),
    "pipeline_tag: text-generation",
    "tags: [coppice, layer-pruning]",
    "---",
    "",
    `# ${name}`,
    "",
    introduction({ base, kept, plan, depth }),
    "",
    "## How it was made",
    "",
    `- Base model: ${base}`,
    `- Depth: ${depth}, ${kept}`,
    `- Trained: ${trainedText(plan, format)}; texts of up to ${plan.maxTokens} tokens; seed ${plan.seed}`,
    ...vocabularyText(outcome),
    ...correctionsText(depth, outcome),
    ...methodLines(depth, outcome, format),
    ...(masked ? [`- Data: ${lowerFirst(maskedText(masked))}`] : []),
    ...figures(depth, outcome, plan),
    ...recital(recited),
    "",
    "## Licence",
    "",
    ...licenceDuties(base, licence),
    "",
  ].join("\n");
}

/** A run's model at full depth is not trimmed; at full depth, an improvement has the model from before it. */
function introduction({
  base,
  kept,
  plan: { improvement },
  depth,
}: Pick<CardFacts, "base" | "plan" | "depth"> & { readonly kept: string }): string {
  const isWhole = depth === wholeDepth;
  if (improvement)
    return isWhole
      ? `${base}, as it was before an improvement by corrections of its answers with Coppice; it has ${kept}.`
      : `${base}, improved by corrections of its answers with Coppice, on one computer; it has ${kept}, as before.`;
  return isWhole
    ? `${base}, fine-tuned on a person's own data with Coppice, on one computer; it keeps ${kept}.`
    : `${base}, fine-tuned on a person's own data and trimmed to ${kept} with Coppice, on one computer.`;
}

/** The trimmed vocabulary, and what it means for other texts. */
function vocabularyText(outcome: TrimOutcome | null): string[] {
  if (!outcome?.tokens) return [];
  const { kept, total } = outcome.tokens;
  return [
    `- Vocabulary: ${countText(kept)} of ${countText(total)} tokens, those of its training data and the most common others. It can still write any text, but spells other words in more tokens, which takes longer and may be less accurate`,
  ];
}

/** What an improvement learnt from. */
function correctionsText(depth: string, outcome: TrimOutcome | null): string[] {
  const improvement = outcome?.metrics.improvement;
  if (!improvement || depth === wholeDepth) return [];
  const { corrections, rehearsed } = improvement;
  const answers = corrections === 1 ? "one answer" : `${corrections} answers`;
  return [
    `- Sources: ${answers} that a person corrected in chat, and ${rehearsed} rows of the data that it was trained on before`,
  ];
}

/** What methods changed: models at full depth learnt from no changed rows, and what changes chat is only in Coppice's own format. */
function methodLines(depth: string, outcome: TrimOutcome | null, format: ExportFormat): string[] {
  const { methods = {}, trimmed } = outcome?.metrics ?? {};
  return changes.flatMap(({ id, kind, result, card }) => {
    const own = result.safeParse(methods[id]?.result);
    const text = own.success ? card(own.data) : null;
    if (text === null) return [];
    if (kind === "rows") return [wholeDepth, "control"].includes(depth) ? [] : [`- Rows: ${text}`];
    const chat = methods[id]!.chat;
    if (!chat || !isBetterInChat(chat.validation) || trimmed?.name !== depth) return [];
    return [
      format === "coppice"
        ? `- Chat in Coppice only: ${text}`
        : `- Without what the run's own model has: ${text}`,
    ];
  });
}

function trainedText({ method }: Pick<TrimPlan, "method">, format: ExportFormat): string {
  if (method.kind === "sparse")
    return `the weights of ${percentText(method.share)} of the units, and embedding and head`;
  if (method.kind === "full") return "all weights";
  return `adapters of rank ${method.rank}${format === "adapter" ? "" : ", merged into the weights"}`;
}

/** The run's own measurements on its test data. */
function figures(depth: string, outcome: TrimOutcome | null, { improvement }: TrimPlan): string[] {
  if (!outcome) return [];
  const { base, tuned, control, depths } = outcome.metrics;
  const own: DepthMetrics | undefined = depths.find(({ name }) => name === depth);
  const rows: [string, ModelMetrics][] = improvement
    ? [["before the corrections", tuned]]
    : [
        ["base model", base],
        ["fine-tuned, all blocks", tuned],
      ];
  if (control && !isShort(control.trained)) rows.push(["all blocks, trained on as many rows", control]);
  if (own) rows.push(["this model", own]);
  return [
    "",
    "## Figures",
    "",
    ...(own || depth === wholeDepth ? [`Verdict: ${judgedText(outcome, depth)}`, ""] : []),
    "Measured on the run's test data, which it was not trained on, before weights were rounded for this export.",
    "",
    "| model | accuracy (95% interval) | perplexity |",
    "| --- | --- | --- |",
    ...rows.map(([model, { accuracy, perplexity }]) => {
      const share = accuracy
        ? `${percentText(accuracy.value)} (${percentText(accuracy.low)} to ${percentText(accuracy.high)}, ${accuracy.n} ${accuracy.made ? madeText(accuracy) : "questions"})`
        : "–";
      return `| ${model} | ${share} | ${perplexity === null ? "–" : perplexity.toFixed(2)} |`;
    }),
    ...(own
      ? pairedLines(own, improvement ? "the model before the corrections" : "the fine-tuned model")
      : []),
  ];
}

function judgedText(outcome: TrimOutcome, depth: string): string {
  const judged =
    depth === wholeDepth ? outcome.metrics.tuned : outcome.metrics.depths.find(({ name }) => name === depth)!;
  return verdictText(verdictOf(outcome, depth), headlineOf(outcome, judged));
}

/** How a depth differs from the models above it in the table on the same questions and texts, if it was compared with them. */
function pairedLines(own: DepthMetrics, tuned: string): string[] {
  const { accuracy, versusTuned, textsVersusTuned, versusControl, textsVersusControl } = own;
  const line = (other: string, choices?: Comparison | null, texts?: Estimate | null): string[] => {
    const found = [
      ...(choices && accuracy ? [pointsText(choices, accuracy.n)] : []),
      ...(texts ? [perplexityText(texts)] : []),
    ];
    return found.length === 0 ? [] : [`- Compared with ${other}: ${found.join("; ")}`];
  };
  const lines = [
    ...line(tuned, versusTuned, textsVersusTuned?.nll),
    ...line("all blocks, trained on as many rows", versusControl, textsVersusControl),
  ];
  return lines.length === 0 ? [] : ["", "Differences on the same rows, with 95% intervals:", "", ...lines];
}

function pointsText(comparison: Comparison, questions: number): string {
  const { value, low, high } = differenceOf(comparison, questions);
  const signed = (share: number) => signedText(share, "−");
  const asked = questions === 1 ? "question" : "questions";
  return `${signed(value)} points of accuracy (${signed(low)} to ${signed(high)}, ${questions} ${asked})`;
}

function perplexityText({ value, low, high, n }: Estimate): string {
  const [times, least, most] = [value, low, high].map((nats) => Math.exp(nats).toFixed(2));
  return `${times} times the perplexity (${least} to ${most}, ${counted(n, "text")})`;
}

/** How much of its training text the model recites, or that this was not measured. */
function recital(recited: Recited | undefined): string[] {
  const lines = recited
    ? recitedText(recited)
    : ["It was not measured how much of its training text the model recites."];
  const always = "It may know by heart what stood in a single row of its training data.";
  return ["", "## Recital of training data", "", ...[...lines, always].map((line) => `- ${line}`)];
}

const lowerFirst = (text: string) => text.slice(0, 1).toLowerCase() + text.slice(1);
const yaml = (text: string) => (/^[\w.-]+$/.test(text) ? text : JSON.stringify(text));
