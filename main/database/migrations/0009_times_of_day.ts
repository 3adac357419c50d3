/** A run that is to be done by a time of day is planned again when it starts: it may have had to wait. */
export const timesOfDay = `
-- What its plan was made from: a plan without a time, what this computer had measured, and when it is to be done; null without one.
alter table runs add column timing text;
`;
