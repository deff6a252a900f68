using System.Data.Common;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Daybook.Projections;

namespace Daybook.Core.Tests.Projections;

/// <summary>The one table of what is retried, what parks and what stops.</summary>
public sealed partial class ProjectionFailureTests
{
    public static TheoryData<Exception, FailureKind> Examples => new()
    {
        { new TimeoutException(), FailureKind.Retry },
        { new EndOfStreamException(), FailureKind.Retry },
        { new SocketException((int)SocketError.HostNotFound), FailureKind.Retry },
        { new TaskCanceledException(), FailureKind.Retry },
        { new ObjectDisposedException("a connector"), FailureKind.Retry },
        { new AggregateException(new AggregateException(new IOException())), FailureKind.Retry },
        { new AggregateException(new IOException(), new InvalidOperationException()), FailureKind.RetryThenPark },
        { new AggregateException(new IOException(), new DaybookException(ErrorCode.StaleEpoch, "overtaken")), FailureKind.Stop },
        { new ServerError("40001"), FailureKind.Retry },
        { new ServerError("40P01"), FailureKind.Retry },
        { new ServerError("53100"), FailureKind.Retry },
        { new ServerError("53300"), FailureKind.Retry },
        { new ServerError("55P03"), FailureKind.Retry },
        { new ServerError("57014"), FailureKind.Retry },
        { new ServerError("57P01"), FailureKind.Retry },
        { new ServerError("57P03"), FailureKind.Retry },
        { new ServerError("08006"), FailureKind.Retry },
        { new ServerError("25006"), FailureKind.Retry },
        { new ServerError("28P01"), FailureKind.RetryThenPark },
        { new ServerError("3D000"), FailureKind.RetryThenPark },
        { new ServerError("42501"), FailureKind.RetryThenPark },
        { new ServerError("XX000"), FailureKind.RetryThenPark },
        { new ServerError(null, new IOException()), FailureKind.Retry },
        { new ServerError(null, new ObjectDisposedException("a stream")), FailureKind.Retry },
        { new ServerError(null, new System.Security.Authentication.AuthenticationException()), FailureKind.RetryThenPark },
        { new InvalidOperationException(), FailureKind.RetryThenPark },
        { new DaybookException(ErrorCode.HandlerFailed, "unknown to the table"), FailureKind.RetryThenPark },
        { new DaybookException(ErrorCode.OtherBook, "another book"), FailureKind.Stop },
    };

    [Theory]
    [MemberData(nameof(Examples))]
    public void Failure_means_what_the_table_has(Exception error, FailureKind kind) => Assert.Equal(kind, ProjectionFailures.Of(error));

    [Fact]
    public void Documentation_shows_the_table_of_the_code()
    {
        var words = new Dictionary<FailureKind, string>
        {
            [FailureKind.Retry] = "retries", [FailureKind.RetryThenPark] = "retries, then parks", [FailureKind.Park] = "parks", [FailureKind.Stop] = "stops",
        };
        var code = ProjectionFailures.Table.Select(row => $"{row.Cause}: {string.Join(' ', row.Names)}: {words[row.Kind]}");

        var page = File.ReadLines(Path.Combine(Root(), "docs", "projections.md"))
            .SkipWhile(l => !l.StartsWith("| what fails |", StringComparison.Ordinal)).Skip(2).TakeWhile(l => l.StartsWith('|'))
            .Select(l => l.Split('|', StringSplitOptions.TrimEntries)[1..4])
            .Select(c => $"{c[0]}: {string.Join(' ', Names().Matches(c[1]).Select(m => m.Groups[1].Value))}: {c[2]}");

        Assert.Equal(code, page);
    }

    [Fact]
    public void Every_error_code_of_the_table_exists()
    {
        var codes = ProjectionFailures.Table.SelectMany(row => row.Names).Where(n =>
            char.IsAsciiLetterUpper(n[0]) && !n.Contains('_') && !n.EndsWith("Exception", StringComparison.Ordinal) && n.Length != 5);
        Assert.All(codes, code => Assert.True(Enum.TryParse<ErrorCode>(code, out _), code));
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Framework.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Names();

    private sealed class ServerError(string? state, Exception? inner = null) : DbException("failed", inner)
    {
        public override string? SqlState => state;
    }
}
