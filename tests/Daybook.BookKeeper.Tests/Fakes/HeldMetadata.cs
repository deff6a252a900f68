using Daybook.BookKeeper.Metadata;

namespace Daybook.BookKeeper.Tests.Fakes;

/// <summary>Metadata whose calls lie in a list until the test has them carried out, and then until it has them answered, or failed. So do watches that have fired.</summary>
internal sealed class HeldMetadata(ILedgerMetadataStore inner, string actor, List<HeldCall> calls) : MetadataDecorator(inner)
{
    public override ValueTask<VersionedMetadata> CreateAsync(LedgerMetadata template, CancellationToken cancellationToken = default) =>
        AskAsync("create", () => Inner.CreateAsync(template, CancellationToken.None), cancellationToken);

    public override ValueTask<VersionedMetadata> ReadAsync(LedgerId ledger, CancellationToken cancellationToken = default) =>
        AskAsync("read", () => Inner.ReadAsync(ledger, CancellationToken.None), cancellationToken);

    public override ValueTask<VersionedMetadata> WriteAsync(LedgerMetadata metadata, int expectedVersion, CancellationToken cancellationToken = default) =>
        AskAsync("write", () => Inner.WriteAsync(metadata, expectedVersion, CancellationToken.None), cancellationToken);

    public override async ValueTask<WatchedMetadata> ReadAndWatchAsync(LedgerId ledger, CancellationToken cancellationToken = default)
    {
        var read = await AskAsync("watch", () => Inner.ReadAndWatchAsync(ledger, CancellationToken.None), cancellationToken);
        return read with { Changed = HoldAsync(read.Changed) };
    }

    private async Task HoldAsync(Task changed)
    {
        await changed;
        await AskAsync("event", () => new ValueTask<bool>(true), CancellationToken.None);
    }

    /// <summary>A cancelled caller gets no answer; its request may still be executed.</summary>
    private async ValueTask<T> AskAsync<T>(string what, Func<ValueTask<T>> carryOut, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<T>();
        ValueTask<T> outcome = default;
        calls.Add(new HeldCall(actor, what)
        {
            CarryOut = () => outcome = carryOut(),
            Answer = () => Settle(answer, outcome),
            Fail = () => answer.TrySetException(new BookKeeperException(BookKeeperError.MetadataUnavailable, "no answer came")),
        });
        return await answer.Task.WaitAsync(cancellationToken);
    }

    private static void Settle<T>(TaskCompletionSource<T> answer, ValueTask<T> outcome)
    {
        try
        {
            answer.TrySetResult(outcome.GetAwaiter().GetResult());
        }
        catch (BookKeeperException e)
        {
            answer.TrySetException(e);
        }
    }
}

/// <summary>A call on its way to the metadata, or its answer on the way back.</summary>
/// <param name="Actor">Whose.</param>
/// <param name="What"><c>create</c>, <c>read</c>, <c>write</c>, <c>watch</c>, or <c>event</c> for a watch that has fired.</param>
internal sealed record HeldCall(string Actor, string What)
{
    public bool IsCarriedOut { get; private set; }

    public required Action CarryOut { private get; init; }

    public required Action Answer { private get; init; }

    /// <summary>The caller gets a timeout.</summary>
    public required Action Fail { get; init; }

    /// <summary>Moves on: first it is carried out, then answered.</summary>
    /// <returns>True when it is done.</returns>
    public bool Step()
    {
        if (IsCarriedOut)
        {
            Answer();
            return true;
        }
        CarryOut();
        IsCarriedOut = true;
        return false;
    }
}
