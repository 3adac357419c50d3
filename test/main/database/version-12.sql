-- A database of version 12 as its program left it: its schema, copied then and never changed since, and a row of everything.
pragma journal_mode = wal;
CREATE TABLE models (
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

CREATE TABLE datasets (
  id integer primary key,
  folder text not null unique,
  name text not null,
  report text not null,
  addedAt text not null,
  usedAt text not null
, kept integer not null default 0 check (kept in (0, 1)), version integer not null default 1, newestVersion integer not null default 1) strict;

CREATE TABLE runs (
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
, tags text not null default '[]', timing text, finishing integer not null default 0 check (finishing in (0, 1)), onBattery integer not null default 0 check (onBattery in (0, 1)), result text) strict;

CREATE TABLE rounds (
  runId text not null references runs (id) on delete cascade,
  round integer not null,
  scorer text,
  scoredRows integer,
  dropped text,
  kept text,
  checkpoint text,
  primary key (runId, round)
) strict, without rowid;

CREATE TABLE unitScores (
  runId text not null,
  round integer not null,
  unit integer not null,
  score real not null,
  accuracy real,
  primary key (runId, round, unit),
  foreign key (runId, round) references rounds (runId, round) on delete cascade
) strict, without rowid;

CREATE TABLE metrics (
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

CREATE TABLE validations (
  runId text not null references runs (id) on delete cascade,
  step integer not null,
  epoch real not null,
  loss real not null,
  accuracy text,
  primary key (runId, step)
) strict, without rowid;

CREATE TABLE evaluations (
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
  depth text not null, accuracyLow real as (depth ->> '$.evaluation.accuracy.low') virtual, accuracyHigh real as (depth ->> '$.evaluation.accuracy.high') virtual,
  unique (runId, subject, split, units, healed)
) strict;

CREATE TABLE runEvents (
  id integer primary key autoincrement,
  runId text not null references runs (id) on delete cascade,
  event text not null,
  createdAt text not null,
  body text not null
) strict;

CREATE TABLE conversations (
  id integer primary key,
  title text not null,
  model text not null,
  systemPrompt text not null default '',
  sampling text not null,
  createdAt text not null,
  updatedAt text not null
, leafId integer, besideModel text, besideLeafId integer) strict;

CREATE TABLE messages (
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
, promptTokens integer, reason text) strict;

CREATE TABLE settings (
  name text primary key,
  value text not null
) strict, without rowid;

CREATE TABLE drafts (
  form text primary key,
  updatedAt text not null,
  body text not null
) strict, without rowid;

CREATE TABLE writings (
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

CREATE TABLE writingPassages (
  id integer primary key,
  writingId integer not null references writings (id) on delete cascade,
  document text not null,
  place integer not null,
  split text not null,
  passage text not null,
  done integer not null default 0 check (done in (0, 1))
) strict;

CREATE TABLE writtenQuestions (
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
CREATE TABLE corrections (
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

insert into models (id, path, name, format, architecture, summary, sizeBytes, sha256, addedAt, usedAt) values (1, '/models/small.gguf', 'small', 'gguf', 'llama', '{"layers":8}', 5000000, null, '2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z');
insert into datasets (id, folder, name, report, addedAt, usedAt) values (1, '/data/clauses', 'clauses', '{"hash":"5f0c","splits":{"train":{"examples":100,"questions":0,"conversations":0,"files":["train.jsonl"]},"valid":null,"test":null,"offDomain":null},"choiceStyle":"letters","choiceStyleRows":{"letters":100,"plain":0},"testBaselines":null,"duplicates":{"withinTrain":0,"trainInValid":0,"trainInTest":0,"trainInOffDomain":0,"validInTest":0},"notes":[]}', '2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z');
insert into runs (id, name, state, pauseReason, phase, round, fraction, secondsLeft, seed, modelId, datasetId, output, failure, note, activeSeconds, peakMemoryBytes, createdAt, startedAt, resumedAt, updatedAt, finishedAt, plan, tags) values ('clauses-7f3k2', 'clauses', 'done', null, 'export', 2, 1, null, 7, 1, 1, '/runs/clauses-7f3k2/model', null, 'the good one', 61.5, 900000000, '2026-01-02T00:00:00.000Z', '2026-01-02T00:00:01.000Z', '2026-01-02T00:00:01.000Z', '2026-01-02T00:01:02.500Z', '2026-01-02T00:01:02.500Z', '{"version":1,"model":{"path":"/models/small.gguf","sha256":null},"data":{"path":"/data/clauses"},"seed":7,"threads":2,"maxTokens":256,"method":{"kind":"full"},"optimizer":{"learningRate":0.0002,"beta1":0.9,"beta2":0.99,"epsilon":1e-8,"weightDecay":0,"clipNorm":1,"rowsPerStep":8,"warmupSteps":10},"tune":{"maxEpochs":3,"minImprovement":0.01,"patience":1},"trim":{"unit":"block","keep":{"fraction":0.5},"scorer":"nll","unitsPerRound":2,"rowsPerRound":128,"calibrationRows":50,"distillation":1},"heal":{"epochs":1,"learningRate":0.0001}}', '["lease","2026"]');
insert into rounds (runId, round, scorer, scoredRows, dropped, kept, checkpoint) values ('clauses-7f3k2', 1, 'nll', 50, '[3,4]', '[0,1,2,5,6,7]', 'round-1');
insert into unitScores (runId, round, unit, score, accuracy) values ('clauses-7f3k2', 1, 3, 0.25, 0.8);
insert into unitScores (runId, round, unit, score, accuracy) values ('clauses-7f3k2', 1, 4, 0.5, null);
insert into metrics (runId, step, loss, distillationLoss, learningRate, gradientNorm, tokensPerSecond, tokens) values ('clauses-7f3k2', 1, 2.5, null, 0.0001, 1.5, 420, 1024);
insert into metrics (runId, step, loss, distillationLoss, learningRate, gradientNorm, tokensPerSecond, tokens) values ('clauses-7f3k2', 2, 2.25, 0.125, 0.0002, 1.25, 430, 1024);
insert into validations (runId, step, epoch, loss, accuracy) values ('clauses-7f3k2', 2, 1, 2.375, '{"value":0.5,"low":0.25,"high":0.75,"n":16}');
insert into evaluations (id, runId, modelId, datasetId, subject, split, createdAt, depth) values (1, 'clauses-7f3k2', null, null, 'trimmed', 'test', '2026-01-02T00:01:00.000Z', '{"units":4,"keptIndices":[0,1,2,7],"checkpoint":"round-2","healed":true,"evaluation":{"accuracy":{"value":0.875,"low":0.8,"high":0.95,"n":300},"accuracyNorm":null,"answerNll":0.25,"perplexity":3.5,"bitsPerByte":0.75,"exactMatch":null,"correct":[true,false]},"tokensPerSecond":120,"sizeBytes":2500000}');
insert into runEvents (id, runId, event, createdAt, body) values (1, 'clauses-7f3k2', 'decision', '2026-01-02T00:00:02.000Z', '{"event":"decision","name":"tune.epochs","value":2}');
insert into conversations (id, title, model, systemPrompt, sampling, createdAt, updatedAt, leafId, besideModel, besideLeafId) values (1, 'A lease', 'clauses-7f3k2', '', '{"temperature":0}', '2026-01-03T00:00:00.000Z', '2026-01-03T00:00:09.000Z', 2, 'sample', 2);
insert into messages (id, conversationId, parentId, role, state, model, tokens, tokensPerSecond, createdAt, content, promptTokens, reason) values (1, 1, null, 'user', 'done', null, null, null, '2026-01-03T00:00:00.000Z', 'May I sublet?', null, null);
insert into messages (id, conversationId, parentId, role, state, model, tokens, tokensPerSecond, createdAt, content, promptTokens, reason) values (2, 1, 1, 'assistant', 'done', 'clauses-7f3k2', 3, 80, '2026-01-03T00:00:01.000Z', 'With consent.', 12, 'end');
insert into corrections (id, lineage, run, conversationId, message, before, wrong, "right", passage, heldOut, createdAt, updatedAt) values (1, 'clauses-7f3k2', 'clauses-7f3k2', 1, 2, '[{"role":"user","content":"May I sublet?"}]', 'With consent.', 'Only with written consent.', '', null, '2026-01-03T00:00:10.000Z', '2026-01-03T00:00:10.000Z');
insert into settings (name, value) values ('language', '"de"');
insert into drafts (form, updatedAt, body) values ('wizard', '2026-01-04T00:00:00.000Z', '{}');
insert into writings (id, datasetId, name, model, modelName, kinds, state, failure, seconds, mostSeconds, thrown, createdAt) values (1, 1, 'clauses', '/models/small.gguf', 'small', '["fact","not-in-text"]', 'stopped', null, 90.5, 600, '{"disagrees":2}', '2026-01-05T00:00:00.000Z');
insert into writingPassages (id, writingId, document, place, split, passage, done) values (1, 1, 'lease.pdf', 3, 'train', 'The tenant may sublet with consent.', 1);
insert into writtenQuestions (id, writingId, passageId, kind, question, answer, evidence, doubt, checks, state, changes) values (1, 1, 1, 'fact', 'When may the tenant sublet?', 'with consent', 'The tenant may sublet with consent.', 0.125, '{"supported":1,"first":1,"second":1,"known":0,"refers":0}', 'edited', '[{"state":"unseen","question":"When may one sublet?","answer":"with consent"}]');

CREATE INDEX runsByCreation on runs (createdAt);
CREATE INDEX runEventsByRun on runEvents (runId, event);
CREATE INDEX conversationsByUse on conversations (updatedAt);
CREATE INDEX messagesByConversation on messages (conversationId);
CREATE INDEX messagesByParent on messages (parentId);
CREATE INDEX runsByTime on runs (createdAt);
CREATE INDEX evaluationsHeadline on evaluations
  (runId, subject, split, units, healed desc, accuracy, accuracyLow, accuracyHigh, perplexity, tokensPerSecond, sizeBytes);
CREATE INDEX runsByModel on runs (modelId);
CREATE INDEX runsByDataset on runs (datasetId);
CREATE INDEX correctionsByLineage on corrections (lineage);
CREATE INDEX correctionsByConversation on corrections (conversationId);
CREATE UNIQUE INDEX correctionsByMessage on corrections (message);
CREATE INDEX writingsByDataset on writings (datasetId);
CREATE INDEX writingPassagesByWriting on writingPassages (writingId, done, id);
CREATE INDEX writtenQuestionsByDoubt on writtenQuestions (writingId, doubt);
CREATE INDEX writtenQuestionsByPassage on writtenQuestions (passageId);
CREATE VIEW completeMessages as select id, content from messages where state <> 'writing';
CREATE VIRTUAL TABLE messagesSearch using fts5 (content, content = 'completeMessages', content_rowid = 'id',
  tokenize = "unicode61 remove_diacritics 2", prefix = '1 2');
insert into messagesSearch (messagesSearch, rank) values ('secure-delete', 1);
insert into messagesSearch (messagesSearch) values ('rebuild');
CREATE TRIGGER messageAdded after insert on messages when new.state <> 'writing' begin
  insert into messagesSearch (rowid, content) values (new.id, new.content);
end;
CREATE TRIGGER messageCompleted after update of state on messages when old.state = 'writing' and new.state <> 'writing' begin
  insert into messagesSearch (rowid, content) values (new.id, new.content);
end;
CREATE TRIGGER messageChanged after update of content on messages when old.state <> 'writing' and new.content <> old.content begin
  insert into messagesSearch (messagesSearch, rowid, content) values ('delete', old.id, old.content);
  insert into messagesSearch (rowid, content) values (new.id, new.content);
end;
CREATE TRIGGER messageRemoved after delete on messages when old.state <> 'writing' begin
  insert into messagesSearch (messagesSearch, rowid, content) values ('delete', old.id, old.content);
end;
pragma user_version = 12;
