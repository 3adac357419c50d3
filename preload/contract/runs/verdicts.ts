/** From best to worst; `too-few`: there are too few test questions to tell, and nothing shows that the model is bad. */
export const VERDICTS = ["ready", "with-care", "too-few", "not-yet", "no-use"] as const;
export type Verdict = (typeof VERDICTS)[number];
