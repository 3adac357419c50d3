/**
 * Pre-tokenizers, with the semantics of the reference (huggingface/tokenizers, Rust). @huggingface/tokenizers has them too, but
 * there `Digits` knows only ASCII digits, `Split` supports two of five behaviours, `Metaspace` does not split, and GPT-2's
 * pattern uses JavaScript's `\s` (includes U+FEFF, excludes U+0085). From that package we use the translation of Oniguruma's
 * regular expressions. A pattern comes from the file, and a hostile one can backtrack endlessly. No check here could detect such
 * a pattern, so encoding has a time limit (engine.ts).
 */
import { shown } from "../shown.ts";
import { bytesAsCharacters } from "./byte-alphabet.ts";
import { unsupportedTokenizer } from "./definition.ts";
import type { PipelineStep } from "./definition.ts";
import { SplitPreTokenizer } from "./huggingface.ts";

/** Splits one piece of text; `first` if it starts the whole text. */
export type Cut = (piece: string, first: boolean) => string[];

/** The pattern of GPT-2's byte-level pre-tokenizer, in Oniguruma's semantics. */
const GPT2_PATTERN = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;

const ANY_PUNCTUATION = String.raw`[\p{P}$+<=>^\x60|~]`;

/** All steps in sequence. Throws `unsupported-tokenizer` for a step or pattern that Coppice cannot run. */
export function preTokenizer(steps: readonly PipelineStep[]): Cut {
  const cuts = steps.flatMap(cutsOf);
  return (text, first) => {
    let pieces = [text];
    for (const cut of cuts) {
      // Pieces come in order, so the first of them starts the text.
      pieces = pieces.flatMap((piece, index) => cut(piece, first && index === 0));
    }
    return pieces;
  };
}

function cutsOf(step: PipelineStep): Cut[] {
  switch (step.type) {
    case "ByteLevel":
      return [
        ...(step["add_prefix_space"] === true ? [prefixed(" ")] : []),
        ...(step["use_regex"] === false ? [] : [split(GPT2_PATTERN, "Isolated")]),
        (piece) => [bytesAsCharacters(piece)],
      ];
    case "Digits":
      return [split(step["individual_digits"] === true ? String.raw`\p{N}` : String.raw`\p{N}+`, "Isolated")];
    case "Split":
      return [
        split(
          patternOf(step["pattern"], "pre-tokenizer Split"),
          shown(step["behavior"]),
          step["invert"] === true,
        ),
      ];
    case "Punctuation":
      return [split(ANY_PUNCTUATION, shown(step["behavior"] ?? "Isolated"))];
    case "Whitespace":
      return [split(String.raw`\w+|[^\w\s]+`, "Removed", true)];
    case "WhitespaceSplit":
      return [split(String.raw`\s+`, "Removed")];
    case "Metaspace":
      return metaspace(step);
    default:
      return unsupportedTokenizer(`pre-tokenizer ${step.type}`);
  }
}

function metaspace(step: PipelineStep): Cut[] {
  const mark = typeof step["replacement"] === "string" ? step["replacement"] : "▁";
  const scheme = step["prepend_scheme"] ?? (step["add_prefix_space"] === false ? "never" : "always");
  const cuts: Cut[] = [(piece) => [piece.split(" ").join(mark)]];
  if (scheme === "always") cuts.push(prefixed(mark));
  if (scheme === "first") cuts.push((piece, first) => (first ? prefixed(mark)(piece, first) : [piece]));
  if (step["split"] !== false) cuts.push(split(escaped(mark), "MergedWithNext"));
  return cuts;
}

function prefixed(prefix: string): Cut {
  return (piece) => [piece.startsWith(prefix) ? piece : prefix + piece];
}

interface Part {
  text: string;
  isMatch: boolean;
}

/** Splits by a pattern; the behaviour decides what happens to the matches. `invert` swaps matches and gaps. */
function split(pattern: string, behavior: string, invert = false): Cut {
  const join = BEHAVIOURS.get(behavior) ?? unsupportedTokenizer(`pre-tokenizer Split ${behavior}`);
  const expression = compile(pattern);
  return (piece) => join(partsOf(piece, expression, invert)).filter((part) => part !== "");
}

const BEHAVIOURS: ReadonlyMap<string, (parts: Part[]) => string[]> = new Map([
  ["Isolated", (parts: Part[]) => parts.map(({ text }) => text)],
  ["Removed", (parts: Part[]) => parts.filter(({ isMatch }) => !isMatch).map(({ text }) => text)],
  ["Contiguous", (parts: Part[]) => merged(parts, (part, before) => part.isMatch === before.isMatch)],
  ["MergedWithPrevious", (parts: Part[]) => merged(parts, (part, before) => part.isMatch && !before.isMatch)],
  ["MergedWithNext", (parts: Part[]) => merged(parts, (part, before) => before.isMatch && !part.isMatch)],
]);

function partsOf(piece: string, expression: RegExp, invert: boolean): Part[] {
  const parts: Part[] = [];
  const add = (from: number, to: number, isMatch: boolean) => {
    if (to > from) parts.push({ text: piece.slice(from, to), isMatch: isMatch !== invert });
  };
  let end = 0;
  for (const match of piece.matchAll(expression)) {
    add(end, match.index!, false);
    end = match.index! + match[0].length;
    add(match.index!, end, true);
  }
  add(end, piece.length, false);
  return parts;
}

/** Joins each part to the previous one if `joins` says so. */
function merged(parts: Part[], joins: (part: Part, before: Part) => boolean): string[] {
  const texts: string[] = [];
  parts.forEach((part, index) => {
    if (index > 0 && joins(part, parts[index - 1]!)) texts[texts.length - 1] += part.text;
    else texts.push(part.text);
  });
  return texts;
}

/** An Oniguruma regular expression as a JavaScript one. Throws `unsupported-tokenizer`. */
export function compile(pattern: string): RegExp {
  const Regex = pattern.replace(/\(\?i:([^()[\]\\]*)\)/g, (_, text: string) => `(?:${inAnyCase(text)})`);
  try {
    return new SplitPreTokenizer({ type: "Split", pattern: { Regex }, invert: false }).pattern;
  } catch {
    return unsupportedTokenizer(`the pattern ${pattern.slice(0, 100)}`);
  }
}

/** Oniguruma ignores case by Unicode's folding, the package by ASCII's: these two letters have a third form. */
const THIRD_FORMS = new Map([
  ["s", "ſ"],
  ["k", "\u212a"],
]);

/** A part of a pattern without classes and escapes that matches in any case. */
const inAnyCase = (text: string): string =>
  text.replace(/[a-z]/gi, (letter) => {
    const [small, capital] = [letter.toLowerCase(), letter.toUpperCase()];
    return `[${small}${capital}${THIRD_FORMS.get(small) ?? ""}]`;
  });

/** The regular expression of a step with a pattern. Throws `unsupported-tokenizer` if it has none. */
export function patternOf(value: unknown, step: string): string {
  const { Regex, String: literal } = (value ?? {}) as { Regex?: unknown; String?: unknown };
  if (typeof Regex === "string") return Regex;
  if (typeof literal === "string") return escaped(literal);
  return unsupportedTokenizer(`${step} without a pattern`);
}

/** A regular expression that matches a text literally, in JavaScript and in Oniguruma. */
export function escaped(literal: string): string {
  return literal.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
