using System.Globalization;
using System.Text;
using Daybook.Projections;
using Daybook.Reactions;

namespace Daybook.Embedded.Crash;

/// <summary>Something that was put into a box.</summary>
[EventType("crash.put.v1")]
public sealed record Contained(long Number);

/// <summary>A box that counts.</summary>
public sealed record Box(long Count)
{
    /// <summary>The first thing.</summary>
    public static Box Create(Contained e) => new(e.Number > 0 ? 1 : 0);

    /// <summary>A further one.</summary>
    public Box Apply(Contained e) => this with { Count = Count + (e.Number > 0 ? 1 : 0) };
}

/// <summary>Puts something into a box.</summary>
public sealed record Put(string Box, long Number);

/// <summary>Accepts everything.</summary>
public static class BoxHandlers
{
    /// <summary>Puts it.</summary>
    public static Decision Handle(Put c, Box? box) => Decision.Emit(new Contained(box is null ? c.Number : Math.Max(1, c.Number)));
}

/// <summary>Has an effect outside of the book: a line in a file, which outlives the process.</summary>
[Reaction("lines")]
public sealed class Lines : IReaction
{
    /// <summary>The file.</summary>
    public static FileStream? Effects { get; set; }

    /// <inheritdoc/>
    public bool Concerns(ProjectedEvent projected) => projected.Body is Contained;

    /// <inheritdoc/>
    public ValueTask ReactAsync(ReactionContext context, CancellationToken cancellationToken)
    {
        var position = context.Recorded.Position;
        var line = string.Create(CultureInfo.InvariantCulture, $"{position} {context.Recorded.Stream}:{context.Recorded.Version} {context.Id}\n");
        lock (Effects!)
            Effects.Write(Encoding.ASCII.GetBytes(line));
        return ValueTask.CompletedTask;
    }
}

/// <summary>A book that reacts, until it is killed.</summary>
public static class ReactingBook
{
    /// <summary>The partitions of the book.</summary>
    public const int Partitions = 2;

    /// <summary>Sends commands for ever and prints the position of each that is acknowledged; or waits until everything was reacted to, and ends.</summary>
    public static async Task RunAsync(string folder, bool drain)
    {
        await using var effects = new FileStream(Path.Combine(folder, "effects"), FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        Lines.Effects = effects;
        await using var book = await new DaybookBuilder().UseEmbedded(Path.Combine(folder, "book")).AddHandlers(typeof(BoxHandlers))
            .Configure(o => o.Partitions = Partitions).AddReaction<Lines>().OpenAsync();
        for (var number = 1L; !drain; number++)
        {
            if (await book.SendAsync(new Put($"b{number % 10}", number), new CommandId(Guid.NewGuid())) is Outcome.Accepted accepted)
                Console.WriteLine(accepted.Position);
        }
        foreach (var status in book.Projections.Status.Where(s => s.Head.Value > 0))
            await book.Projections.WaitForAsync(status.Projection.Name, new Position(status.Partition, new JournalOffset(status.Head.Value - 1)));
    }
}
