/** A run's model is no longer always its shallowest depth. */
export const results = `
-- The depth that is a finished run's model: units, whether it was healed, the kept ones; null of runs of earlier versions: the shallowest.
alter table runs add column result text;
`;
