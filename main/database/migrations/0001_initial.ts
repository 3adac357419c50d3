/**
 * The tables of version 1. Once Coppice is released, a database made by them may be on a person's disk: changes then go into a later file.
 * Times are ISO 8601 in UTC; `plan`, `report`, `depth`, … are JSON, validated by the service that owns them.
 */
export const initial = `
create table models (
  id integer primary key,
  path text not null unique,
  name text not null,
  format text not null,
  architecture text not null,
  summary text not null,
  sizeBytes integer not null,
  sha256 text,
  addedAt text not null,
  usedAt text not null
) strict;

create table datasets (
  id integer primary key,
  folder text not null unique,
  name text not null,
  report text not null,
  addedAt text not null,
  usedAt text not null,
  -- 1: it stays when the last run that used it is deleted.
  kept integer not null default 0 check (kept in (0, 1)),
  -- A version's number is not given again when others of its name are deleted.
  version integer not null default 1,
  -- The highest version that its name was given, also of data sets that were deleted since.
  newestVersion integer not null default 1
) strict;

create table runs (
  id text primary key,
  name text not null,
  state text not null check (state in ('queued', 'running', 'paused', 'done', 'failed', 'cancelled')),
  pauseReason text,
  phase text,
  round integer,
  fraction real not null default 0,
  secondsLeft real,
  seed integer not null,
  modelId integer references models (id) on delete set null,
  datasetId integer references datasets (id) on delete set null,
  output text,
  failure text,
  note text not null default '',
  activeSeconds real not null default 0,
  peakMemoryBytes integer,
  createdAt text not null,
  startedAt text,
  resumedAt text,
  updatedAt text not null,
  finishedAt text,
  plan text not null,
  tags text not null default '[]',
  -- What its plan was made from: a plan without a time, what this computer had measured, and when it is to be done; null without one.
  timing text,
  -- 1: it ends early, with the depth that it has reached.
  finishing integer not null default 0 check (finishing in (0, 1)),
  -- 1: while it is queued, it may start on battery power.
  onBattery integer not null default 0 check (onBattery in (0, 1)),
  -- The depth that is a finished run's model: units, whether it was healed, the kept ones.
  result text
) strict;
create index runsByTime on runs (createdAt);
create index runsByModel on runs (modelId);
create index runsByDataset on runs (datasetId);

create table rounds (
  runId text not null references runs (id) on delete cascade,
  round integer not null,
  scorer text,
  scoredRows integer,
  dropped text,
  kept text,
  checkpoint text,
  primary key (runId, round)
) strict, without rowid;

create table unitScores (
  runId text not null,
  round integer not null,
  unit integer not null,
  score real not null,
  accuracy real,
  primary key (runId, round, unit),
  foreign key (runId, round) references rounds (runId, round) on delete cascade
) strict, without rowid;

create table metrics (
  runId text not null references runs (id) on delete cascade,
  step integer not null,
  loss real not null,
  distillationLoss real,
  learningRate real not null,
  gradientNorm real not null,
  tokensPerSecond real not null,
  tokens integer not null,
  primary key (runId, step)
) strict, without rowid;

create table validations (
  runId text not null references runs (id) on delete cascade,
  step integer not null,
  epoch real not null,
  loss real not null,
  accuracy text,
  primary key (runId, step)
) strict, without rowid;

-- The figures of a library's table stand in columns of their own, before the JSON that they come from.
create table evaluations (
  id integer primary key,
  runId text references runs (id) on delete cascade,
  modelId integer references models (id) on delete set null,
  datasetId integer references datasets (id) on delete set null,
  subject text not null,
  split text not null,
  units integer not null as (depth ->> '$.units') stored,
  healed integer not null as (depth ->> '$.healed') stored,
  accuracy real as (depth ->> '$.evaluation.accuracy.value') stored,
  perplexity real as (depth ->> '$.evaluation.perplexity') stored,
  tokensPerSecond real as (depth ->> '$.tokensPerSecond') stored,
  sizeBytes integer as (depth ->> '$.sizeBytes') stored,
  createdAt text not null,
  depth text not null,
  accuracyLow real as (depth ->> '$.evaluation.accuracy.low') virtual,
  accuracyHigh real as (depth ->> '$.evaluation.accuracy.high') virtual,
  unique (runId, subject, split, units, healed)
) strict;
-- A library's headlines are read from an index: a row holds every question's answer, and reading the rows of 10,000 runs
-- takes two to three times as long.
create index evaluationsHeadline on evaluations
  (runId, subject, split, units, healed desc, accuracy, accuracyLow, accuracyHigh, perplexity, tokensPerSecond, sizeBytes);

create table runEvents (
  id integer primary key autoincrement,
  runId text not null references runs (id) on delete cascade,
  event text not null,
  createdAt text not null,
  body text not null
) strict;
create index runEventsByRun on runEvents (runId, event);

create table conversations (
  id integer primary key,
  title text not null,
  model text not null,
  systemPrompt text not null default '',
  sampling text not null,
  createdAt text not null,
  updatedAt text not null,
  -- The newest message of the path that is shown; null: the newest of all. A second model beside the first has its own.
  leafId integer,
  besideModel text,
  besideLeafId integer
) strict;
create index conversationsByUse on conversations (updatedAt);

-- An edited question or a second answer is a sibling: parentId makes a tree of the conversation.
create table messages (
  id integer primary key,
  conversationId integer not null references conversations (id) on delete cascade,
  parentId integer references messages (id) on delete cascade,
  role text not null check (role in ('system', 'user', 'assistant')),
  state text not null check (state in ('writing', 'done', 'stopped')),
  model text,
  tokens integer,
  tokensPerSecond real,
  createdAt text not null,
  content text not null,
  -- JSON: the passages that the model reads before a question.
  passages text,
  promptTokens integer,
  -- Why an answer ended: end, stop, length, cancelled.
  reason text,
  -- How many of the messages before an answer did not fit into its prompt.
  leftOut integer not null default 0
) strict;
create index messagesByConversation on messages (conversationId);
create index messagesByParent on messages (parentId);

-- An index over content that stays in its table. secure-delete: what is deleted is gone from the index too.
-- FTS5's secure-delete leaves words of a message that was changed before it was deleted (SQLite 3.54.1), and an answer changes every second
-- while it is written. It is therefore added when it is complete.
create view completeMessages as select id, content from messages where state <> 'writing';
-- prefix: the first letters of a search match thousands of words, whose lists of messages would be merged each time.
create virtual table messagesSearch using fts5 (content, content = 'completeMessages', content_rowid = 'id',
  tokenize = "unicode61 remove_diacritics 2", prefix = '1 2');
insert into messagesSearch (messagesSearch, rank) values ('secure-delete', 1);
create trigger messageAdded after insert on messages when new.state <> 'writing' begin
  insert into messagesSearch (rowid, content) values (new.id, new.content);
end;
create trigger messageCompleted after update of state on messages when old.state = 'writing' and new.state <> 'writing' begin
  insert into messagesSearch (rowid, content) values (new.id, new.content);
end;
create trigger messageChanged after update of content on messages when old.state <> 'writing' and new.content <> old.content begin
  insert into messagesSearch (messagesSearch, rowid, content) values ('delete', old.id, old.content);
  insert into messagesSearch (rowid, content) values (new.id, new.content);
end;
create trigger messageRemoved after delete on messages when old.state <> 'writing' begin
  insert into messagesSearch (messagesSearch, rowid, content) values ('delete', old.id, old.content);
end;

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

-- A local model writing questions from a data set's passages. Its passages are copied, and deleted with their data set.
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

create table settings (
  name text primary key,
  value text not null
) strict, without rowid;

-- What a person has filled in and not yet started: one row a form.
create table drafts (
  form text primary key,
  updatedAt text not null,
  body text not null
) strict, without rowid;
`;
