using Bank.ReadModels;
using Daybook;
using Daybook.Projections;

namespace Bank.Import;

/// <summary>Imports the shipped journal into an empty book, and resumes an interrupted import.</summary>
internal sealed class FirstRun(IDaybook book, Delivery delivery, ReadModelClock clock, IReadModel<Balance> balances)
{
    /// <summary>The path of the shipped journal.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "journals");

    /// <summary>Runs the import if this book needs it and it is not complete.</summary>
    public async Task RunAsync(Func<IReadOnlyList<JournalFile>, Task> import, CancellationToken cancellationToken)
    {
        var state = (await book.ReadAsync<ShippedImport>(ShippedImport.Key, cancellationToken: cancellationToken)).State;
        if (state is { IsFinished: true } || state is null && !await IsEmptyAsync(cancellationToken))
            return;
        await NoteAsync(new BeginShippedImport(ShippedImport.Key), cancellationToken);
        var files = new List<JournalFile>();
        foreach (var path in Directory.EnumerateFiles(Folder, "*.csv").Order(StringComparer.Ordinal))
            files.Add(await JournalFile.ReadAsync(path, cancellationToken));
        await import(files);
        await NoteAsync(new FinishShippedImport(ShippedImport.Key), cancellationToken);
    }

    private async ValueTask<bool> IsEmptyAsync(CancellationToken cancellationToken)
    {
        await clock.CatchUpAsync(cancellationToken);
        return !await balances.QueryAsync(limit: 1, cancellationToken: cancellationToken).AnyAsync(cancellationToken);
    }

    private async Task NoteAsync<TCommand>(TCommand command, CancellationToken cancellationToken)
        where TCommand : notnull
    {
        if (await delivery.SendAsync(command, new CommandId(Guid.CreateVersion7()), cancellationToken) is not Outcome.Accepted)
            throw new ImportException($"The book could not record '{command.GetType().Name}'.");
    }
}
