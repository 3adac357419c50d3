/** A data set's version stays when others of its name are deleted, and its number is not given again. */
export const dataSetVersions = `
alter table datasets add column version integer not null default 1;
-- The highest version that its name was given, also of data sets that were deleted since.
alter table datasets add column newestVersion integer not null default 1;

-- Until now the version was the position among the data sets of the same name, which are named after their first entry. Entries of the same
-- rows with another name, which are not shown, come after those.
with entries as (
  select id, name, coalesce(report ->> '$.rowsHash', folder) as content, row_number() over (order by addedAt, id) as place
  from datasets
), named as (
  select *, first_value(name) over (partition by content order by place) as shown, min(place) over (partition by content, name) as firstPlace
  from entries
), numbered as (
  select id, dense_rank() over (partition by name order by name <> shown, firstPlace) as version from named
)
update datasets set version = numbered.version from numbered where numbered.id = datasets.id;

with highest as (select name, max(version) as version from datasets group by name)
update datasets set newestVersion = highest.version from highest where highest.name = datasets.name;
`;
