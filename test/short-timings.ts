/**
 * The environment of tests. A speed that a run measures, and no test compares, is timed for hundredths of a second: some seconds
 * for each depth would be most of what the runs of tiny models take.
 */
export const shortTimings = { COPPICE_TIMED_SECONDS: "0.002" };
