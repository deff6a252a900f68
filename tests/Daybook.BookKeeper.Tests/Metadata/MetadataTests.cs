using System.Text;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Metadata.Proto;
using Daybook.BookKeeper.Quorums;
using Google.Protobuf;

namespace Daybook.BookKeeper.Tests.Metadata;

public sealed class MetadataTests
{
    private static readonly LedgerId s_ledger = new(42);

    [Fact]
    public void L18_version_1_is_read_open_closed_and_in_recovery()
    {
        var open = Decode("1\n2\n3\n0\n0\ta:1\tb:2\tc:3");
        var closed = Decode("1\n2\n3\n40\n0\ta:1\tb:2\tc:3\n7\ta:1\tb:2\td:4\n9\tCLOSED");
        var recovery = Decode("1\n2\n3\n0\n0\ta:1\tb:2\tc:3\n-102\tCLOSED");

        Assert.Equal((LedgerState.Open, new QuorumSizes(3, 2, 2)), (open.State, open.Sizes));
        Assert.Equal((LedgerState.Closed, new EntryId(9), 40L), (closed.State, closed.LastEntry, closed.Length));
        Assert.Equal(new BookieId("d:4"), closed.SegmentOf(new EntryId(8)).Bookies[2]);
        Assert.Equal((LedgerState.InRecovery, EntryId.None), (recovery.State, recovery.LastEntry));
        Assert.Null(open.Digest);
        Assert.Null(open.Password);
    }

    [Fact]
    public void Version_1_is_written_as_version_3_and_read_again()
    {
        var value = LedgerMetadataCodec.Encode(Decode("1\n2\n3\n40\n0\ta:1\tb:2\tc:3\n9\tCLOSED"));
        var again = LedgerMetadataCodec.Decode(s_ledger, value);

        Assert.Equal("BookieMetadataFormatVersion\t3\n", Encoding.ASCII.GetString(value, 0, 30));
        Assert.Equal((LedgerState.Closed, new EntryId(9), 40L, new QuorumSizes(3, 2, 2)), (again.State, again.LastEntry, again.Length, again.Sizes));
    }

