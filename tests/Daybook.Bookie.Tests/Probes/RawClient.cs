using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Daybook.BookKeeper.Digests;
using Daybook.BookKeeper.Wire;
using Daybook.BookKeeper.Wire.Proto;
using Daybook.BookKeeper.Wire.V3;
using AddRequest = Daybook.BookKeeper.Wire.AddRequest;
using ReadRequest = Daybook.BookKeeper.Wire.ReadRequest;

namespace Daybook.Bookie.Tests.Probes;

/// <summary>A connection that sends and receives frames as they are.</summary>
internal sealed class RawClient : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly TcpClient _tcp = new() { NoDelay = true };
    private readonly ArrayBufferWriter<byte> _output = new();
    private ulong _transaction = 1000;
    private NetworkStream _stream = null!;

    /// <summary>SHA1("ledger" + "secret").</summary>
    public static byte[] Key { get; } = Convert.FromHexString("e793cbc379107648537183605cd361d3bb789a39");

    public static async Task<RawClient> ConnectAsync(int port)
    {
        var client = new RawClient();
        await client._tcp.ConnectAsync(IPAddress.Loopback, port);
        client._stream = client._tcp.GetStream();
        return client;
    }

    /// <summary>An entry as a client packages it, with a digest of CRC32C.</summary>
    public static byte[] Entry(long ledger, long entry, long lac, byte[] payload, long length = 5)
    {
        var digest = EntryDigest.Of(BookKeeper.DigestType.Crc32C, []);
        var packaged = PackagedEntry.Seal(new EntryHeader(new LedgerId(ledger), new EntryId(entry), new EntryId(lac), length), payload, digest);
        return [.. packaged.Head.Span, .. packaged.Payload.Span];
    }

    public static AddRequest AddOf(long ledger, byte[] body, AddOptions options = AddOptions.None, byte[]? key = null)
    {
        var header = EntryHeader.Read(body);
        return new AddRequest(new LedgerId(ledger), header.Entry, key ?? Key, new PackagedEntry(body, default), options);
    }

    public Task SendAsync(byte[] bytes) => _stream.WriteAsync(bytes).AsTask();

    /// <summary>The payload of the next frame.</summary>
    public async Task<byte[]> ReceiveAsync()
    {
        using var patience = new CancellationTokenSource(s_patience);
        var prefix = new byte[4];
        await _stream.ReadExactlyAsync(prefix, patience.Token);
        var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix)];
        await _stream.ReadExactlyAsync(frame, patience.Token);
        return frame;
    }

    /// <summary>Whether the bookie closed the connection; one that it resets is an <see cref="IOException"/>.</summary>
    public async Task<bool> IsClosedAsync()
    {
        using var patience = new CancellationTokenSource(s_patience);
        return await _stream.ReadAsync(new byte[1], patience.Token) == 0;
    }

    public async Task<byte[]> ExchangeAsync(byte[] bytes)
    {
        await SendAsync(bytes);
        return await ReceiveAsync();
    }

    /// <summary>Sends a request and takes the answer.</summary>
    /// <param name="write">Writes the request.</param>
    /// <param name="spoil">Changes its bytes before they are sent.</param>
    public async Task<V3Response> AskAsync(Action<IBufferWriter<byte>> write, Action<byte[]>? spoil = null)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        var bytes = output.WrittenSpan.ToArray();
        spoil?.Invoke(bytes);
        await SendAsync(bytes);
        return V3Response.Decode(await ReceiveAsync());
    }

    public Task WriteAsync(Action<IBufferWriter<byte>> write)
    {
        _output.ResetWrittenCount();
        write(_output);
        return _stream.WriteAsync(_output.WrittenMemory).AsTask();
    }

    public Task<V3Response> AddAsync(AddRequest request) => AskAsync(output => V3Requests.WriteAdd(output, _transaction++, request));

    public Task<V3Response> AddAsync(long ledger, long entry, long lac = -1, AddOptions options = AddOptions.None, byte[]? payload = null) =>
        AddAsync(AddOf(ledger, Entry(ledger, entry, lac, payload ?? "hello"u8.ToArray()), options));

    public Task<V3Response> ReadAsync(ReadRequest request) => AskAsync(output => V3Requests.WriteRead(output, _transaction++, request));

    public Task<V3Response> ReadAsync(long ledger, long entry) => ReadAsync(new ReadRequest(new LedgerId(ledger), new EntryId(entry)));

    public Task<V3Response> FenceAsync(long ledger, long entry = -1, byte[]? key = null) =>
        ReadAsync(new ReadRequest(new LedgerId(ledger), new EntryId(entry), ReadOptions.Fence, key ?? Key));

    public Task<V3Response> OtherAsync(OperationType operation, Action<Request>? fill = null) => AskAsync(output =>
    {
        var request = new Request
        {
            Header = new BKPacketHeader { Version = ProtocolVersion.VersionThree, Operation = operation, TxnId = _transaction++ },
        };
        fill?.Invoke(request);
        V3Requests.Write(output, request);
    });

    public Task<V3Response> WriteLacAsync(long ledger, long lac)
    {
        var body = new byte[20];
        BinaryPrimitives.WriteInt64BigEndian(body, ledger);
        BinaryPrimitives.WriteInt64BigEndian(body.AsSpan(8), lac);
        return OtherAsync(OperationType.WriteLac, request => request.WriteLacRequest = new WriteLacRequest
        {
            LedgerId = ledger, Lac = lac, MasterKey = Google.Protobuf.ByteString.CopyFrom(Key), Body = Google.Protobuf.ByteString.CopyFrom(body),
        });
    }

    public Task<V3Response> ReadLacAsync(long ledger) =>
        OtherAsync(OperationType.ReadLac, request => request.ReadLacRequest = new ReadLacRequest { LedgerId = ledger });

    public Task<V3Response> ForceAsync(long ledger) =>
        OtherAsync(OperationType.ForceLedger, request => request.ForceLedgerRequest = new ForceLedgerRequest { LedgerId = ledger });

    public Task<V3Response> ListAsync(long ledger) => OtherAsync(
        OperationType.GetListOfEntriesOfLedger,
        request => request.GetListOfEntriesOfLedgerRequest = new GetListOfEntriesOfLedgerRequest { LedgerId = ledger });

    public void Dispose() => _tcp.Dispose();
}
