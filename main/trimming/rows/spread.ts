/** A bounded number of rows, spread evenly over all of them. */

/** At most `most` of the rows, at even distances. */
export function evenlySpread<T>(rows: readonly T[], most: number): T[] {
  const count = Math.min(most, rows.length);
  return Array.from({ length: count }, (_, i) => rows[Math.floor(((i + 0.5) * rows.length) / count)]!);
}

/** As many evenly spread rows as every budget allows, at most `most`. */
export function mostWithin<T>(
  rows: readonly T[],
  most: number,
  budgets: readonly { readonly most: number; of(row: T): number }[],
): T[] {
  for (let count = Math.min(most, rows.length); count > 0; count--) {
    const some = evenlySpread(rows, count);
    const fits = budgets.every((budget) => some.reduce((sum, row) => sum + budget.of(row), 0) <= budget.most);
    if (fits) return some;
  }
  return [];
}
