import { observed } from "../scoring/scan.ts";
import type { ScorerMethod } from "./method.ts";

/** Block influence (ShortGPT, arXiv 2403.03853): how little a unit changes its input. */
export const influence: ScorerMethod = {
  kind: "scorer",
  score: async (scored) => {
    const tokens = scored.rows.reduce((sum, { row }) => sum + row.ids.length - 1, 0);
    const weighted = await observed(scored, ({ influence: change }, batch) => ({
      change: change * batch.tokens.length,
    }));
    return weighted.map(({ unit, change }) => ({ unit, score: change / tokens, accuracy: null }));
  },
};
