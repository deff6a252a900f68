using Daybook.Coordination;
using Daybook.Ledgers;
using Daybook.Projections;

namespace Daybook;

/// <summary>What a book was opened on, and disposes in reverse order.</summary>
internal sealed class BookParts : IAsyncDisposable
{
    private readonly Stack<object> _owned = [];

    public ILedgerStore Ledgers { get; set; } = null!;

    public ICoordinator Coordinator { get; set; } = null!;

    /// <summary>See <see cref="BookIdentity"/>; known once the coordinator has been asked.</summary>
    public Guid BookId { get; set; }

    public IProjectionSink? Sink { get; set; }

    public ProjectionOptions? ProjectionOptions { get; set; }

    public List<OpenProjection> Projections { get; } = [];

    public T Own<T>(T part)
        where T : class
    {
        _owned.Push(part);
        return part;
    }

    public async ValueTask DisposeAsync()
    {
        while (_owned.TryPop(out var part))
        {
            if (part is IAsyncDisposable asynchronous)
                await asynchronous.DisposeAsync().ConfigureAwait(false);
            else
                (part as IDisposable)?.Dispose();
        }
    }
}

/// <summary>A projection on its sink.</summary>
/// <param name="Writer">What its runner writes.</param>
/// <param name="Document">The document type; null when it has no documents.</param>
/// <param name="ReadModel">An <see cref="IReadModel{TDocument}"/>; null when it has no documents.</param>
internal sealed record OpenProjection(IProjectionWriter Writer, Type? Document, object? ReadModel);
