-- A checkpoint belongs to a book: the offsets of one journal mean nothing in another. Null, from before this migration, is adopted by the next claim.
alter table {schema}.checkpoints add column book text;

-- Claims a partition for an epoch of a book; null when a later epoch has it. Fails when the build holds rows of another book, on any partition.
create function {schema}.claim(
    p_projection text, p_version integer, p_partition integer, p_epoch bigint, p_build integer, p_book text) returns bigint
language plpgsql as $$
declare
    other text;
    checkpoint bigint;
begin
    perform pg_advisory_xact_lock(hashtextextended('daybook book {schema}.' || p_projection, 0));
    select c.book into other from {schema}.checkpoints c
    where c.projection = p_projection and c.version = p_version and c.build = p_build and c.book <> p_book limit 1;
    if other is not null then
        raise exception using errcode = 'DB002', message = other;
    end if;
    insert into {schema}.checkpoints as c (projection, version, build, partition, next_offset, epoch, book)
    values (p_projection, p_version, p_build, p_partition, 0, p_epoch, p_book)
    on conflict (projection, version, build, partition) do update set epoch = excluded.epoch, book = coalesce(c.book, excluded.book)
        where c.epoch <= excluded.epoch
    returning c.next_offset into checkpoint;
    return checkpoint;
end
$$;

-- The events that operators made a build skip, written with the checkpoint that passes them.
create table {schema}.skips (
    projection text collate "C" not null,
    version integer not null,
    build integer not null,
    partition integer not null,
    position bigint not null, -- the offset of the event's record
    stream text not null,
    stream_version bigint not null,
    event text not null, -- a description for display
    skipped_at timestamptz not null default now(),
    primary key (projection, version, build, partition, position, stream, stream_version)
);
