using System.Text;
using Daybook.BookKeeper.Metadata;

namespace Daybook.BookKeeper.Tests.Metadata;

public sealed class BookieNodeTests
{
    [Theory]
    [InlineData("10.0.0.1:3181", "10.0.0.1", 3181)]
    [InlineData("[::1]:3181", "::1", 3181)]
    public void Old_bookie_without_data_is_found_by_its_name(string id, string host, int port)
    {
        var registration = BookieRegistration.Decode(new BookieId(id), default);

        Assert.Equal((host, port), (registration.Host, registration.Port));
    }

    [Theory]
    [InlineData("bookie-0")]
    [InlineData("bookie-0:x")]
    [InlineData("bookie-0:70000")]
    public void Bookie_without_an_address_is_a_typed_error_that_names_it(string id)
    {
        var error = Assert.Throws<BookKeeperException>(() => BookieRegistration.Decode(new BookieId(id), default));

        Assert.Equal((BookKeeperError.BadMetadata, new BookieId(id)), (error.Error, error.Bookie));
    }

    [Fact]
    public void Registration_with_properties_comes_back()
    {
        var registration = new BookieRegistration(new BookieId("bookie-0"), "host", 1) { Properties = new Dictionary<string, string> { ["rack"] = "r1" } };
        var again = BookieRegistration.Decode(registration.Bookie, registration.Encode());

        Assert.Equal(("host", 1, "r1"), (again.Host, again.Port, again.Properties["rack"]));
    }

    [Fact]
    public void Cookie_comes_back_with_odd_characters()
    {
        var cookie = new BookieCookie("host:1", "/j \"q\" \\ é", "2\t/a\t/b", "779ec80e");

        Assert.Equal(cookie, BookieCookie.Decode(new BookieId("b"), cookie.Encode()));
        Assert.Equal(cookie with { InstanceId = null }, BookieCookie.Decode(new BookieId("b"), (cookie with { InstanceId = null }).Encode()));
        Assert.StartsWith("5\nbookieHost: \"host:1\"\n", Encoding.UTF8.GetString(cookie.Encode()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4\nbookieHost: \"h\"")]
    [InlineData("5\nbookieHost: \"h\"")]
    [InlineData("5\nbookieHost: h")]
    [InlineData("")]
    public void Cookie_that_makes_no_sense_is_a_typed_error(string text) => Assert.Equal(
        BookKeeperError.BadMetadata,
        Assert.Throws<BookKeeperException>(() => BookieCookie.Decode(new BookieId("b"), Encoding.UTF8.GetBytes(text))).Error);

    [Theory]
    [InlineData("1\norg.apache.bookkeeper.meta.HierarchicalLedgerManagerFactory:1")]
    [InlineData("2\norg.apache.bookkeeper.meta.HierarchicalLedgerManagerFactory:2")]
    [InlineData("2\ncom.example.Other:1")]
    [InlineData("")]
    public void Unknown_layout_is_a_typed_error(string text) => Assert.Equal(
        BookKeeperError.BadMetadata, Assert.Throws<BookKeeperException>(() => LedgerLayout.Decode(Encoding.UTF8.GetBytes(text))).Error);
}
