using Daybook.Projections;
using Daybook.Projections.Memory;
using Daybook.Testing.Compliance;
using Daybook.Testing.Projections;

namespace Daybook.Core.Tests.Projections;

public sealed class DocumentFoldTests
{
    [Fact]
    public void Keys_are_ordered_by_code_point_as_their_utf8_bytes_are()
    {
        string[] parts = ["", "a", "b", "z", "\u00e9", "\ud7ff", "\ue000", "\uffff", "\U00010000", "\U0010ffff", "a\U0001F600", "\U0001F600\U0001F601"];
        var words = parts.SelectMany(a => parts.Select(b => a + b)).ToList();
        foreach (var x in words)
        {
            foreach (var y in words)
            {
                var bytes = System.Text.Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(y));
                Assert.Equal(Math.Sign(bytes), Math.Sign(CodePointOrder.Instance.Compare(x, y)));
            }
        }
    }

    [Theory]
    [InlineData(typeof(Nameless), "needs a [Projection")]
    [InlineData(typeof(BadName), "has the name '1st'")]
    [InlineData(typeof(BadVersion), "has version 0")]
    public void A_projection_without_valid_name_or_version_is_refused(Type type, string message)
    {
        var error = Assert.Throws<DaybookException>(() => ProjectionId.Of(type));
        Assert.Equal(ErrorCode.InvalidArgument, error.Code);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task J8_a_projection_that_cancels_by_itself_is_poison_too()
    {
        var feed = new MemoryEventFeed(default);
        feed.Append("s", new Added(1, "a"));
        var writer = new MemoryProjectionWriter<Tally>(new Cancelling());
        await writer.StartAsync(default, new Epoch(1));
        var run = await feed.ReadAsync(default, 1);
        var batch = new ProjectionBatch(default, new Epoch(1), default, run.Next, [new ProjectedEvent(new Added(1, "a"), run.Events[0])]);

        await Assert.ThrowsAsync<PoisonEventException>(async () => await writer.ApplyAsync(batch));
    }

    private sealed class Nameless;

    [Projection("1st")]
    private sealed class BadName;

    [Projection("fine", Version = 0)]
    private sealed class BadVersion;

    [Projection("cancelling")]
    private sealed class Cancelling : IDocumentProjection<Tally>
    {
        public IEnumerable<string> KeysOf(ProjectedEvent projected) => throw new OperationCanceledException();

        public Tally? Apply(string key, Tally? document, ProjectedEvent projected) => document;
    }
}
