create table {schema}.projections (
    name text collate "C" not null,
    version integer not null,
    kind text not null,
    shape text not null,
    created_at timestamptz not null default now(),
    primary key (name, version)
);

create table {schema}.checkpoints (
    projection text collate "C" not null,
    version integer not null,
    partition integer not null,
    next_offset bigint not null,
    epoch bigint not null,
    caught_up boolean not null default false,
    primary key (projection, version, partition)
) with (fillfactor = 50);

-- Claims a partition for an epoch; null when a later one has it.
create function {schema}.claim(p_projection text, p_version integer, p_partition integer, p_epoch bigint) returns bigint
language sql as $$
    insert into {schema}.checkpoints as c (projection, version, partition, next_offset, epoch)
    values (p_projection, p_version, p_partition, 0, p_epoch)
    on conflict (projection, version, partition) do update set epoch = excluded.epoch where c.epoch <= excluded.epoch
    returning next_offset
$$;

-- Advances a checkpoint, in the transaction that writes the rows; fails, and so fails the transaction, unless the epoch is the claimed one
-- and the checkpoint is where the rows start from.
create function {schema}.advance(
    p_projection text, p_version integer, p_partition integer, p_epoch bigint, p_from bigint, p_next bigint) returns void
language plpgsql as $$
begin
    update {schema}.checkpoints set next_offset = p_next
    where projection = p_projection and version = p_version and partition = p_partition and epoch = p_epoch and next_offset = p_from;
    if not found then
        raise exception using errcode = 'DB001', message = 'the checkpoint or its epoch is not what the writer took it for';
    end if;
end
$$;
