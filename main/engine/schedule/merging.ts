/** How a merge of dropped halves into kept ones is tried (recipes/cuts/merge.ts). */

/** `rows`: how many training rows judge it. `factors`: the shares of the difference that are tried besides 0; 1 is LaCo's (arXiv 2402.11187). */
export const MERGING = { rows: 16, factors: [0.25, 0.5, 1] } as const;
