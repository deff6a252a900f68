using System.Buffers;
using Daybook.BookKeeper.Tests.Wire;
using Daybook.BookKeeper.Wire;
using Daybook.BookKeeper.Wire.V2;
using Daybook.BookKeeper.Wire.V3;

namespace Daybook.BookKeeper.Tests.Connections;

/// <summary>Bytes that no bookie should send: never a hang, never a wrong answer, and the next connection works.</summary>
public sealed class MalformedAnswerTests
{
    [Theory]
    [InlineData("00000000")]
    [InlineData("ffffffff")]
    [InlineData("80000000")]
    [InlineData("00500001")]
    [InlineData("00000001ff")]
    [InlineData("000000040a020803")]
    [InlineData("00000003010203")]
    public async Task Bytes_that_are_no_answer_end_the_connection_and_all_that_waits(string bytes)
    {
        foreach (var protocol in Enum.GetValues<BookieProtocol>())
        {
            await EndsAsync(protocol, request => request.Connection.SendAsync(Convert.FromHexString(bytes)));
        }
    }

    [Fact]
    public Task Good_answer_to_an_add_without_a_message_is_malformed() => EndsAsync(BookieProtocol.V3, request => request.AnswerAsync(_ => { }));

    [Fact]
    public Task Status_below_zero_is_not_taken_for_ours() => EndsAsync(BookieProtocol.V3, request => request.AnswerAsync(BookieStatus.TimedOut));

    [Fact]
    public Task Return_code_that_v2_does_not_have_is_malformed() => EndsAsync(BookieProtocol.V2, request => request.Connection.SendAsync(
        Convert.FromHexString("0000001802010000" + "ffffffff" + $"{Asker.Ledger.Value:x16}" + "0000000000000000")));

    [Fact]
    public Task L17_answer_that_speaks_of_another_entry_is_malformed() => EndsAsync(BookieProtocol.V3, request => request.Connection.SendAsync(b =>
        V3Responses.WriteAdd(b, request.V3!.Value.Header, new AddResponse(BookieStatus.Ok, Asker.Ledger, new EntryId(9)))));

    [Fact]
    public Task L17_answer_that_speaks_of_another_ledger_is_malformed() => EndsAsync(BookieProtocol.V3, request => request.Connection.SendAsync(b =>
        V3Responses.WriteAdd(b, request.V3!.Value.Header, new AddResponse(BookieStatus.Ok, new LedgerId(1), new EntryId(0)))));

    [Fact]
    public Task L17_answer_over_v2_that_speaks_of_another_entry_is_malformed() => EndsAsync(BookieProtocol.V2, request => request.Connection.SendAsync(b =>
        V2Responses.WriteAdd(b, new AddResponse(BookieStatus.Ok, Asker.Ledger, new EntryId(9)))));

    [Fact]
    public Task Answer_to_a_transaction_that_never_was_is_malformed() => EndsAsync(BookieProtocol.V3, request => request.Connection.SendAsync(b =>
        V3Responses.WriteAdd(b, request.V3!.Value.Header with { Transaction = 77 }, new AddResponse(BookieStatus.Ok, Asker.Ledger, new EntryId(0)))));

    [Fact]
    public Task Answer_of_another_operation_is_malformed() => EndsAsync(BookieProtocol.V3, request => request.Connection.SendAsync(b =>
        V3Responses.WriteRead(
            b, request.V3!.Value.Header with { Operation = Daybook.BookKeeper.Wire.Proto.OperationType.ReadEntry },
            new ReadResponse(BookieStatus.Ok, Asker.Ledger, new EntryId(0)))));

    [Fact]
    public async Task Answer_given_twice_is_malformed_after_the_first_counted()
    {
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(bookie);
        asker.Add(bookie, 0, 0);
        asker.Add(bookie, 1, 1);
        var requests = await bookie.NextAsync(2);
        void Write(IBufferWriter<byte> b) => V3Responses.WriteAdd(b, requests[0].V3!.Value.Header, new AddResponse(BookieStatus.Ok, Asker.Ledger, new EntryId(0)));
        await requests[0].Connection.SendAsync(b =>
        {
            Write(b);
            Write(b);
        });

        Assert.Equal([BookieStatus.Ok, BookieStatus.Malformed], await asker.StatusesAsync(2));
        await requests[0].Connection.Closed;
    }

