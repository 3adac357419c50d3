/**
 * The library's headlines are read from an index: a row of evaluations holds every question's answer, and reading the rows of
 * 10,000 runs took two to three times as long (npm run bench library).
 */
export const library = `
alter table evaluations add column accuracyLow real as (depth ->> '$.evaluation.accuracy.low') virtual;
alter table evaluations add column accuracyHigh real as (depth ->> '$.evaluation.accuracy.high') virtual;
create index evaluationsHeadline on evaluations
  (runId, subject, split, units, healed desc, accuracy, accuracyLow, accuracyHigh, perplexity, tokensPerSecond, sizeBytes);
create index runsByModel on runs (modelId);
create index runsByDataset on runs (datasetId);
`;
