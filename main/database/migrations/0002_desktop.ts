/** Tables for the window: settings, the wizard's draft, tags, and a search over all messages. */
export const desktop = `
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

alter table runs add column tags text not null default '[]';
create index runsByTime on runs (createdAt);

-- An index over content that stays in its table. secure-delete: what is deleted is gone from the index too.
create virtual table messagesSearch using fts5 (content, content = 'messages', content_rowid = 'id', tokenize = "unicode61 remove_diacritics 2");
insert into messagesSearch (messagesSearch, rank) values ('secure-delete', 1);
insert into messagesSearch (messagesSearch) values ('rebuild');
create trigger messageAdded after insert on messages begin
  insert into messagesSearch (rowid, content) values (new.id, new.content);
end;
create trigger messageRemoved after delete on messages begin
  insert into messagesSearch (messagesSearch, rowid, content) values ('delete', old.id, old.content);
end;
create trigger messageChanged after update of content on messages begin
  insert into messagesSearch (messagesSearch, rowid, content) values ('delete', old.id, old.content);
  insert into messagesSearch (rowid, content) values (new.id, new.content);
end;
`;
