/** Figures as CSV (RFC 4180) for spreadsheets: numbers without thousands separators, and nothing that a spreadsheet would execute. */
import Papa from "papaparse";
import type { Compared, ComparedModel } from "../../../preload/contract/calls/compare.ts";
import type { Estimate } from "../../../preload/contract/runs/measures.ts";
import type { Language } from "../../../preload/contract/words/language.ts";
import { isShort } from "../../../preload/contract/runs/run.ts";

type Columns = Record<string, (model: ComparedModel, data: string) => string | number | null>;

/** A paired difference with its interval. */
const difference = (what: string, of: (model: ComparedModel) => Estimate | null): Columns => ({
  [`${what}, nats per token`]: (model) => of(model)?.value ?? null,
  [`${what}, 95% low`]: (model) => of(model)?.low ?? null,
  [`${what}, 95% high`]: (model) => of(model)?.high ?? null,
});

const columns: Columns = {
  model: ({ name }) => name,
  kind: ({ subject, ofImprovement, trained }) =>
    ({
      base: "original",
      tuned: ofImprovement ? "before the improvement" : "fine-tuned",
      trimmed: ofImprovement ? "improved" : "trimmed",
      control: isShort(trained)
        ? `whole, trained on ${trained.rows} of ${trained.of} rows`
        : "whole, trained on as many rows",
    })[subject],
  run: ({ run }) => run,
  "test data": (_, data) => data,
  verdict: ({ verdict }) => verdict,
  unit: ({ unit }) => unit,
  "units kept": ({ kept }) => kept.length,
  "units of the whole": ({ total }) => total,
  "weights while measured": ({ storage }) => storage,
  accuracy: ({ accuracy }) => accuracy?.value ?? null,
  "accuracy, 95% low": ({ accuracy }) => accuracy?.low ?? null,
  "accuracy, 95% high": ({ accuracy }) => accuracy?.high ?? null,
  questions: ({ accuracy }) => accuracy?.n ?? null,
  "made questions": ({ accuracy }) => accuracy?.made ?? null,
  "made questions that were checked": ({ accuracy }) => accuracy?.checked ?? null,
  "only it right": ({ versusTuned }) => versusTuned?.onlyFirst ?? null,
  "only fine-tuned right": ({ versusTuned }) => versusTuned?.onlySecond ?? null,
  "McNemar p": ({ versusTuned }) => versusTuned?.p ?? null,
  "only it right, beside the control": ({ versusControl }) => versusControl?.onlyFirst ?? null,
  "only the control right": ({ versusControl }) => versusControl?.onlySecond ?? null,
  "McNemar p beside the control": ({ versusControl }) => versusControl?.p ?? null,
  perplexity: ({ perplexity }) => perplexity,
  ...difference("texts beside fine-tuned", ({ textsVersusTuned }) => textsVersusTuned),
  ...difference("texts beside the control", ({ textsVersusControl }) => textsVersusControl),
  "bits per byte": ({ bitsPerByte }) => bitsPerByte,
  "off-domain accuracy": ({ offDomainAccuracy }) => offDomainAccuracy?.value ?? null,
  "off-domain perplexity": ({ offDomainPerplexity }) => offDomainPerplexity,
  "calibration error": ({ calibration }) => calibration?.value ?? null,
  "ROUGE-L of answers": ({ generated }) => generated?.rougeL.value ?? null,
  "ROUGE-L, 95% low": ({ generated }) => generated?.rougeL.low ?? null,
  "ROUGE-L, 95% high": ({ generated }) => generated?.rougeL.high ?? null,
  "answers generated": ({ generated }) => generated?.rougeL.n ?? null,
  "repeated 4-grams": ({ generated }) => generated?.repetition.value ?? null,
  "length of answers, relative": ({ generated }) => generated?.length ?? null,
  "answers that end": ({ generated }) => generated?.stops?.value ?? null,
  "chat precision": ({ rounding }) => rounding?.precision ?? null,
  "accuracy in chat": ({ rounding }) => rounding?.choices?.chat.value ?? null,
  "accuracy before rounding, same questions": ({ rounding }) => rounding?.choices?.trained.value ?? null,
  "rounding, nats per answer": ({ rounding }) => rounding?.choices?.answerNll?.value ?? null,
  "rounding, nats per token of texts": ({ rounding }) => rounding?.texts?.value ?? null,
  "tokens/s": ({ tokensPerSecond }) => tokensPerSecond,
  "times as fast as the original": ({ timesAsFast }) => timesAsFast?.value ?? null,
  "times as fast, 95% low": ({ timesAsFast }) => timesAsFast?.low ?? null,
  "times as fast, 95% high": ({ timesAsFast }) => timesAsFast?.high ?? null,
  "chat memory, bytes": ({ chatMemoryBytes }) => chatMemoryBytes && Math.round(chatMemoryBytes),
  "file, bytes": ({ sizeBytes }) => sizeBytes,
};

/** What separates fields and decimals: German spreadsheets take a comma for the decimal sign. */
const SIGNS: Readonly<Record<Language, { delimiter: string; decimal: string }>> = {
  en: { delimiter: ",", decimal: "." },
  de: { delimiter: ";", decimal: "," },
};

/** One row per model; starts with a byte order mark, so that spreadsheets read it as UTF-8. */
export function csvOf({ models, runs }: Compared, language: Language): string {
  const { delimiter, decimal } = SIGNS[language];
  const written = (value: string | number | null) =>
    typeof value === "number" ? String(value).replace(".", decimal) : (value ?? "").replace(FORMULA, "'");
  const dataOf = new Map(runs.map(({ id, data }) => [id, data?.name ?? ""]));
  const rows = models.map((model) =>
    Object.values(columns).map((figure) => written(figure(model, dataOf.get(model.run) ?? ""))),
  );
  const quotes = (value: unknown) => String(value).includes(";"); // whatever the delimiter, in case a German spreadsheet opens it
  return `\uFEFF${Papa.unparse([Object.keys(columns), ...rows], { delimiter, quotes })}\r\n`;
}

/**
 * The places before formulas: at the beginning of a text, or of what may become a cell of its own, as after a semicolon where decimals have
 * commas. An apostrophe goes there, which spreadsheets hide (https://owasp.org/www-community/attacks/CSV_Injection).
 */
const FORMULA = /(?<=^|[;\t\r\n])(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20])|^(?=[\t\r])/g;
