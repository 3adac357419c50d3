/** Finds places in lists of ascending positions. */

/** The last of `count` ascending positions that is not behind one; -1 if there is none. */
export function lastAtOrBefore(
  position: number,
  count: number,
  positionOf: (index: number) => number,
): number {
  let [low, high] = [-1, count - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (positionOf(middle) <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}
