using Daybook.Core.Tests.Engine;
using Daybook.Projections;
using Daybook.Reactions;
using Microsoft.Extensions.DependencyInjection;

namespace Daybook.Core.Tests.Projections;

/// <summary>What would mean two read models in one place is refused when the book is built; classes are made as their constructors want it.</summary>
public sealed class RegistrationTests
{
    [Fact]
    public async Task Two_projections_into_one_document_type_are_refused_with_both_named() =>
        await ExpectRefusedAsync(b => b.AddProjection<ByStream, Count>().AddProjection<Total, Count>(), nameof(ByStream), nameof(Total), "Count");

    [Fact]
    public async Task Two_projections_of_one_name_are_refused_with_both_named() =>
        await ExpectRefusedAsync(b => b.AddProjection<Total, Count>().AddProjection<OtherTotal, Sum>(), nameof(Total), nameof(OtherTotal), "'TOTAL'");

    [Fact]
    public async Task Two_reactions_of_one_name_are_refused_with_both_named() =>
        await ExpectRefusedAsync(b => b.AddReaction<Mail>().AddReaction<OtherMail>(), nameof(Mail), nameof(OtherMail));

    [Fact]
    public async Task Projection_that_is_added_twice_is_refused() =>
        await ExpectRefusedAsync(b => b.AddProjection<Total, Count>().AddProjection<Total, Count>(), nameof(Total), "twice");

    [Fact]
    public async Task Writer_of_one_sink_with_the_name_of_another_projection_is_refused() =>
        await ExpectRefusedAsync(
            b => b.AddProjection<Total, Count>().AddProjectionWriter<OtherTotal>((sink, projection) => sink.Writer(projection)), nameof(Total), nameof(OtherTotal));

    [Fact]
    public async Task Class_gets_what_its_constructor_needs_from_the_container_though_it_is_not_registered()
    {
        using var services = new ServiceCollection().AddSingleton(new Unit(7)).BuildServiceProvider();
        await using var book = await Builder().AddProjection<Weighted, Count>().AddReaction<Wired>().OpenAsync(services);

        var sent = Assert.IsType<Outcome.Accepted>(await book.Send(new Open("a", 1)));
        await book.Projections.WaitForAsync("weighted", sent.Position);
        Assert.Equal(new Count(7), await book.ReadModel<Count>().GetAsync("all"));
    }

    [Fact]
    public async Task Class_whose_needs_the_container_lacks_is_named_with_them()
    {
        using var services = new ServiceCollection().BuildServiceProvider();
        var lacking = await Assert.ThrowsAsync<DaybookException>(async () => await Builder().AddProjection<Weighted, Count>().OpenAsync(services));
        var alone = await Assert.ThrowsAsync<DaybookException>(async () => await Builder().AddProjection<Weighted, Count>().OpenAsync());

        Assert.Equal((ErrorCode.InvalidArgument, ErrorCode.InvalidArgument), (lacking.Code, alone.Code));
        Assert.Contains(nameof(Unit), lacking.Message, StringComparison.Ordinal);
        Assert.Contains("there is no container", alone.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_of_projections_are_those_that_were_set()
    {
        var refused = await Assert.ThrowsAsync<DaybookException>(async () => await Builder().ConfigureProjections(o => o with { BatchRecords = 0 }).OpenAsync());
        Assert.Contains(nameof(ProjectionOptions.BatchRecords), refused.Message, StringComparison.Ordinal);
        await using var book = await Builder().AddProjection<Total, Count>()
            .ConfigureProjections(o => o with { BatchRecords = 1 }).ConfigureProjections(o => o with { CatchUpRecords = 1 }).OpenAsync();
        Outcome? last = null;
        for (var i = 0; i < 3; i++)
            last = await book.Send(new Open($"w{i}", 1));
        await book.Projections.WaitForAsync("total", ((Outcome.Accepted)last!).Position);
        Assert.Equal(["total"], book.Projections.Registered.Select(r => r.Name));
    }

    private static DaybookBuilder Builder() => new DaybookBuilder().UseMemory().AddHandlers(typeof(WalletHandlers)).Configure(o => o.Partitions = 1);

    private static async Task ExpectRefusedAsync(Func<DaybookBuilder, DaybookBuilder> add, params string[] named)
    {
        var refused = await Assert.ThrowsAsync<DaybookException>(async () => await add(Builder()).OpenAsync());
        Assert.Equal(ErrorCode.InvalidArgument, refused.Code);
        Assert.All(named, name => Assert.Contains(name, refused.Message, StringComparison.OrdinalIgnoreCase));
    }

    private sealed record Count(int N);

    private sealed record Sum(int N);

    private sealed record Unit(int Weight);

    private class Counting(int by) : IDocumentProjection<Count>
    {
        public IEnumerable<string> KeysOf(ProjectedEvent projected) => ["all"];

        public Count Apply(string key, Count? document, ProjectedEvent projected) => new((document?.N ?? 0) + by);
    }

    [Projection("by_stream")]
    private sealed class ByStream() : Counting(1);

    [Projection("total")]
    private sealed class Total() : Counting(1);

    [Projection("weighted")]
    private sealed class Weighted(Unit unit) : Counting(unit.Weight);

    [Projection("TOTAL")]
    private sealed class OtherTotal : IDocumentProjection<Sum>
    {
        public IEnumerable<string> KeysOf(ProjectedEvent projected) => [];

        public Sum Apply(string key, Sum? document, ProjectedEvent projected) => new(0);
    }

    private class Idle : IReaction
    {
        public bool Concerns(ProjectedEvent projected) => false;

        public ValueTask ReactAsync(ReactionContext context, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }

    [Reaction("mail")]
    private sealed class Mail : Idle;

    [Reaction("mail")]
    private sealed class OtherMail : Idle;

    [Reaction("wired")]
    private sealed class Wired(Unit unit) : Idle
    {
        public override string ToString() => unit.ToString();
    }
}
