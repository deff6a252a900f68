using System.ComponentModel.DataAnnotations;
using Daybook.Postgres.Tables;
using Daybook.Postgres.Tests.Support;
using Daybook.Projections;
using Daybook.Servers.Debian;

namespace Daybook.Postgres.Tests.Tables;

/// <summary>What rows are after changes, and which change is refused, does not depend on how the changes are cut into batches.</summary>
[Collection(SharedPostgresCollection.Name)]
public sealed class AddTests(SharedPostgres postgres) : IAsyncLifetime
{
    private const decimal Max = decimal.MaxValue;
    private readonly Sinks _sinks = new();

    public static TheoryData<string, Sums[], string> Rows { get; } = new()
    {
        { "all digits of a decimal", [new() { Exact = 1e20m }, new() { Exact = 1e-10m }], "100000000000000000000.0000000001" },
        { "all digits of many decimals", [new() { Exact = Max / 4096 }, new() { Exact = 1e-28m }, new() { Exact = 3e-28m }], "exact" },
        { "digits that cancel", [new() { Exact = 1e20m }, new() { Exact = 1e-10m }, new() { Exact = -1e20m }], "0.0000000001" },
        { "rounded doubles", [new() { Binary = 1e16 }, new() { Binary = 1 }, new() { Binary = 1 }, new() { Binary = -1e16 }], "in order" },
        { "doubles without a number", [new() { Binary = double.PositiveInfinity }, new() { Binary = double.NegativeInfinity }, new() { Binary = 1 }], "NaN" },
        { "nulls", [new() { Long = null }, new() { Long = 5 }, new() { Long = null, Exact = 2 }, new() { Long = 7 }], "12" },
    };

    public static TheoryData<string, Sums[], int> Refusals { get; } = new()
    {
        { "decimal", [new() { Exact = Max }, new() { Exact = Max }], 1 },
        { "decimal by one", [new() { Exact = -Max }, new() { Exact = -1 }], 1 },
        { "decimal that comes back", [new() { Exact = Max }, new() { Exact = Max }, new() { Exact = -Max }], 1 },
        { "decimal over what is there", [new() { Exact = 5 }, new() { Exact = Max }, new() { Exact = -Max }], 1 },
        { "decimal over what is set", [new() { Exact = Max, IsSet = true }, new() { Exact = 1 }], 1 },
        { "int", [new() { Int = int.MaxValue }, new() { Int = 1 }], 1 },
        { "int that comes back", [new() { Int = 1 }, new() { Int = int.MaxValue }, new() { Int = -int.MaxValue }], 1 },
        { "int in small steps", [new() { Int = int.MaxValue - 5 }, new() { Int = 3 }, new() { Int = 3 }, new() { Int = -100 }], 2 },
        { "long", [new() { Long = long.MinValue }, new() { Long = -1 }], 1 },
        { "long in small steps", [new() { Long = long.MaxValue - 5 }, new() { Long = 3 }, new() { Long = 3 }, new() { Long = -100 }], 2 },
        { "decimal in small steps", [new() { Exact = Max - 5 }, new() { Exact = 3 }, new() { Exact = 3 }, new() { Exact = -100 }], 2 },
        { "double", [new() { Binary = double.MaxValue }, new() { Binary = double.MaxValue }], 1 },
        { "what is set or deleted afterwards", [new() { Int = int.MaxValue }, new() { Int = 1 }, new() { Int = 0, IsSet = true }], 1 },
    };

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _sinks.DisposeAsync();

    [SkippableTheory(typeof(MissingToolException))]
    [MemberData(nameof(Rows))]
    public async Task Sums_are_the_same_however_the_changes_are_cut_into_batches(string what, Sums[] changes, string holds)
    {
        var rows = new HashSet<string>();
        foreach (var size in new[] { 1, 2, changes.Length })
        {
            var (database, writer) = await StartAsync();
            for (var at = 0; at < changes.Length; at += size)
                await writer.ApplyAsync(Batches.Of(at, [.. changes.Skip(at).Take(size).Cast<object>()]));
            rows.Add(await Sql.QueryAsync(database, "select exact::text, \"int\", long, \"binary\"::text from daybook.projection_sums_v1"));
        }
        var row = Assert.Single(rows);
        if (what.Contains("many decimals", StringComparison.Ordinal))
            Assert.EndsWith("0000000004", row.Split('|')[0], StringComparison.Ordinal);
        else if (holds == "in order")
            Assert.EndsWith("|0", row, StringComparison.Ordinal); // 1e16 + 1 is 1e16
        else
            Assert.Contains(holds, row, StringComparison.Ordinal);
    }

    [SkippableTheory(typeof(MissingToolException))]
    [MemberData(nameof(Refusals))]
    public async Task Overflow_is_poison_at_its_event_however_the_changes_are_cut_into_batches(string what, Sums[] changes, int refused)
    {
        foreach (var size in new[] { 1, 2, 3, changes.Length })
        {
            var (database, writer) = await StartAsync();
            var poison = await Assert.ThrowsAsync<PoisonEventException>(async () =>
            {
                for (var at = 0; at < changes.Length; at += size)
                    await writer.ApplyAsync(Batches.Of(at, [.. changes.Skip(at).Take(size).Cast<object>()]));
            });
            Assert.True(poison.Recorded.Position.Offset.Value == refused, $"{what} in batches of {size}: {poison.Message}");
            Assert.True(size != 1 || poison.Message.Contains('"'), $"the column is named: {poison.Message}");
            Assert.DoesNotContain("null", await Sql.QueryAsync(database, "select next_offset from daybook.checkpoints"), StringComparison.Ordinal);
        }
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task Sums_near_the_end_of_the_range_that_do_not_pass_it_are_taken()
    {
        var (database, writer) = await StartAsync();
        await writer.ApplyAsync(Batches.Of(0, new Sums { Int = int.MaxValue - 5 }, new Sums { Int = 2 }, new Sums { Int = 3 }));
        await writer.ApplyAsync(Batches.Of(3, new Sums { Int = -1 }, new Sums { Int = 1 }));
        await writer.ApplyAsync(Batches.Of(5, new Sums { Key = "b", Exact = decimal.MaxValue }, new Sums { Key = "b", Exact = -1 }, new Sums { Key = "b", Exact = 1 }));

        Assert.Equal($"{int.MaxValue}", await Sql.QueryAsync(database, "select \"int\" from daybook.projection_sums_v1 where key = 'a'"));
        Assert.Equal($"{decimal.MaxValue}", await Sql.QueryAsync(database, "select exact::text from daybook.projection_sums_v1 where key = 'b'"));
    }

    private async Task<(string Database, IProjectionWriter Writer)> StartAsync()
    {
        var database = await postgres.DatabaseAsync();
        var writer = _sinks.Open(database).Writer(new SumsTable());
        await writer.StartAsync(default, new Epoch(1));
        return (database, writer);
    }

    public sealed record Sums
    {
        [Key]
        public string Key { get; init; } = "a";

        public decimal Exact { get; init; }

        public int Int { get; init; }

        public long? Long { get; init; } = 0;

        public double Binary { get; init; }

        public bool IsSet { get; init; }
    }

    [Projection("sums")]
    public sealed class SumsTable : ITableProjection<Sums>
    {
        public IEnumerable<RowChange<Sums>> ChangesOf(ProjectedEvent projected) =>
            projected.Body is Sums { IsSet: true } set ? [RowChange.Set(set)] : [RowChange.Add((Sums)projected.Body)];
    }
}
