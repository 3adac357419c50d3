/** The fewest characters to insert, delete or replace to make one text of another (Levenshtein). */
export function editDistance(from: string, to: string): number {
  let before = Int32Array.from({ length: to.length + 1 }, (_, index) => index);
  let row = new Int32Array(to.length + 1);
  for (let i = 1; i <= from.length; i++) {
    row[0] = i;
    for (let j = 1; j <= to.length; j++) {
      const replaced = before[j - 1]! + (from.charCodeAt(i - 1) === to.charCodeAt(j - 1) ? 0 : 1);
      row[j] = Math.min(replaced, before[j]! + 1, row[j - 1]! + 1);
    }
    [before, row] = [row, before];
  }
  return before[to.length]!;
}
