/** The current message of each model of a conversation, and the context used after each answer. */
export const chat = `
-- The newest message of the path that is shown; null: the newest of all. A second model beside the first has its own.
alter table conversations add column leafId integer;
alter table conversations add column besideModel text;
alter table conversations add column besideLeafId integer;
alter table messages add column promptTokens integer;
-- Why an answer ended: end, stop, length, cancelled.
alter table messages add column reason text;
`;
