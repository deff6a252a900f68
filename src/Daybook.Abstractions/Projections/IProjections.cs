namespace Daybook.Projections;

/// <summary>The projections that run here: how they are, and how to wait for them or set a parked one going.</summary>
public interface IProjections
{
    /// <summary>The projections and reactions of the book, whether or not they run here at the moment. Default: those that <see cref="Status"/> shows.</summary>
    IReadOnlyList<ProjectionId> Registered => [.. Status.Select(s => s.Projection).Distinct()];

    /// <summary>Every projection on every partition owned here, ordered by name, partition and build, as of now.</summary>
    IReadOnlyList<ProjectionStatus> Status { get; }

    /// <summary>Waits until a projection has applied the record at a position: afterwards its read model shows it.</summary>
    /// <remarks>A position beyond the end of the journal is waited for until something is recorded there; bound the wait with the
    /// token.</remarks>
    /// <exception cref="DaybookException"><see cref="ErrorCode.PoisonEvent"/>: it is parked before or at the position.
    /// <see cref="ErrorCode.NotOwner"/>: it does not, or no longer, run here. <see cref="ErrorCode.UnknownType"/>: no projection of that
    /// name.
    /// <see cref="ErrorCode.InvalidArgument"/>: the position is not one of this book.</exception>
    ValueTask WaitForAsync(string projection, Position position, CancellationToken cancellationToken = default);

    /// <summary>Waits for several positions, such as those of a transaction (<see cref="IDaybook.PositionsOfAsync"/>).</summary>
    /// <exception cref="DaybookException">As for one position.</exception>
    async ValueTask WaitForAsync(string projection, IEnumerable<Position> positions, CancellationToken cancellationToken = default)
    {
        foreach (var position in positions)
            await WaitForAsync(projection, position, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sets a parked projection, every build that is, going again at the event it is parked at; it parks again if nothing has changed.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: it is not parked.</exception>
    void Retry(string projection, PartitionId partition);

    /// <summary>Sets a parked projection, every build that is parked there, going after the one event it is parked at. That event is then missing from its read model.</summary>
    /// <param name="projection">The name of the projection.</param>
    /// <param name="position">Where it is parked, so that nobody skips an event that they have not looked at.</param>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: it is not parked at an event there.</exception>
    void Skip(string projection, Position position);
}
