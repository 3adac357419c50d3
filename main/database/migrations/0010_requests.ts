/** What a person asked of a run holds until it ends, also when its program ends before. */
export const requests = `
-- 1: it ends early, with the depth that it has reached.
alter table runs add column finishing integer not null default 0 check (finishing in (0, 1));
-- 1: while it is queued, it may start on battery power.
alter table runs add column onBattery integer not null default 0 check (onBattery in (0, 1));
`;
