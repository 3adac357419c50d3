/**
 * JSON numbers as automata. Numbers have at most 15 digits, so that each is a different double and compares as written; where there is a
 * limit, neither `-0` nor an exponent is written.
 */
import { intersect, explore, Nfa } from "./dfa.ts";
import type { Dfa } from "./dfa.ts";
import { patternDfa } from "./pattern.ts";

const MOST_DIGITS = 15;

export interface NumberLimits {
  /** −∞ and ∞: none. */
  readonly min: number;
  readonly max: number;
  readonly isMinExclusive: boolean;
  readonly isMaxExclusive: boolean;
  readonly isInteger: boolean;
}

/** Any number, or any integer. */
export const anyNumber = (isInteger: boolean): Dfa =>
  patternDfa(
    isInteger
      ? `^(0|-?[1-9]\\d{0,${MOST_DIGITS - 1}})$`
      : `^-?(0|[1-9]\\d{0,${MOST_DIGITS - 1}})(\\.\\d{1,${MOST_DIGITS}})?(e[+-]?[1-9]\\d?)?$`,
  );

/** A magnitude as digits before and after the point. */
interface Decimal {
  readonly whole: string;
  readonly fraction: string;
}

/**
 * Numbers within limits, which are compared as their shortest decimals, so that comparing digits compares doubles.
 */
export function numbersBetween({ min, max, isMinExclusive, isMaxExclusive, isInteger }: NumberLimits): Dfa {
  const nfa = new Nfa();
  const [start, end] = [nfa.state(), nfa.state()];
  const beyond = 10 ** MOST_DIGITS;
  const side = (sign: string, low: number, high: number, excludesLow: boolean, excludesHigh: boolean) => {
    if (high < low || low >= beyond) return;
    const [from, to] = [decimal(low), decimal(Math.min(high, beyond))];
    const at = sign === "" ? start : nfa.state();
    if (sign !== "") nfa.connect(start, at, [[0x2d, 0x2d]]);
    new Between(nfa, {
      from,
      to,
      excludesLow,
      excludesHigh: excludesHigh || high >= beyond,
      isInteger,
    }).place(at, end);
  };
  if (max >= 0) side("", Math.max(0, min), max, min >= 0 && isMinExclusive, isMaxExclusive);
  if (min < 0) side("-", Math.max(0, -max), -min, max >= 0 || isMaxExclusive, isMinExclusive);
  return nfa.between(start, end);
}

/** A double's shortest decimal, without an exponent. */
function decimal(magnitude: number): Decimal {
  const [digits = "", exponent = "0"] = magnitude.toString().split("e");
  const [whole = "", fraction = ""] = digits.split(".");
  const shift = Number(exponent);
  if (shift >= 0)
    return { whole: whole + fraction.padEnd(shift, "0").slice(0, shift), fraction: fraction.slice(shift) };
  return { whole: "0", fraction: "0".repeat(-shift - whole.length) + whole + fraction };
}

interface Bounds {
  readonly from: Decimal;
  readonly to: Decimal;
  readonly excludesLow: boolean;
  readonly excludesHigh: boolean;
  readonly isInteger: boolean;
}

/** Whether the digits so far equal those of the lower or of the upper bound, so that what follows decides. */
interface Tight {
  readonly low: boolean;
  readonly high: boolean;
}

/** The magnitudes between two decimals, a part of an automaton for each number of digits before the point. */
class Between {
  readonly #nfa: Nfa;
  readonly #bounds: Bounds;
  readonly #states = new Map<string, number>();

  constructor(nfa: Nfa, bounds: Bounds) {
    this.#nfa = nfa;
    this.#bounds = bounds;
  }

