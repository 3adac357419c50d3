/** The search over messages has only complete ones, so that deleting them removes their words from it at once. */
export const search = `
drop trigger messageAdded;
drop trigger messageRemoved;
drop trigger messageChanged;
drop table messagesSearch;

-- FTS5's secure-delete leaves words of a message that was changed before it was deleted (SQLite 3.54.1), and an answer changes every second
-- while it is written. It is therefore added when it is complete.
create view completeMessages as select id, content from messages where state <> 'writing';
-- prefix: the first letters of a search match thousands of words, whose lists of messages would be merged each time.
create virtual table messagesSearch using fts5 (content, content = 'completeMessages', content_rowid = 'id',
  tokenize = "unicode61 remove_diacritics 2", prefix = '1 2');
insert into messagesSearch (messagesSearch, rank) values ('secure-delete', 1);
insert into messagesSearch (messagesSearch) values ('rebuild');
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
`;
