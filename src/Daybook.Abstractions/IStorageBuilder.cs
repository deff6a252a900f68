using Daybook.Coordination;
using Daybook.Ledgers;
using Daybook.Projections;

namespace Daybook;

/// <summary>
/// What the builder of a book offers to providers: where ledgers, coordination records and read models are kept. Providers hang their
/// <c>Use…</c> methods on it, so that they need not know the engine. Each choice replaces the one before; nothing is opened before the book is.
/// </summary>
public interface IStorageBuilder
{
    /// <summary>Chooses where ledgers are kept. The store is disposed with the book if it can be.</summary>
    void ChooseLedgers(Func<CancellationToken, ValueTask<ILedgerStore>> open);

    /// <summary>Chooses the coordinator. It is disposed with the book if it can be.</summary>
    void ChooseCoordinator(Func<CancellationToken, ValueTask<ICoordinator>> open);

    /// <summary>Chooses where read models are kept. The sink is disposed with the book if it can be.</summary>
    void ChooseProjectionSink(Func<CancellationToken, ValueTask<IProjectionSink>> open);

    /// <summary>Adds a projection that only one kind of sink knows. It runs beside those of the builder, driven in the same way.</summary>
    /// <typeparam name="TProjection">The class of the projection. The book makes it: the container where there is one supplies what its constructor needs.</typeparam>
    /// <param name="open">Given the book's sink and the projection, makes the projection's writer; throws a
    /// <see cref="DaybookException"/> that names what to choose when the sink is of another kind.</param>
    void AddProjectionWriter<TProjection>(Func<IProjectionSink, TProjection, IProjectionWriter> open)
        where TProjection : class;
}
