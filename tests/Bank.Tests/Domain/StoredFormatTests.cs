using System.Buffers;
using System.Text;
using Bank.Amounts;
using Bank.Entries;
using Bank.ReadModels;
using Daybook.Core.Serialization;
using static Bank.Tests.Domain.Cast;

namespace Bank.Tests.Domain;

/// <summary>Events of earlier versions stay readable, under the present names of their members too.</summary>
public sealed class StoredFormatTests
{
    private const string Stored =
        """{"entry":"5b3c5cf0-9a1f-4bb7-8a5e-2d1de0a7f001","date":"2024-02-29","description":"Rent","legs":[{"account":"alice","amount":5.0,"currency":"EUR"}]}""";

    private readonly JsonEventSerializer _json = new();

    [Fact]
    public void An_entry_that_an_earlier_version_stored_is_folded()
    {
        var recorded = Assert.IsType<EntryRecorded>(_json.Deserialize(typeof(EntryRecorded), Encoding.UTF8.GetBytes(Stored)));
        Assert.Equal([new Posting(Alice, 5.0m, Eur)], Entry.Create(recorded).Postings);
        Assert.Equal(Stored, Written(recorded));
    }

    [Fact]
    public void An_entry_and_a_row_keep_the_name_of_their_postings()
    {
        var entry = Entry.Create((EntryRecorded)_json.Deserialize(typeof(EntryRecorded), Encoding.UTF8.GetBytes(Stored)));
        Assert.Contains("\"legs\":[{\"account\":\"alice\"", Written(entry), StringComparison.Ordinal);
        Assert.Contains("\"legs\":[]", Written(new RecentEntry(Guid.Empty, "entry", default, default, "", [])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_description_with_a_control_character_that_is_stored_already_is_still_folded()
    {
        var recorded = (EntryRecorded)_json.Deserialize(typeof(EntryRecorded), Encoding.UTF8.GetBytes(Stored.Replace("Rent", "R\\u0000", StringComparison.Ordinal)));
        Assert.Equal("R\0", Entry.Create(recorded).Description);
    }

    [Fact]
    public void A_sum_is_exact_when_only_zeros_at_its_end_are_left_out()
    {
        Assert.True(ExactDecimal.TryAdd(1.0000000000000000000000000000m, 1_000_000m, out var sum));
        Assert.Equal(1_000_001m, sum);
        Assert.False(ExactDecimal.TryAdd(0.0000000000000000000000000001m, 1_000_000m, out _));
    }

    private string Written(object value)
    {
        var bytes = new ArrayBufferWriter<byte>();
        _json.Serialize(value, bytes);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
