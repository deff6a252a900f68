using System.Text;
using Daybook.BookKeeper.Quorums;
using Daybook.BookKeeper.Writing;

namespace Daybook.BookKeeper.Tests.Writing;

public sealed class NewLedgerTests
{
    [Fact]
    public async Task What_is_asked_for_stands_in_the_metadata()
    {
        var bench = await WriterBench.StartAsync(1, 1, 1, "b1 b2 b3");
        var password = Encoding.ASCII.GetBytes("pw");
        var writer = await NewLedger.CreateAsync(bench.Services, new CreateLedgerOptions
        {
            WriteQuorum = 2,
            AckQuorum = 1,
            Digest = DigestType.Hmac,
            Password = password,
            CustomMetadata = new Dictionary<string, ReadOnlyMemory<byte>> { ["owner"] = password },
            Ledger = new LedgerId(77),
            StoreCreationTime = true,
        });
        var metadata = bench.Metadata[writer.Id];
        Assert.Equal(new LedgerId(77), writer.Id);
        Assert.Equal(new QuorumSizes(3, 2, 1), metadata.Sizes);
        Assert.Equal(["b1", "b2", "b3"], metadata.Current.Bookies.Select(bookie => bookie.Value));
        Assert.Equal(DigestType.Hmac, metadata.Digest);
        Assert.Equal(password, metadata.Password?.ToArray());
        Assert.Equal(password, metadata.Custom["owner"].ToArray());
        Assert.Equal(bench.Time.GetUtcNow().ToUnixTimeMilliseconds(), metadata.CreationTime);
    }

    [Theory]
    [InlineData(3, 2, 3)]
    [InlineData(2, 3, 1)]
    [InlineData(3, 3, 0)]
    public async Task Quorums_that_make_no_sense_are_refused_and_nothing_is_created(int ensemble, int write, int ack)
    {
        var bench = await WriterBench.StartAsync(1, 1, 1, "b1 b2 b3");
        var error = await Assert.ThrowsAsync<BookKeeperException>(() => bench.CreateAsync(ensemble, write, ack).AsTask());
        Assert.Equal((BookKeeperError.IncorrectParameter, ErrorCode.InvalidArgument), (error.Error, error.Code));
        Assert.Equal(1, bench.Metadata.Writes);
    }

    [Fact]
    public async Task Too_few_bookies_a_taken_id_a_negative_id_and_an_unknown_digest_are_told()
    {
        var bench = await WriterBench.StartAsync(1, 1, 1, "b1 b2");
        async Task<BookKeeperError> Fails(CreateLedgerOptions options) =>
            (await Assert.ThrowsAsync<BookKeeperException>(() => NewLedger.CreateAsync(bench.Services, options).AsTask())).Error;

        var small = new CreateLedgerOptions { Ensemble = 1, WriteQuorum = 1, AckQuorum = 1 };
        Assert.Equal(BookKeeperError.NotEnoughBookies, await Fails(new CreateLedgerOptions()));
        Assert.Equal(BookKeeperError.LedgerExists, await Fails(small with { Ledger = bench.Ledger }));
        Assert.Equal(BookKeeperError.IncorrectParameter, await Fails(small with { Ledger = new LedgerId(-1) }));
        Assert.Equal(BookKeeperError.IncorrectParameter, await Fails(small with { Digest = (DigestType)9 }));
    }
}
