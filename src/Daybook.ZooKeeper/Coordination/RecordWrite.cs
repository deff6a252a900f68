namespace Daybook.ZooKeeper.Coordination;

/// <summary>What to do about a write, given what is there.</summary>
internal enum Verdict
{
    /// <summary>It has not been carried out, and can be tried, again too: of two attempts at most one succeeds.</summary>
    Try,

    /// <summary>It has been carried out.</summary>
    Done,

    /// <summary>Others were first; it was not carried out and never will be.</summary>
    Lost,

    /// <summary>An attempt may have been carried out before others wrote.</summary>
    InDoubt,
}

/// <summary>A write of a record, decided without I/O from what was read.</summary>
/// <param name="Key">The record.</param>
/// <param name="Expected">The version that the caller read; null for none.</param>
internal abstract record RecordWrite(string Key, long? Expected)
{
    /// <summary>What to do.</summary>
    /// <param name="found">What is there now.</param>
    /// <param name="tried">What was there before the last attempt whose answer was lost; null when there was no such attempt.</param>
    public abstract Verdict Judge(FoundRecord found, FoundRecord? tried);

    /// <summary>Tries once.</summary>
    /// <returns>The transaction that it was carried out in.</returns>
    public abstract Task<long> TryAsync(RecordStore store, ZooKeeperClient client, FoundRecord found, CancellationToken cancellationToken);

    /// <summary>The words for it in errors.</summary>
    public abstract string Described { get; }

    /// <summary>Makes a record where there is none.</summary>
    public sealed record Create(string Key, StoredRecord Record) : RecordWrite(Key, null)
    {
        // Set once by its creator in the same transaction (RecordStore.CreateAsync).
        private const int VersionWhenCreated = 1;

        public override string Described => $"creating record '{Key}'";

        public override Verdict Judge(FoundRecord found, FoundRecord? tried)
        {
            if (found.Record?.Token == Record.Token)
                return Verdict.Done;
            if (tried is null)
                return found.Record is null ? Verdict.Try : Verdict.Lost;
            if (found.ShelfVersion != tried.ShelfVersion)
                return Verdict.InDoubt;
            if (found.Stat is null)
                return Verdict.Try;
            return found.Stat.Version == VersionWhenCreated ? Verdict.Lost : Verdict.InDoubt;
        }

        public override Task<long> TryAsync(RecordStore store, ZooKeeperClient client, FoundRecord found, CancellationToken cancellationToken) =>
            store.CreateAsync(client, Key, Record, found.ShelfVersion!.Value, cancellationToken);
    }

    /// <summary>Replaces a record.</summary>
    public sealed record Update(string Key, StoredRecord Record, long ExpectedVersion) : RecordWrite(Key, ExpectedVersion)
    {
        public override string Described => $"updating record '{Key}'";

        public override Verdict Judge(FoundRecord found, FoundRecord? tried)
        {
            if (found.Record?.Token == Record.Token)
                return Verdict.Done;
            if (found.Version == Expected)
                return Verdict.Try;
            if (tried is null)
                return Verdict.Lost;
            var isNextWriteAnothers = found.Stat is { } now && now.CreatedZxid == tried.Stat!.CreatedZxid && now.Version == tried.Stat.Version + 1;
            return isNextWriteAnothers ? Verdict.Lost : Verdict.InDoubt;
        }

        public override Task<long> TryAsync(RecordStore store, ZooKeeperClient client, FoundRecord found, CancellationToken cancellationToken) =>
            store.UpdateAsync(client, Key, Record, found, cancellationToken);
    }

    /// <summary>Deletes a record; one that is gone is done.</summary>
    public sealed record Delete(string Key, long ExpectedVersion) : RecordWrite(Key, ExpectedVersion)
    {
        public override string Described => $"deleting record '{Key}'";

        public override Verdict Judge(FoundRecord found, FoundRecord? tried)
        {
            if (found.Record is null)
                return Verdict.Done;
            if (found.Version == Expected)
                return Verdict.Try;
            return tried is null || found.Stat!.CreatedZxid == tried.Stat!.CreatedZxid ? Verdict.Lost : Verdict.InDoubt;
        }

        public override Task<long> TryAsync(RecordStore store, ZooKeeperClient client, FoundRecord found, CancellationToken cancellationToken) =>
            store.DeleteAsync(client, Key, found, cancellationToken);
    }
}
