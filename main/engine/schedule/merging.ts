/** How a merge of dropped halves into kept ones is tried (recipes/merge.ts). */

/** The training rows by which it is judged, and the shares of the differences that are tried beside none: 1 is LaCo's (arXiv 2402.11187). */
export const MERGING = { rows: 16, factors: [0.25, 0.5, 1] } as const;