  place(start: number, end: number): void {
    const { from, to } = this.#bounds;
    const most = Math.min(MOST_DIGITS, to.whole.length);
    for (let digits = from.whole.length; digits <= most; digits++)
      this.#whole(start, end, digits, 0, {
        low: digits === from.whole.length,
        high: digits === to.whole.length,
      });
  }

  /** Adds what may follow a state after `at` of `digits` digits before the point. */
  #whole(state: number, end: number, digits: number, at: number, tight: Tight): void {
    const { from, to } = this.#bounds;
    if (at === digits) return this.#afterWhole(state, end, digits, tight);
    const least = at === 0 && digits > 1 ? 1 : 0;
    this.#digits(tight, from.whole[at], to.whole[at], least, (first, last, next) => {
      const { state: target, isNew } = this.#state(`w${digits} ${at + 1}`, next);
      this.#nfa.connect(state, target, [[0x30 + first, 0x30 + last]]);
      if (isNew) this.#whole(target, end, digits, at + 1, next);
    });
  }

  #afterWhole(state: number, end: number, digits: number, tight: Tight): void {
    if (this.#isWithin(tight, 0)) this.#nfa.connect(state, end);
    if (this.#bounds.isInteger || digits === MOST_DIGITS) return;
    const { state: point, isNew } = this.#state(`p${digits}`, tight);
    this.#nfa.connect(state, point, [[0x2e, 0x2e]]);
    if (isNew) this.#fraction(point, end, digits, 0, tight);
  }

  #fraction(state: number, end: number, digits: number, at: number, tight: Tight): void {
    const { from, to } = this.#bounds;
    if (at > 0 && this.#isWithin(tight, at)) this.#nfa.connect(state, end);
    if (digits + at === MOST_DIGITS) return;
    this.#digits(tight, from.fraction[at] ?? "0", to.fraction[at] ?? "0", 0, (first, last, next) => {
      const { state: target, isNew } = this.#state(`f${digits} ${at + 1}`, next);
      this.#nfa.connect(state, target, [[0x30 + first, 0x30 + last]]);
      if (isNew) this.#fraction(target, end, digits, at + 1, next);
    });
  }

  /** Whether a magnitude that ends after `at` digits of its fraction is within the bounds. */
  #isWithin({ low, high }: Tight, at: number): boolean {
    const { from, to, excludesLow, excludesHigh } = this.#bounds;
    const restOf = ({ fraction }: Decimal) => /[1-9]/.test(fraction.slice(at));
    if (low && (restOf(from) || excludesLow)) return false;
    return !(high && !restOf(to) && excludesHigh);
  }

  /** The ranges of digits that may follow, with what they leave tight. */
  #digits(
    { low, high }: Tight,
    ofLow: string | undefined,
    ofHigh: string | undefined,
    least: number,
    use: (first: number, last: number, next: Tight) => void,
  ): void {
    const [first, last] = [low ? Number(ofLow) : 0, high ? Number(ofHigh) : 9];
    for (let digit = Math.max(first, least); digit <= last;) {
      const next = { low: low && digit === first, high: high && digit === last };
      const isFree = !next.low && !next.high;
      const until = isFree ? (high ? last - 1 : last) : digit;
      use(digit, until, next);
      digit = until + 1;
    }
  }

  #state(place: string, { low, high }: Tight): { state: number; isNew: boolean } {
    const key = `${place} ${low} ${high}`;
    const known = this.#states.get(key);
    if (known !== undefined) return { state: known, isNew: false };
    const state = this.#nfa.state();
    this.#states.set(key, state);
    return { state, isNew: true };
  }
}

/** Integers, with or without a sign, that are multiples of an integer. */
function multiplesOf(divisor: number): Dfa {
  interface State {
    readonly at: "start" | "sign" | "digits";
    readonly rest: number;
  }
  return explore<State>({
    start: { at: "start", rest: 0 },
    key: ({ at, rest }) => `${at} ${rest}`,
    edges: ({ at, rest }) => {
      const digits = Array.from({ length: 10 }, (_, digit) => ({
        first: 0x30 + digit,
        last: 0x30 + digit,
        target: { at: "digits", rest: (rest * 10 + digit) % divisor } as State,
      }));
      return at === "start"
        ? [{ first: 0x2d, last: 0x2d, target: { at: "sign", rest: 0 } }, ...digits]
        : digits;
    },
    isFinal: ({ at, rest }) => at === "digits" && rest === 0,
  });
}

export const within = (limits: NumberLimits, divisors: readonly number[]): Dfa =>
  divisors.map(multiplesOf).reduce(intersect, numbersBetween({ ...limits, isInteger: true }));