    [Theory]
    [InlineData("0\nx")]
    [InlineData("4\nx")]
    [InlineData("99999999999\nx")]
    [InlineData("\nx")]
    [InlineData("3 \nx")]
    public void Unknown_version_is_a_typed_error_that_names_the_ledger(string text)
    {
        var error = Assert.Throws<BookKeeperException>(() => Decode(text));

        Assert.Equal((BookKeeperError.BadMetadata, s_ledger), (error.Error, error.Ledger));
        Assert.Contains("version", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1\n3\n2\n0\n0\ta:1\tb:2", "write quorum")]
    [InlineData("1\n0\n2\n0\n0\ta:1\tb:2", "ack quorum")]
    [InlineData("1\n65\n65\n0\n0\ta:1", "larger than 64")]
    [InlineData("1\n1\n2\n0\n0\ta:1", "names 1 bookies")]
    [InlineData("1\n1\n2\n0\n0\ta:1\ta:1", "twice")]
    [InlineData("1\n1\n2\n0\n3\ta:1\tb:2", "entry 0")]
    [InlineData("1\n1\n1\n0\n0\ta:1\n0\tb:2", "follows")]
    [InlineData("1\n1\n1\n-7\n0\ta:1\n5\tCLOSED", "length")]
    [InlineData("1\n1\n1\n7\n0\ta:1\n-9\tCLOSED", "last entry")]
    [InlineData("2\nquorumSize: 1 ensembleSize: 1 length: 0 state: GONE", "state")]
    [InlineData("2\nquorumSize: 1 ensembleSize: 1 length: 0", "missing")]
    [InlineData("2\nquorumSize: 1 segment { ensembleMember: \"a", "expected")]
    [InlineData("2\nvolume: 11", "volume")]
    [InlineData("3\n\u0005\u0008\u0001", "announced")]
    public void Invalid_metadata_are_refused_with_the_reason(string text, string problem)
    {
        var error = Assert.Throws<BookKeeperException>(() => Decode(text));

        Assert.Equal((BookKeeperError.BadMetadata, ErrorCode.Corrupted, s_ledger), (error.Error, error.Code, error.Ledger));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Version_2_takes_the_whole_text_format()
    {
        var text = "2\nquorumSize: 2, ensembleSize: 2; length: 0 # comment\nstate: IN_RECOVERY segment: < ensembleMember: \"a\" ':1' ensembleMember: 'b' firstEntryId: 0 >"
            + " digestType: HMAC password: \"\\000\\x41\\n\\\"\\\\\\377\" ctime: 5 customMetadata { key: \"k\" value: \"v\" }";
        var metadata = Decode(text);

        Assert.Equal((LedgerState.InRecovery, new QuorumSizes(2, 2, 2), DigestType.Hmac, 5L), (metadata.State, metadata.Sizes, metadata.Digest, metadata.CreationTime));
        Assert.Equal([new BookieId("a:1"), new BookieId("b")], metadata.Current.Bookies.AsEnumerable());
        Assert.Equal([0, 0x41, (byte)'\n', (byte)'"', (byte)'\\', 0xFF], metadata.Password!.Value.ToArray());
        Assert.Equal("v"u8.ToArray(), metadata.Custom["k"].ToArray());
    }

    [Fact]
    public void Fields_that_are_not_understood_are_written_back()
    {
        var message = new LedgerMetadataFormat
        {
            QuorumSize = 1, EnsembleSize = 1, AckQuorumSize = 1, Length = 0, LastEntryId = -1, State = LedgerMetadataFormat.Types.State.Open, CToken = 3,
        };
        byte[] segment = [.. new LedgerMetadataFormat.Types.Segment { EnsembleMember = { "a:1" }, FirstEntryId = 0 }.ToByteArray(), 0x98, 0x06, 0x09];
        byte[] body = [.. message.ToByteArray(), 0x32, (byte)segment.Length, .. segment, 0xA0, 0x06, 0x2A];
        var metadata = LedgerMetadataCodec.Decode(s_ledger, (byte[])[.. "BookieMetadataFormatVersion\t3\n"u8, (byte)body.Length, .. body]);
        var written = LedgerMetadataCodec.Encode(metadata.ChangeEnsemble(new EntryId(4), [new BookieId("b:2")]));

        Assert.True(written.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x98, 0x06, 0x09]) > 0, "of the segment that stays");
        Assert.True(written.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xA0, 0x06, 0x2A]) > 0, "of the ledger");
        Assert.Equal(0, LedgerMetadataCodec.Decode(s_ledger, written).CreationToken);
    }

    [Fact]
    public void L13_change_at_the_first_entry_of_the_last_segment_replaces_it()
    {
        var metadata = Decode("1\n1\n2\n0\n0\ta:1\tb:2").ChangeEnsemble(new EntryId(5), [new BookieId("a:1"), new BookieId("c:3")]);
        var changed = metadata.ChangeEnsemble(new EntryId(5), [new BookieId("a:1"), new BookieId("d:4")]);

        Assert.Equal([new EntryId(0), new EntryId(5)], changed.Segments.Select(s => s.First));
        Assert.Equal(new BookieId("d:4"), changed.Current.Bookies[1]);
    }

    [Fact]
    public void L13_change_that_goes_back_or_takes_a_member_twice_is_refused()
    {
        var metadata = Decode("1\n1\n2\n0\n0\ta:1\tb:2").ChangeEnsemble(new EntryId(5), [new BookieId("a:1"), new BookieId("c:3")]);

        Assert.Throws<BookKeeperException>(() => metadata.ChangeEnsemble(new EntryId(4), [new BookieId("a:1"), new BookieId("d:4")]));
        Assert.Throws<BookKeeperException>(() => metadata.ChangeEnsemble(new EntryId(6), [new BookieId("a:1"), new BookieId("a:1")]));
    }

    [Fact]
    public void L11_closed_ledger_is_never_reopened_nor_closed_elsewhere()
    {
        var closed = Decode("1\n1\n1\n0\n0\ta:1").Close(new EntryId(3), 9);

        foreach (var change in new Action[] { () => closed.InRecovery(), () => closed.Close(new EntryId(4), 9), () => closed.ChangeEnsemble(new EntryId(9), [new BookieId("b")]) })
            Assert.Equal(BookKeeperError.LedgerClosed, Assert.Throws<BookKeeperException>(change).Error);
        Assert.Equal(new BookieId("b"), closed.ReplaceBookies(new EntryId(0), [new BookieId("b")]).Current.Bookies[0]);
        Assert.Throws<BookKeeperException>(() => closed.ReplaceBookies(new EntryId(1), [new BookieId("b")]));
    }

    private static LedgerMetadata Decode(string text) =>
        LedgerMetadataCodec.Decode(s_ledger, Encoding.Latin1.GetBytes("BookieMetadataFormatVersion\t" + text));
}
