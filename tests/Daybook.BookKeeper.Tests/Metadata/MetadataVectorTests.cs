using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Quorums;
using Daybook.BookKeeper.Tests.Vectors;
using Daybook.BookKeeper.Tests.Wire;

namespace Daybook.BookKeeper.Tests.Metadata;

/// <summary>L18: metadata as a real cluster holds them.</summary>
public sealed class MetadataVectorTests
{
    private static readonly LedgerPaths s_paths = new("/ledgers", LedgerLayoutKind.Hierarchical);

    public static TheoryData<string> Ledgers =>
        [.. Recorded.Nodes.Where(n => n.Value.AsSpan().StartsWith("BookieMetadataFormatVersion\t"u8)).Select(n => n.Key)];

    [Theory, MemberData(nameof(Ledgers))]
    public void L18_recorded_metadata_are_read_and_written_back_byte_for_byte(string path)
    {
        var value = Recorded.Nodes[path];
        Assert.True(s_paths.TryParse(path, out var ledger));
        var metadata = LedgerMetadataCodec.Decode(ledger, value);
        var written = LedgerMetadataCodec.Encode(metadata);

        Assert.Equal("secret".Length * (ledger.Value == 8 ? 0 : 1), metadata.Password!.Value.Length);
        if (value[28] == '3')
            Assert.Equal(Probe.Hex(value), Probe.Hex(written));
        var again = LedgerMetadataCodec.Decode(ledger, written);
        Assert.Equal((metadata.Sizes, metadata.State, metadata.Digest), (again.Sizes, again.State, again.Digest));
        Assert.Equal((metadata.LastEntry, metadata.Length), (again.LastEntry, again.Length));
    }

    [Fact]
    public void L18_twelve_ledgers_and_one_with_a_long_id_were_recorded() => Assert.Equal(13, Ledgers.Count);

    [Fact]
    public void L18_open_ledger_made_here_is_the_recorded_one()
    {
        var made = new LedgerMetadata
        {
            Ledger = new LedgerId(6),
            Sizes = new QuorumSizes(3, 3, 2),
            Segments = [new EnsembleSegment(new EntryId(0), [Bookie(3182), Bookie(3183), Bookie(3181)])],
            Digest = DigestType.Crc32C,
            Password = Probe.Password,
            CreationToken = Of(6).CreationToken,
        };

        Assert.NotEqual(0, made.CreationToken);
        Assert.Equal(Probe.Hex(Recorded.Nodes["/ledgers/00/0000/L0006"]), Probe.Hex(LedgerMetadataCodec.Encode(made)));
    }

    [Fact]
    public void L18_custom_metadata_and_creation_time_are_read()
    {
        Assert.Equal(2026, DateTimeOffset.FromUnixTimeMilliseconds(Of(10).CreationTime!.Value).Year);
        Assert.Equal("interop"u8.ToArray(), Of(0).Custom["app"].ToArray());
    }

    [Fact]
    public void L18_closed_ledger_of_version_2_is_read()
    {
        var metadata = Of(9);

        Assert.Equal((LedgerState.Closed, new EntryId(0), 1L, new QuorumSizes(3, 3, 2)), (metadata.State, metadata.LastEntry, metadata.Length, metadata.Sizes));
        Assert.Equal([Bookie(3183), Bookie(3181), Bookie(3182)], metadata.Current.Bookies.AsEnumerable());
        Assert.Equal((DigestType.Crc32C, "secret"), (metadata.Digest, System.Text.Encoding.ASCII.GetString(metadata.Password!.Value.Span)));
    }

    [Fact]
    public void L18_changed_ensemble_is_read_and_found_by_entry()
    {
        var metadata = Of(11);

        Assert.Equal([new EntryId(0), new EntryId(10)], metadata.Segments.Select(s => s.First));
        Assert.Equal([Bookie(3182), Bookie(3181)], metadata.SegmentOf(new EntryId(9)).Bookies.AsEnumerable());
        Assert.Equal([Bookie(3183), Bookie(3181)], metadata.SegmentOf(new EntryId(10)).Bookies.AsEnumerable());
        Assert.Equal((LedgerState.Closed, new EntryId(19), 50L), (metadata.State, metadata.LastEntry, metadata.Length));
    }

    [Fact]
    public void L18_recovering_a_recorded_ledger_writes_what_java_wrote()
    {
        var opened = new LedgerMetadata
        {
            Ledger = new LedgerId(7),
            Sizes = new QuorumSizes(3, 3, 2),
            Segments = [new EnsembleSegment(new EntryId(0), [Bookie(3183), Bookie(3182), Bookie(3181)])],
            Digest = DigestType.Crc32C,
            Password = Probe.Password,
            CreationToken = 12345,
        };

        Assert.Equal(Probe.Hex(Recorded.Nodes["/ledgers/00/0000/L0007"]), Probe.Hex(LedgerMetadataCodec.Encode(opened.InRecovery())));
    }

    [Fact]
    public void L18_layouts_are_the_recorded_ones()
    {
        Assert.Equal(LedgerLayoutKind.Hierarchical, LedgerLayout.Decode(Recorded.Nodes["/ledgers/LAYOUT"]));
        Assert.Equal(LedgerLayoutKind.LongHierarchical, LedgerLayout.Decode(Recorded.Nodes["/ledgers-long/LAYOUT"]));
        Assert.Equal(Recorded.Nodes["/ledgers/LAYOUT"], LedgerLayout.Encode(LedgerLayoutKind.Hierarchical));
        Assert.Equal(Recorded.Nodes["/ledgers-long/LAYOUT"], LedgerLayout.Encode(LedgerLayoutKind.LongHierarchical));
    }

    [Theory]
    [InlineData(3181)]
    [InlineData(3182)]
    [InlineData(3183)]
    public void L18_registered_bookie_is_read_and_written_byte_for_byte(int port)
    {
        var value = Recorded.Nodes[$"/ledgers/available/127.0.0.1:{port}"];
        var registration = BookieRegistration.Decode(Bookie(port), value);

        Assert.Equal(("127.0.0.1", port), (registration.Host, registration.Port));
        Assert.Equal(Probe.Hex(value), Probe.Hex(registration.Encode()));
    }

    private static LedgerMetadata Of(int ledger) => LedgerMetadataCodec.Decode(new LedgerId(ledger), Recorded.Nodes[s_paths.PathOf(new LedgerId(ledger))]);

    private static BookieId Bookie(int port) => new($"127.0.0.1:{port}");
}
