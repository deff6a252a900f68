using Daybook.Projections;

namespace Daybook.Testing.Compliance;

public abstract partial class ProjectionCompliance
{
    /// <summary>J8: a batch with poison in it has no effect at all, and the error names the event.</summary>
    public async Task J8_poison_leaves_nothing_behind_and_is_named()
    {
        var (_, writer, model) = await OpenAsync(0);
        foreach (var broken in new[] { new Broken(), new Broken("a") })
        {
            var script = new ProjectionScript(0).Add(new Added(1, "a", "b")).Add(new Added(1, "a"), broken);
            var poison = await ExpectPoisonAsync(writer, script.Batch());
            Expect.Equal(new Position(default, new JournalOffset(1)), poison.Recorded.Position);
            Expect.Equal(nameof(Broken), poison.Recorded.Type);
            await ExpectNoneAsync(model);
        }
        Expect.Equal(default, await writer.StartAsync(default, new Epoch(1)));
        await writer.ApplyAsync(new ProjectionScript(0).Add(new Added(1, "a")).Batch());
        await ExpectAsync(model, "a", 1, 1);
    }

    /// <summary>J8: poison of one partition does not touch what others apply at the same time.</summary>
    public async Task J8_poison_of_one_partition_does_not_touch_the_others()
    {
        var (_, writer, model) = await OpenAsync(0, 1, 2, 3);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async partition =>
        {
            await Task.Yield();
            var script = new ProjectionScript(partition).Add(new Added(1, "shared")).Add(partition % 2 == 0 ? new Added(1, "shared") : new Broken("shared"));
            if (partition % 2 == 0)
                await writer.ApplyAsync(script.Batch());
            else
                await ExpectPoisonAsync(writer, script.Batch());
        }));
        await ExpectAsync(model, "shared", 4, 4);
    }

    /// <summary>J8: keys that cannot be stored, or that two sinks would order or store differently, are poison.</summary>
    public async Task J8_bad_keys_are_poison()
    {
        var (_, writer, model) = await OpenAsync(0);
        var tooLong = new string('k', ProjectionId.MaxKeyLength + 1);
        foreach (var keys in new IEnumerable<string>?[] { null, [null!], [""], [tooLong], ["a\ud800"], ["\udc00b"], ["a\0b"], ["fine", ""] })
        {
            var poison = await ExpectPoisonAsync(writer, new ProjectionScript(0).Add(new Added(1, "a")).Add(new Keyed(keys)).Batch());
            Expect.Equal(new JournalOffset(1), poison.Recorded.Position.Offset);
        }
        await ExpectNoneAsync(model);
    }

    /// <summary>Keys that are allowed come back as they were.</summary>
    public async Task Keys_of_any_length_and_script_are_kept()
    {
        var (_, writer, model) = await OpenAsync(0);
        string[] keys = ["k", new string('k', ProjectionId.MaxKeyLength), "a\tb", "'; DROP TABLE x; --", "%_", "Assets:Bär/日本\U0001F600", "e\u0301", "\u00e9"];
        await writer.ApplyAsync(new ProjectionScript(0).Add(new Added(1, keys)).Batch());
        foreach (var key in keys)
            await ExpectAsync(model, key, 1, 1);
        Expect.Equal(keys.Length, (await KeysAsync(model.QueryAsync())).Count);
    }

    /// <summary>A set of keys, not a list.</summary>
    public async Task A_key_named_twice_for_one_event_counts_once()
    {
        var (_, writer, model) = await OpenAsync(0);
        await writer.ApplyAsync(new ProjectionScript(0).Add(new Added(1, "a", "b", "a")).Add(new Added(1, "a")).Batch());
        await ExpectAsync(model, "a", 2, 2);
    }

    /// <summary>Null deletes, whether the document was stored before or came up in the same batch.</summary>
    public async Task A_document_folded_to_null_is_gone_and_may_come_again()
    {
        var (_, writer, model) = await OpenAsync(0);
        var script = new ProjectionScript(0)
            .Add(new Added(1, "a")).Add(new Added(-1, "a"), new Added(1, "b"))
            .Add(new Added(-1, "b")).Add(new Added(5, "b"), new Added(2, "c"), new Added(-2, "c"));
        await writer.ApplyAsync(script.Batch(0, 2));
        Expect.Equal("b", string.Join(",", await KeysAsync(model.QueryAsync())));
        await writer.ApplyAsync(script.Batch(2, 3));
        await ExpectNoneAsync(model);
        await writer.ApplyAsync(script.Batch(3));
        await ExpectAsync(model, "b", 5, 1);
        Expect.Equal("b", string.Join(",", await KeysAsync(model.QueryAsync())));
    }

    /// <summary>Money is not rounded.</summary>
    public async Task Decimals_are_exact_to_the_last_digit_and_keep_their_scale()
    {
        var (sink, writer, model) = await OpenAsync(0);
        decimal[] amounts = [0.1m, decimal.MaxValue, decimal.MinValue, 0.0000000000000000000000000001m, 100.00m, -7.10m, 9007199254740993m];
        var script = new ProjectionScript(0);
        for (var i = 0; i < amounts.Length; i++)
            script.Add(new Added(amounts[i], "k" + i));
        await writer.ApplyAsync(script.Batch());
        var restarted = await RestartAsync(sink);
        model = restarted?.ReadModel(Code) ?? model;
        for (var i = 0; i < amounts.Length; i++)
        {
            var sum = (await model.GetAsync("k" + i))!.Sum;
            Expect.Equal(string.Join(",", decimal.GetBits(amounts[i])), string.Join(",", decimal.GetBits(sum)));
        }
    }

    /// <summary>A range from a key, either way.</summary>
    public async Task Queries_go_by_code_point_from_a_key_in_either_direction_up_to_a_limit()
    {
        var (_, writer, model) = await OpenAsync(0);
        const string statement = nameof(Queries_go_by_code_point_from_a_key_in_either_direction_up_to_a_limit);
        string[] keys = ["A", "B", "a", "ab", "b", "\u00e9", "\ue000", "\uffee", "\U0001F600"];
        await writer.ApplyAsync(new ProjectionScript(0).Add(new Added(1, [.. keys.Reverse()])).Batch());

        async Task ExpectKeysAsync(IEnumerable<string> expected, IAsyncEnumerable<KeyValuePair<string, Tally>> query) =>
            Expect.Equal(string.Join(" ", expected), string.Join(" ", await KeysAsync(query)), "the keys", statement);

        await ExpectKeysAsync(keys, model.QueryAsync());
        await ExpectKeysAsync(keys.Reverse(), model.QueryAsync(descending: true));
        await ExpectKeysAsync(keys[3..], model.QueryAsync("ab"));
        await ExpectKeysAsync(keys[4..6], model.QueryAsync("abc", limit: 2));
        await ExpectKeysAsync(keys[..4].Reverse(), model.QueryAsync("ab", descending: true));
        await ExpectKeysAsync(keys[..4].Reverse().Take(1), model.QueryAsync("abc", descending: true, limit: 1));
        await ExpectKeysAsync([], model.QueryAsync(limit: 0));
    }

    /// <summary>An application may come before its projections.</summary>
    public async Task A_read_before_the_first_start_finds_nothing()
    {
        var sink = await OpenSinkAsync();
        Expect.Equal(null, await sink.ReadModel(Code).GetAsync("a"));
        await ExpectNoneAsync(sink.ReadModel(Code));
    }

    /// <summary>A query sees one moment.</summary>
    public async Task A_query_under_way_does_not_see_what_is_written_meanwhile()
    {
        var (_, writer, model) = await OpenAsync(0);
        var script = new ProjectionScript(0).Add(new Added(1, "a", "b", "c"));
        await writer.ApplyAsync(script.Batch());
        var sums = new List<decimal>();
        await foreach (var (_, tally) in model.QueryAsync())
        {
            sums.Add(tally.Sum);
            if (sums.Count == 1)
                await writer.ApplyAsync(script.Add(new Added(1, "b", "c", "d")).Batch(1));
        }
        Expect.Equal("1,1,1", string.Join(",", sums));
        await ExpectAsync(model, "c", 2, 2);
    }
}
