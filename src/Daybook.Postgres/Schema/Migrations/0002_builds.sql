-- A version of a projection has builds 1, 2, ...: a table and checkpoints each. Readers see them through views, so that a switch is one transaction.
create table {schema}.builds (
    projection text collate "C" not null,
    version integer not null,
    build integer not null,
    state text not null, -- filling: not shown yet; live: shown now or before; shadow: built only for a comparison
    made boolean not null default false, -- false until a node has created the table
    switch_alone boolean not null default true, -- shown as soon as it has caught up
    sample integer not null default 100, -- for a shadow: the percentage of keys that it folds
    shown bigint not null default 0, -- the number of the last switch to it; the build with the highest is shown
    created_at timestamptz not null default now(),
    primary key (projection, version, build)
);

create sequence {schema}.switches;

-- The build that readers of a version see.
alter table {schema}.projections add column build integer not null default 1;
alter table {schema}.projections add column last_build integer not null default 1;

alter table {schema}.checkpoints add column build integer not null default 1;
alter table {schema}.checkpoints add column stop_at bigint; -- for a shadow: the offset at which it ends
alter table {schema}.checkpoints drop constraint checkpoints_pkey;
alter table {schema}.checkpoints add primary key (projection, version, build, partition);

drop function {schema}.claim(text, integer, integer, bigint);
drop function {schema}.advance(text, integer, integer, bigint, bigint, bigint);

-- Claims a partition for an epoch; null when a later one has it.
create function {schema}.claim(
    p_projection text, p_version integer, p_partition integer, p_epoch bigint, p_build integer default 1) returns bigint
language sql as $$
    insert into {schema}.checkpoints as c (projection, version, build, partition, next_offset, epoch)
    values (p_projection, p_version, p_build, p_partition, 0, p_epoch)
    on conflict (projection, version, build, partition) do update set epoch = excluded.epoch where c.epoch <= excluded.epoch
    returning next_offset
$$;

-- Advances a checkpoint, in the transaction that writes the rows; fails, and so fails the transaction, unless the epoch is the claimed one
-- and the checkpoint is where the rows start from.
create function {schema}.advance(
    p_projection text, p_version integer, p_partition integer, p_epoch bigint, p_from bigint, p_next bigint, p_build integer default 1) returns void
language plpgsql as $$
begin
    update {schema}.checkpoints set next_offset = p_next
    where projection = p_projection and version = p_version and build = p_build and partition = p_partition
        and epoch = p_epoch and next_offset = p_from;
    if not found then
        raise exception using errcode = 'DB001', message = 'the checkpoint or its epoch is not what the writer took it for';
    end if;
end
$$;

-- What each node last reported about its runs, for operator commands.
create table {schema}.runs (
    projection text collate "C" not null,
    version integer not null,
    build integer not null,
    partition integer not null,
    epoch bigint not null,
    node text not null,
    state text not null,
    head bigint not null,
    rate double precision not null, -- records applied per second, recently
    head_rate double precision not null, -- records added to the journal per second, recently
    error text,
    parked_at bigint, -- the offset of the event
    parked_event text,
    skipped integer not null,
    seen_at timestamptz not null default now(),
    primary key (projection, version, build, partition)
) with (fillfactor = 50);

-- Orders for the node that runs a build on a partition.
create table {schema}.orders (
    number bigint generated always as identity primary key,
    verb text not null, -- retry or skip
    projection text collate "C" not null,
    version integer not null,
    build integer not null,
    partition integer not null,
    position bigint, -- for skip: the offset of the event
    given_at timestamptz not null default now(),
    done_at timestamptz,
    error text
);

insert into {schema}.builds (projection, version, build, state, made, shown)
select name, version, 1, 'live', true, nextval('{schema}.switches') from (select name, version from {schema}.projections order by name, version) p;

do $$
declare p record;
begin
    for p in select name, version from {schema}.projections where kind <> 'raw' order by name, version loop
        execute format('create view {schema}.%I as select * from {schema}.%I',
            'projection_' || p.name || '_v' || p.version || '_live', 'projection_' || p.name || '_v' || p.version);
        execute format('drop view if exists {schema}.%I', 'projection_' || p.name);
        execute format('create view {schema}.%I as select * from {schema}.%I',
            'projection_' || p.name, 'projection_' || p.name || '_v' || p.version);
    end loop;
end
$$;
