/** Questions that a local model writes from a data set's passages. */
export const questions = `
-- A model writing questions. Its passages are copied, and deleted with their data set.
create table writings (
  id integer primary key,
  datasetId integer not null references datasets (id) on delete cascade,
  name text not null,
  model text not null,
  modelName text not null,
  kinds text not null,
  state text not null check (state in ('writing', 'stopped', 'done', 'failed')),
  failure text,
  seconds real not null default 0,
  mostSeconds real,
  -- JSON: how many questions were thrown away, by reason.
  thrown text not null default '{}',
  createdAt text not null
) strict;
create index writingsByDataset on writings (datasetId);

-- In the order in which they are written from; done: all that was written from it is in writtenQuestions.
create table writingPassages (
  id integer primary key,
  writingId integer not null references writings (id) on delete cascade,
  document text not null,
  place integer not null,
  split text not null,
  passage text not null,
  done integer not null default 0 check (done in (0, 1))
) strict;
create index writingPassagesByWriting on writingPassages (writingId, done, id);

create table writtenQuestions (
  id integer primary key,
  writingId integer not null references writings (id) on delete cascade,
  passageId integer not null references writingPassages (id) on delete cascade,
  kind text not null,
  question text not null,
  answer text not null,
  evidence text not null,
  doubt real not null,
  -- JSON: what each check gave.
  checks text not null,
  state text not null default 'unseen' check (state in ('unseen', 'kept', 'edited', 'dropped')),
  -- JSON: earlier states and texts, the last change at the end.
  changes text not null default '[]'
) strict;
create index writtenQuestionsByDoubt on writtenQuestions (writingId, doubt);
create index writtenQuestionsByPassage on writtenQuestions (passageId);
`;
