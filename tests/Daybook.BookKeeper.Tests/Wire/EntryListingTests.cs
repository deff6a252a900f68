using System.Text.RegularExpressions;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Tests.Wire;

public sealed class EntryListingTests
{
    private const string Header = "00000000" + "00000002";

    [Fact]
    public void L18_recorded_list_is_0_to_4_and_10_to_11()
    {
        var recorded = Recorded();
        var listing = EntryListing.Decode(recorded);

        Assert.Equal(7, listing.Count);
        Assert.Equal([0, 1, 2, 3, 4, 10, 11], Enumerable.Range(0, 20).Where(entry => listing.Contains(new EntryId(entry))));
    }

    [Fact]
    public void Runs_at_equal_distances_are_found()
    {
        var group = new EntryListing.Group(3, 13, 2, 5);

        Assert.Equal(6, group.Count);
        Assert.Equal([3, 4, 8, 9, 13, 14], Enumerable.Range(0, 30).Where(entry => group.Contains(entry)));
    }

    [Fact]
    public void List_that_makes_no_sense_is_malformed()
    {
        var recorded = Recorded();
        foreach (var (at, value) in new[] { (3, 1), (7, 3), (64 + 19, 0), (64 + 23, 1), (64, 0x80) })
        {
            var broken = (byte[])recorded.Clone();
            broken[at] = (byte)value;
            Assert.Throws<MalformedFrameException>(() => EntryListing.Decode(broken));
        }
        Assert.Throws<MalformedFrameException>(() => EntryListing.Decode(recorded.AsSpan(0, 70)));
    }

    private static byte[] Recorded()
    {
        using var reader = new StreamReader(typeof(EntryListingTests).Assembly.GetManifestResourceStream("frames")!);
        var line = reader.ReadToEnd().Split('\n').Single(l => l.StartsWith("v3 LIST entries", StringComparison.Ordinal));
        var hex = Regex.Match(line, "'([0-9a-f]+)'").Groups[1].Value;
        Assert.StartsWith(Header, hex, StringComparison.Ordinal);
        return Convert.FromHexString(hex);
    }
}
