/**
 * Version 1. Frozen: a database made by it is somewhere on a person's disk, so changes go into a later file.
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
  usedAt text not null
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
  plan text not null
) strict;
create index runsByCreation on runs (createdAt);

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
  unique (runId, subject, split, units, healed)
) strict;

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
  updatedAt text not null
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
  content text not null
) strict;
create index messagesByConversation on messages (conversationId);
create index messagesByParent on messages (parentId);
`;
