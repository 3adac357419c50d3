/** The statistics behind a result. */

/** A share with its 95% Wilson interval and the number of trials. */
export interface Accuracy {
  value: number;
  low: number;
  high: number;
  n: number;
}

/** The 97.5% quantile of the standard normal distribution. */
const Z_95 = 1.959963984540054;

/** The 95% score interval of `successes` in `n` ≥ 1 trials (Wilson 1927, doi 10.1080/01621459.1927.10502953). */
export function wilsonInterval(successes: number, n: number): { low: number; high: number } {
  const share = successes / n;
  const square = Z_95 ** 2;
  const centre = (share + square / (2 * n)) / (1 + square / n);
  const half = (Z_95 / (1 + square / n)) * Math.sqrt((share * (1 - share)) / n + square / (4 * n ** 2));
  return {
    low: successes === 0 ? 0 : Math.max(0, centre - half),
    high: successes === n ? 1 : Math.min(1, centre + half),
  };
}

/** The share of right answers with its interval; null if there are none to count. */
export function accuracyOf(correct: readonly boolean[]): Accuracy | null {
  const n = correct.length;
  if (n === 0) return null;
  const successes = correct.filter(Boolean).length;
  return { value: successes / n, ...wilsonInterval(successes, n), n };
}

/** Two models on the same questions: the number that only one of them answered right, and the two-sided p of equality. */
export interface PairedComparison {
  onlyFirst: number;
  onlySecond: number;
  p: number;
}

/**
 * The exact McNemar test (McNemar 1947, doi 10.1007/BF02295996): two-sided binomial on the questions on which the models
 * differ. Both lists are about the same questions in the same order.
 */
export function mcNemar(first: readonly boolean[], second: readonly boolean[]): PairedComparison {
  if (first.length !== second.length)
    throw new RangeError("McNemar's test compares answers to the same questions");
  const onlyFirst = first.filter((right, i) => right && !second[i]).length;
  const onlySecond = first.filter((right, i) => !right && second[i]).length;
  const differing = onlyFirst + onlySecond;
  return { onlyFirst, onlySecond, p: Math.min(1, 2 * lowerTail(Math.min(onlyFirst, onlySecond), differing)) };
}

/** P(X ≤ k) for X ~ Binomial(n, 1/2), summed in logarithms so that a large n does not underflow term by term. */
function lowerTail(k: number, n: number): number {
  let logTerm = -n * Math.LN2;
  let sum = 0;
  for (let i = 0; i <= k; i++) {
    sum += Math.exp(logTerm);
    logTerm += Math.log((n - i) / (i + 1));
  }
  return sum;
}

/** The arithmetic mean; NaN for an empty list. */
export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

/** The median; NaN for an empty list. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * The median with its 95% interval by ranks, which makes no assumption about the distribution (that of the sign test). Fewer than six
 * values do not suffice for 95%: the interval is then their whole range. Not for an empty list.
 */
export function medianInterval(values: readonly number[]): {
  value: number;
  low: number;
  high: number;
  n: number;
} {
  const n = values.length;
  const sorted = [...values].sort((a, b) => a - b);
  let left = 0;
  while (2 * lowerTail(left, n) <= 0.05) left++;
  const outside = Math.max(0, left - 1);
  return { value: median(values), low: sorted[outside]!, high: sorted[n - 1 - outside]!, n };
}

/** The sum, compensated for rounding (Neumaier 1974), so that the order of many small values does not matter. */
export function sum(values: readonly number[]): number {
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + lost;
}

/** exp(mean NLL per token), from a summed NLL in nats. Compares only between models with the same tokenizer. */
export function perplexityOf(nll: number, tokens: number): number {
  return Math.exp(nll / tokens);
}

/** Bits per UTF-8 byte of the text, from a summed NLL in nats. Compares across tokenizers. */
export function bitsPerByteOf(nll: number, bytes: number): number {
  return nll / Math.LN2 / bytes;
}
