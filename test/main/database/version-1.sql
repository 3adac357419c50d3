-- A database of version 1 as its program left it: its schema, copied then and never changed since, and a row of everything.
pragma journal_mode = wal;
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

insert into models values (1, '/models/small.gguf', 'small', 'gguf', 'llama', '{"layers":8}', 5000000, null, '2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z');
insert into datasets values (1, '/data/clauses', 'clauses', '{"hash":"5f0c","splits":{"train":{"examples":100,"questions":0,"conversations":0,"files":["train.jsonl"]},"valid":null,"test":null,"offDomain":null},"choiceStyle":"letters","choiceStyleRows":{"letters":100,"plain":0},"testBaselines":null,"duplicates":{"withinTrain":0,"trainInValid":0,"trainInTest":0,"trainInOffDomain":0,"validInTest":0},"notes":[]}', '2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z');
insert into runs (id, name, state, phase, round, fraction, seed, modelId, datasetId, output, note, activeSeconds, peakMemoryBytes, createdAt, startedAt, resumedAt, updatedAt, finishedAt, plan) values ('clauses-7f3k2', 'clauses', 'done', 'export', 2, 1, 7, 1, 1, '/runs/clauses-7f3k2/model', 'the good one', 61.5, 900000000, '2026-01-02T00:00:00.000Z', '2026-01-02T00:00:01.000Z', '2026-01-02T00:00:01.000Z', '2026-01-02T00:01:02.500Z', '2026-01-02T00:01:02.500Z', '{"version":1,"model":{"path":"/models/small.gguf","sha256":null},"data":{"path":"/data/clauses"},"seed":7,"threads":2,"maxTokens":256,"method":{"kind":"full"},"optimizer":{"learningRate":0.0002,"beta1":0.9,"beta2":0.99,"epsilon":1e-8,"weightDecay":0,"clipNorm":1,"rowsPerStep":8,"warmupSteps":10},"tune":{"maxEpochs":3,"minImprovement":0.01,"patience":1},"trim":{"unit":"block","keep":{"fraction":0.5},"scorer":"nll","unitsPerRound":2,"rowsPerRound":128,"calibrationRows":50,"distillation":1},"heal":{"epochs":1,"learningRate":0.0001}}');
insert into rounds values ('clauses-7f3k2', 1, 'nll', 50, '[3,4]', '[0,1,2,5,6,7]', 'round-1');
insert into unitScores values ('clauses-7f3k2', 1, 3, 0.25, 0.8), ('clauses-7f3k2', 1, 4, 0.5, null);
insert into metrics values ('clauses-7f3k2', 1, 2.5, null, 0.0001, 1.5, 420, 1024), ('clauses-7f3k2', 2, 2.25, 0.125, 0.0002, 1.25, 430, 1024);
insert into validations values ('clauses-7f3k2', 2, 1, 2.375, '{"value":0.5,"low":0.25,"high":0.75,"n":16}');
insert into evaluations (id, runId, modelId, datasetId, subject, split, createdAt, depth) values (1, 'clauses-7f3k2', null, null, 'trimmed', 'test', '2026-01-02T00:01:00.000Z', '{"units":4,"keptIndices":[0,1,2,7],"checkpoint":"round-2","healed":true,"evaluation":{"accuracy":{"value":0.875,"low":0.8,"high":0.95,"n":300},"accuracyNorm":null,"answerNll":0.25,"perplexity":3.5,"bitsPerByte":0.75,"exactMatch":null,"correct":[true,false]},"tokensPerSecond":120,"sizeBytes":2500000}');
insert into runEvents values (1, 'clauses-7f3k2', 'decision', '2026-01-02T00:00:02.000Z', '{"event":"decision","name":"tune.epochs","value":2}');
insert into conversations values (1, 'A lease', 'clauses-7f3k2', '', '{"temperature":0}', '2026-01-03T00:00:00.000Z', '2026-01-03T00:00:09.000Z');
insert into messages values (1, 1, null, 'user', 'done', null, null, null, '2026-01-03T00:00:00.000Z', 'May I sublet?'), (2, 1, 1, 'assistant', 'done', 'clauses-7f3k2', 3, 80, '2026-01-03T00:00:01.000Z', 'With consent.');
pragma user_version = 1;
