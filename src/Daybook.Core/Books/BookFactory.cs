using Daybook.Coordination;
using Daybook.Core.Modeling;
using Daybook.Core.Partitions;
using Daybook.Core.Partitions.Truncation;
using Daybook.Ledgers;
using Daybook.Projections;
using Microsoft.Extensions.Logging;

namespace Daybook;

/// <summary>Opens books: checks the options against what the coordinator remembers, then takes every partition over.</summary>
internal static class BookFactory
{
    private const string PartitionsKey = "book/partitions";

    public static async ValueTask<Book> OpenAsync(
        BookModel model, BookParts parts, DaybookOptions options, TimeProvider time, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        var random = new Random();
        await CheckPartitionsAsync(parts.Coordinator, options.Partitions, cancellationToken).ConfigureAwait(false);
        parts.BookId = await BookIdentity.EstablishAsync(parts.Coordinator, random, cancellationToken).ConfigureAwait(false);
        parts.Sink?.Bind(parts.BookId);
        var services = new PartitionServices
        {
            Ledgers = parts.Ledgers,
            Coordinator = parts.Coordinator,
            Model = model,
            Map = new PartitionMap(options.Partitions),
            Limits = LimitsOf(options, parts.Ledgers),
            CommandWindow = options.CommandWindow,
            Time = time,
            Logging = logging,
        };
        var projections = parts.Own(new ProjectionHost(
            parts.Projections.Select(p => p.Writer), new CodecDecoder(model.Codec), parts.ProjectionOptions, time, random, logging.CreateLogger<ProjectionHost>()));
        if (parts.Sink is ISupervisedSink supervised)
            parts.Own(await supervised.SuperviseAsync(projections, time, logging, cancellationToken).ConfigureAwait(false));
        var router = new PartitionRouter(services, owner => _ = AttachAsync(projections, owner));
        parts.Own(router);
        await router.StartAsync(cancellationToken).ConfigureAwait(false);
        await projections.AttachedAsync(cancellationToken).ConfigureAwait(false);
        return new Book(model, router, new JournalTruncation(router, services, projections), projections, parts, options);
    }

    /// <summary>An owner that appears while the book is being closed gets no projections.</summary>
    private static async Task AttachAsync(ProjectionHost projections, PartitionOwner owner)
    {
        try
        {
            await projections.AttachAsync(owner.Feed).ConfigureAwait(false);
        }
        catch (DaybookException e) when (e.Code == ErrorCode.Closed)
        {
        }
    }

    private static PartitionLimits LimitsOf(DaybookOptions options, ILedgerStore ledgers)
    {
        var limits = new PartitionLimits
        {
            MaxRecordBytes = options.MaxRecordBytes,
            SnapshotEvery = options.SnapshotEvery,
            CachedStates = options.CachedStates,
            RecoveryPointEvery = options.RecoveryPointEvery,
            LedgerBytes = options.LedgerBytes,
            HandlerTimeout = options.HandlerTimeout,
        };
        if (limits.BatchBytes + (2L * limits.MaxRecordBytes) > ledgers.MaxEntryBytes)
            throw new DaybookException(ErrorCode.InvalidArgument,
                $"The option {nameof(DaybookOptions)}.{nameof(DaybookOptions.MaxRecordBytes)} is {options.MaxRecordBytes}; the ledger store takes " +
                $"entries of at most {ledgers.MaxEntryBytes} bytes, which leaves {(ledgers.MaxEntryBytes - limits.BatchBytes) / 2} for a record.");
        return limits;
    }

    private static async ValueTask CheckPartitionsAsync(ICoordinator coordinator, int wanted, CancellationToken cancellationToken)
    {
        var text = wanted.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var found = await BookIdentity.ReadOrCreateAsync(coordinator, PartitionsKey, text, cancellationToken).ConfigureAwait(false);
        if (found != text)
            throw new DaybookException(ErrorCode.InvalidArgument,
                $"The option {nameof(DaybookOptions)}.{nameof(DaybookOptions.Partitions)} is {wanted}, but this book was made with " +
                $"{found}; the number of partitions never changes.");
    }
}
