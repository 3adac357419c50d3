/** Data sets that a person named stay when the last run that used them is deleted. */
export const dataSets = `
alter table datasets add column kept integer not null default 0 check (kept in (0, 1));
`;
