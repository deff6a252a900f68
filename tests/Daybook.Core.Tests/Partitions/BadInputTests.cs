using Daybook.Core.Tests.Engine;

namespace Daybook.Core.Tests.Partitions;

/// <summary>Each bad input is refused by name, and nothing is written.</summary>
public sealed class BadInputTests
{
    private static readonly string s_long = new('x', 300);

    public static TheoryData<string, ErrorCode, string> Cases => new()
    {
        { "empty id", ErrorCode.InvalidArgument, "command id" },
        { "unknown command", ErrorCode.UnknownType, $"{nameof(Unheard)}'; add it with AddHandlersFrom<T> or AddHandlers" },
        { "unknown aggregate", ErrorCode.UnknownType, $"{nameof(Unheard)}'; add it with AddAggregate<T>" },
        { "null key", ErrorCode.InvalidArgument, "key" },
        { "empty key", ErrorCode.InvalidArgument, "empty" },
        { "long key", ErrorCode.InvalidArgument, "307 characters" },
        { "control character", ErrorCode.InvalidArgument, "U+0001" },
        { "broken text", ErrorCode.InvalidArgument, "U+D800" },
        { "same stream twice", ErrorCode.InvalidArgument, "'wallet/a' twice" },
        { "too many streams", ErrorCode.InvalidArgument, nameof(DaybookOptions.MaxStreamsPerTransaction) },
        { "no streams", ErrorCode.InvalidArgument, nameof(Spread.To) },
        { "version of a transaction", ErrorCode.InvalidArgument, "expected version" },
        { "long correlation", ErrorCode.InvalidArgument, nameof(CommandOptions.CorrelationId) },
        { "no events", ErrorCode.InvalidArgument, "at least one event" },
        { "event without type", ErrorCode.InvalidArgument, "event type" },
        { "event too large", ErrorCode.TooLarge, nameof(DaybookOptions.MaxRecordBytes) },
        { "record too large", ErrorCode.TooLarge, nameof(DaybookOptions.MaxRecordBytes) },
        { "default stream", ErrorCode.InvalidArgument, "stream id" },
        { "version to come", ErrorCode.InvalidArgument, "version 9" },
        { "position to wait for", ErrorCode.InvalidArgument, "position 77@0 is not one of this book, which has 2 partitions" },
        { "position to skip", ErrorCode.InvalidArgument, "position 2@0 is not one of this book" },
        { "position of an outcome", ErrorCode.InvalidArgument, "position -1@0 is not one of this book" },
        { "partition to retry", ErrorCode.InvalidArgument, "no partition 77; the book has 2 partitions" },
        { "partition to truncate", ErrorCode.InvalidArgument, "no partition 77; the book has 2 partitions" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task J10_bad_input_is_refused_by_name_and_nothing_is_written(string what, ErrorCode code, string named)
    {
        await using var book = await Books.OpenAsync(options: o => (o.Partitions, o.MaxRecordBytes) = (2, 64 * 1024));
        await book.Send(new Open("a", int.MaxValue));
        await book.Send(new Change("a", 5000));
        var before = book.Partitions.Select(p => p.Head).ToArray();
        var refused = await Assert.ThrowsAnyAsync<DaybookException>(() => DoAsync(book, what));
        Assert.Equal(code, refused.Code);
        Assert.Contains(named, refused.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(before, book.Partitions.Select(p => p.Head));
        Assert.IsType<Outcome.Accepted>(await book.Send(new Change("a", 1)));
    }

    private static Task DoAsync(Book book, string what) => what switch
    {
        "empty id" => book.SendAsync(new Change("a", 1), default).AsTask(),
        "unknown command" => book.Send(new Unheard("a")).AsTask(),
        "unknown aggregate" => book.ReadAsync<Unheard>("a").AsTask(),
        "null key" => book.Send(new Change(null!, 1)).AsTask(),
        "empty key" => book.Send(new Change("", 1)).AsTask(),
        "long key" => book.Send(new Change(s_long, 1)).AsTask(),
        "control character" => book.Send(new Change("a\u0001", 1)).AsTask(),
        "broken text" => book.Send(new Change("a\uD800", 1)).AsTask(),
        "same stream twice" => book.Send(new Move("a", "a", 1)).AsTask(),
        "too many streams" => book.Send(new Spread("a", [.. Enumerable.Range(0, 100).Select(i => $"n{i}")], 1)).AsTask(),
        "no streams" => book.Send(new Spread("a", null!, 1)).AsTask(),
        "version of a transaction" => book.SendAsync(
            new Move("a", "b", 1), Books.NewId(), new CommandOptions { ExpectedVersion = ExpectedVersion.NoStream }).AsTask(),
        "long correlation" => book.SendAsync(new Change("a", 1), Books.NewId(), new CommandOptions { CorrelationId = s_long }).AsTask(),
        "no events" => AppendAsync(book, new StreamId("raw/a")),
        "event without type" => AppendAsync(book, new StreamId("raw/a"), new EventData("", new byte[1])),
        "event too large" => AppendAsync(book, new StreamId("raw/a"), new EventData("raw", new byte[65 * 1024])),
        "record too large" => AppendAsync(book, new StreamId("raw/a"), new EventData("raw", new byte[40 * 1024]), new EventData("raw", new byte[40 * 1024])),
        "default stream" => AppendAsync(book, default, new EventData("raw", new byte[1])),
        "position to wait for" => book.Projections.WaitForAsync("any", At(77)).AsTask(),
        "position to skip" => Task.Run(() => book.Projections.Skip("any", At(2))),
        "position of an outcome" => book.PositionsOfAsync(new Outcome.Accepted(Books.NewId(), At(-1), default)).AsTask(),
        "partition to retry" => Task.Run(() => book.Projections.Retry("any", new PartitionId(77))),
        "partition to truncate" => book.TruncateAsync(new PartitionId(77), default).AsTask(),
        _ => book.ReadAsync<Wallet>("a", new StreamVersion(9)).AsTask(),
    };

    private static Position At(int partition) => new(new PartitionId(partition), default);

    private static Task<Outcome> AppendAsync(Book book, StreamId stream, params EventData[] events) =>
        book.Streams.AppendAsync(stream, ExpectedVersion.Any, events, Books.NewId()).AsTask();
}

public sealed record Unheard(string Wallet);
