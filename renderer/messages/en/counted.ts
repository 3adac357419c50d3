import { numberText } from "../figures.ts";

/** "1 row", "1,234 rows". */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${numberText(count)} ${count === 1 ? one : many}`;
