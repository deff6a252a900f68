using Daybook.Coordination;
using Daybook.Core.Modeling;
using Daybook.Core.Partitions;
using Daybook.Core.Partitions.Truncation;
using Daybook.Ledgers;
using Daybook.Projections;
using Microsoft.Extensions.Logging;

namespace Daybook;

/// <summary>What a book is opened on, each part to be opened once or many times.</summary>
internal sealed record BookPlan
{
    public required Func<CancellationToken, ValueTask<ILedgerStore>> Ledgers { get; init; }

    public required Func<CancellationToken, ValueTask<ICoordinator>> Coordinator { get; init; }

    public required Func<CancellationToken, ValueTask<IProjectionSink>> Sink { get; init; }

    /// <summary>Makes the projections on a sink.</summary>
    public required Func<IProjectionSink, IReadOnlyList<OpenProjection>> Projections { get; init; }

    public required ProjectionOptions ProjectionOptions { get; init; }

    public required IReadOnlyCollection<Type> Documents { get; init; }

    public required BookModel Model { get; init; }

    public required DaybookOptions Options { get; init; }
}

/// <summary>Puts a book together and starts it.</summary>
internal static class BookFactory
{
    public static Book Start(BookPlan plan, TimeProvider time, ILoggerFactory logging)
    {
        var (options, parts, readiness) = (plan.Options, new OwnedParts(), new BookReadiness());
        var limits = LimitsOf(options);
        var logger = logging.CreateLogger<Book>();
        var storage = parts.Own(new Opening<BookStorage>("store of the book", token => BookStorage.OpenAsync(
            plan.Ledgers, plan.Coordinator, ledgers => Check(limits, ledgers), options.Partitions, token), readiness, time, logger));
        var sink = parts.Own(new Opening<OpenProjections>("read models' store", token => OpenProjections.OpenAsync(
            plan, time, logging, token), readiness, time, logger));
        var projections = new BookProjections(sink, storage, plan.Documents, options.Partitions);
        var services = new PartitionServices
        {
            Ownership = parts.Own(new BookOwnership(storage, readiness, time)),
            Readiness = readiness,
            Model = plan.Model,
            Map = new PartitionMap(options.Partitions),
            Limits = limits,
            CommandWindow = options.CommandWindow,
            Time = time,
            Logging = logging,
        };
        var router = parts.Own(new PartitionRouter(services, owner => projections.Attach(owner.Feed)));
        var book = new Book(plan.Model, router, new JournalTruncation(router, services, projections), projections, parts, options);
        book.Start(new BookStart(storage, sink, router, projections, readiness));
        return book;
    }

    private static PartitionLimits LimitsOf(DaybookOptions options) => new()
    {
        MaxRecordBytes = options.MaxRecordBytes,
        SnapshotEvery = options.SnapshotEvery,
        CachedStates = options.CachedStates,
        RecoveryPointEvery = options.RecoveryPointEvery,
        LedgerBytes = options.LedgerBytes,
        HandlerTimeout = options.HandlerTimeout,
    };

    private static void Check(PartitionLimits limits, ILedgerStore ledgers)
    {
        if (limits.BatchBytes + (2L * limits.MaxRecordBytes) > ledgers.MaxEntryBytes)
            throw new DaybookException(ErrorCode.InvalidArgument,
                $"The option {nameof(DaybookOptions)}.{nameof(DaybookOptions.MaxRecordBytes)} is {limits.MaxRecordBytes}; the ledger store takes " +
                $"entries of at most {ledgers.MaxEntryBytes} bytes, which leaves {(ledgers.MaxEntryBytes - limits.BatchBytes) / 2} for a record.");
    }
}
