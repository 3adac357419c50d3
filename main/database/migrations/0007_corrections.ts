/** Answers that a person marked as wrong in chat, each with the right one. */
export const corrections = `
-- lineage: the first of the runs that the model descends from by improvements. A correction outlives its conversation if the person says so.
create table corrections (
  id integer primary key autoincrement,
  lineage text not null,
  run text not null,
  conversationId integer references conversations (id) on delete set null,
  message integer references messages (id) on delete set null,
  -- A list of messages: the instruction and questions that the model got before the answer.
  before text not null,
  wrong text not null,
  "right" text not null,
  passage text not null default '',
  heldOut text check (heldOut in ('test', 'valid', 'offDomain')),
  createdAt text not null,
  updatedAt text not null
) strict;
create index correctionsByLineage on corrections (lineage);
create index correctionsByConversation on corrections (conversationId);
create unique index correctionsByMessage on corrections (message);
`;
