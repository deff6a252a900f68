using Daybook.BookKeeper.Errors;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Tests.Errors;

public sealed class BookieErrorTests
{
    [Theory]
    [InlineData(402, -7, ErrorCode.NoSuchLedger)]
    [InlineData(403, -13, ErrorCode.NoSuchEntry)]
    [InlineData(404, -1, ErrorCode.StoreFailed)]
    [InlineData(501, -1, ErrorCode.StoreFailed)]
    [InlineData(502, -102, ErrorCode.InvalidArgument)]
    [InlineData(503, -16, ErrorCode.StoreFailed)]
    [InlineData(504, -101, ErrorCode.LedgerFenced)]
    [InlineData(505, -104, ErrorCode.StoreFailed)]
    [InlineData(506, -105, ErrorCode.Overloaded)]
    [InlineData(507, -108, ErrorCode.StoreFailed)]
    [InlineData(999, -1, ErrorCode.StoreFailed)]
    public void L18_status_of_a_bookie_is_the_error_of_java(int status, int error, ErrorCode code)
    {
        var read = BookieErrors.Of((BookieStatus)status, isWrite: false, new LedgerId(7), new EntryId(9), new BookieId("b:1"));
        var write = BookieErrors.Of((BookieStatus)status, isWrite: true, new LedgerId(7), null, new BookieId("b:1"));

        Assert.Equal((error, code), ((int)read.Error, read.Code));
        Assert.Equal(error == -1 ? -12 : error, (int)write.Error);
        Assert.Equal((new LedgerId(7), new EntryId(9), new BookieId("b:1")), (read.Ledger, read.Entry, read.Bookie));
        Assert.Contains("at ledger 7, bookie b:1", write.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_error_has_a_code_of_the_ledger_contract_and_a_sentence()
    {
        foreach (var error in Enum.GetValues<BookKeeperError>())
        {
            var exception = new BookKeeperException(error, "it went wrong");
            Assert.True(Enum.IsDefined(exception.Code));
            Assert.Equal($"{error}: it went wrong.", exception.Message);
        }
        Assert.Equal(ErrorCode.VersionMismatch, new BookKeeperException(BookKeeperError.MetadataVersion, "x").Code);
        Assert.Equal(ErrorCode.Corrupted, new BookKeeperException(BookKeeperError.DigestMismatch, "x").Code);
    }
}