    [Fact]
    public async Task Connection_that_ends_within_a_frame_fails_what_waits()
    {
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(bookie);
        asker.Read(bookie, 0);
        var request = await bookie.NextAsync();
        var answer = Probe.Written(b => V3Responses.WriteRead(b, request.V3!.Value.Header, new ReadResponse(BookieStatus.Ok, Asker.Ledger, new EntryId(0), new byte[900])));
        await request.Connection.SendAsync(answer[..500]);
        await request.Connection.CloseAsync();

        Assert.Equal(BookieStatus.Unreachable, (await asker.NextAsync()).Status);
    }

    [Theory]
    [InlineData(BookieProtocol.V2, 1)]
    [InlineData(BookieProtocol.V2, 2)]
    [InlineData(BookieProtocol.V3, 3)]
    [InlineData(BookieProtocol.V3, 4)]
    public async Task Any_damage_to_answers_fails_requests_and_never_hangs_or_answers_twice(BookieProtocol protocol, int seed)
    {
        const int Rounds = 150;
        var random = new Random(seed);
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(o => o with { Protocol = protocol }, bookie);
        for (var round = 0; round < Rounds; round++)
        {
            asker.Add(bookie, round, 0);
            asker.Read(bookie, round, 1);
            var requests = await bookie.NextAsync(2);
            var damaged = Damage([.. requests.SelectMany(r => AnswerTo(r, random))], random);
            await requests[0].Connection.SendAsync(damaged);
            await requests[0].Connection.CloseAsync(gracefully: true);
            await asker.StatusesAsync(2);
            Assert.Equal(0, asker.Unread);
            await requests[0].Connection.Closed;
            asker.Time.Advance(TimeSpan.FromSeconds(3));
        }
        Assert.Equal(Rounds, bookie.Accepted);
    }

    private static byte[] AnswerTo(FakeRequest request, Random random) => request switch
    {
        { V3: { Add: { } add } v3 } => Probe.Written(b => V3Responses.WriteAdd(b, v3.Header, new(BookieStatus.Ok, add.Ledger, add.Entry))),
        { V3: { Read: { } read } v3 } => Probe.Written(b => V3Responses.WriteRead(b, v3.Header, new(BookieStatus.Ok, read.Ledger, read.Entry, new byte[random.Next(80)]))),
        { V2.Add: { } add } => Probe.Written(b => V2Responses.WriteAdd(b, new(BookieStatus.Ok, add.Ledger, add.Entry))),
        _ => Probe.Written(b => V2Responses.WriteRead(b, new(BookieStatus.Ok, request.V2!.Value.Read!.Value.Ledger, request.Entry, new byte[random.Next(80)]))),
    };

    private static byte[] Damage(byte[] bytes, Random random)
    {
        switch (random.Next(4))
        {
            case 0:
                return bytes[..random.Next(bytes.Length)];
            case 1:
                random.NextBytes(bytes.AsSpan(random.Next(bytes.Length)));
                return bytes;
            case 2:
                return [.. bytes[..random.Next(bytes.Length)], .. bytes];
            default:
                for (var i = random.Next(1, 5); i > 0; i--)
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
        }
    }

    private static async Task EndsAsync(BookieProtocol protocol, Func<FakeRequest, Task> answer)
    {
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(o => o with { Protocol = protocol }, bookie);
        asker.Add(bookie, 0, 0);
        asker.Read(bookie, 1, 1);
        var requests = await bookie.NextAsync(2);
        await answer(requests[0]);

        Assert.Equal([BookieStatus.Malformed, BookieStatus.Malformed], await asker.StatusesAsync(2));
        await requests[0].Connection.Closed;
        asker.Time.Advance(TimeSpan.FromSeconds(1));
        asker.Add(bookie, 0, 0);
        await (await bookie.NextAsync()).AnswerAsync();
        Assert.Equal(BookieStatus.Ok, (await asker.NextAsync()).Status);
        Assert.Equal((0, 2), (asker.Unread, bookie.Accepted));
    }
}
