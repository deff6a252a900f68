using System.Collections.Concurrent;
using Bank.Entries;
using Daybook;

namespace Bank.Import;

/// <summary>The progress of an import, or its result.</summary>
/// <param name="Total">Entries in all files.</param>
/// <param name="Posted">Entries that are new in the book.</param>
/// <param name="Present">Entries that were in the book before, or are in another file of the same import too.</param>
public readonly record struct ImportProgress(int Total, int Posted, int Present)
{
    /// <summary>Entries that are safely in the book.</summary>
    public int Done => Posted + Present;
}

/// <summary>A finished import.</summary>
/// <param name="Counts">The final counts.</param>
/// <param name="Positions">The last position in each partition that an entry was acknowledged with.</param>
public sealed record ImportResult(ImportProgress Counts, IReadOnlyCollection<Position> Positions);

/// <summary>
/// Posts the entries of checked files. It can be interrupted at any point and repeated: an entry that is in the book is
/// recognised by its id.
/// </summary>
public sealed class Importer(IDaybook book, Delivery delivery)
{
    private const int MaxInFlight = 256;

    /// <summary>Posts what is not in the book yet, many entries at a time.</summary>
    /// <param name="files">The files.</param>
    /// <param name="progress">Called after each entry, from many threads.</param>
    /// <param name="cancellationToken">Stops before the next entry; entries in flight are finished.</param>
    /// <exception cref="ImportException">An entry was refused by the book.</exception>
    public async Task<ImportResult> ImportAsync(
        IReadOnlyList<JournalFile> files, Action<ImportProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var entries = files.SelectMany(file => file.Entries).ToArray();
        var positions = new ConcurrentDictionary<PartitionId, Position>();
        var each = entries.DistinctBy(entry => entry.Post.Entry).ToArray();
        int posted = 0, present = entries.Length - each.Length;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = MaxInFlight, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(each, parallel, async (entry, token) =>
        {
            if (await PostAsync(entry, token) is { } position)
            {
                positions.AddOrUpdate(position.Partition, position, (_, last) => last.Offset < position.Offset ? position : last);
                Interlocked.Increment(ref posted);
            }
            else
            {
                Interlocked.Increment(ref present);
            }
            progress?.Invoke(new ImportProgress(entries.Length, Volatile.Read(ref posted), Volatile.Read(ref present)));
        });
        return new ImportResult(new ImportProgress(entries.Length, posted, present), [.. positions.Values]);
    }

    private async ValueTask<Position?> PostAsync(ImportedEntry entry, CancellationToken cancellationToken)
    {
        var id = entry.Post.Entry.Value;
        if ((await book.ReadAsync<Entry>(id, cancellationToken: cancellationToken)).State is not null)
            return null;
        return await SendAsync(entry, new CommandId(id), cancellationToken) switch
        {
            Outcome.Accepted accepted => accepted.Position,
            Outcome.Rejected rejected => throw new ImportException($"{entry.Place}: {rejected.Detail ?? rejected.Reason}"),
            var other => throw new ImportException($"{entry.Place}: the book answered {other}."),
        };
    }

    private async ValueTask<Outcome> SendAsync(ImportedEntry entry, CommandId id, CancellationToken cancellationToken)
    {
        try
        {
            return await delivery.SendAsync(entry.Post, id, cancellationToken);
        }
        catch (DaybookException e) when (e.Code is ErrorCode.TooLarge or ErrorCode.InvalidArgument)
        {
            throw new ImportException($"{entry.Place}: {e.Message}", e);
        }
    }
}

/// <summary>An entry that the book refused; the entries before it were posted.</summary>
public sealed class ImportException(string message, Exception? cause = null) : Exception(message, cause);
