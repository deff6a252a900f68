using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Daybook.BookKeeper.Connections;
using Daybook.BookKeeper.Tests.Wire;
using Daybook.BookKeeper.Wire;
using Daybook.BookKeeper.Wire.Proto;
using Daybook.BookKeeper.Wire.V2;
using Daybook.BookKeeper.Wire.V3;

namespace Daybook.BookKeeper.Tests.Connections;

/// <summary>The bookie's end of one connection. As with real ones, the first frame that is not v3 makes it a connection of v2.</summary>
internal sealed class FakeConnection(Socket socket, X509Certificate2? certificate, ChannelWriter<FakeRequest> requests, CancellationToken end) : IAsyncDisposable
{
    private Stream _stream = new NetworkStream(socket, ownsSocket: true);
    private Task _reading = Task.CompletedTask;
    private bool _isV2;

    /// <summary>Completes when the client has closed the connection.</summary>
    public Task Closed => _reading;

    public bool IsEncrypted => _stream is SslStream;

    public void Start() => _reading = ReadAllAsync();

    public async Task SendAsync(byte[] bytes)
    {
        await _stream.WriteAsync(bytes, end);
        await _stream.FlushAsync(end);
    }

    public Task SendAsync(Action<IBufferWriter<byte>> write) => SendAsync(Probe.Written(write));

    /// <summary>Stops in the middle of any work, or after the answers already sent.</summary>
    public async Task CloseAsync(bool gracefully = false)
    {
        if (gracefully)
        {
            socket.Shutdown(SocketShutdown.Send);
            return;
        }
        socket.LingerState = new LingerOption(true, 0);
        await _stream.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        await _reading;
    }

    private async Task ReadAllAsync()
    {
        try
        {
            var receiver = new FrameReceiver(_stream, Frames.DefaultMaxSize);
            while (true)
            {
                await receiver.ReceiveAsync(end);
                while (receiver.TryTake(out var frame, out _))
                {
                    var request = Decode(frame.ToArray());
                    if (request.V3?.Header.Operation == OperationType.StartTls && certificate is not null)
                        receiver = await StartTlsAsync(request);
                    else
                        requests.TryWrite(request);
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException or AuthenticationException)
        {
        }
    }

    private FakeRequest Decode(byte[] frame)
    {
        if (!_isV2)
        {
            try
            {
                return new FakeRequest(this, frame, V3Request.Decode(frame), null);
            }
            catch (MalformedFrameException)
            {
                _isV2 = true;
            }
        }
        return new FakeRequest(this, frame, null, V2Requests.Decode(frame));
    }

    private async Task<FrameReceiver> StartTlsAsync(FakeRequest request)
    {
        await request.AnswerAsync(r => r.StartTLSResponse = new StartTLSResponse());
        var encrypted = new SslStream(_stream);
        await encrypted.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, end);
        _stream = encrypted;
        return new FrameReceiver(encrypted, Frames.DefaultMaxSize);
    }
}

/// <summary>A request that a fake bookie got; one of the two is present.</summary>
internal sealed record FakeRequest(FakeConnection Connection, byte[] Frame, V3Request? V3, V2Request? V2)
{
    public EntryId Entry => (V3?.Add?.Entry ?? V2?.Add?.Entry ?? V3?.Read?.Entry ?? V2?.Read?.Entry)!.Value;

    /// <summary>The frame with its prefix, in hexadecimal.</summary>
    public string Hex => $"{Frame.Length:x8}{Probe.Hex(Frame)}";

    /// <summary>Answers what was asked, with a status, and for reads with a body.</summary>
    public Task AnswerAsync(BookieStatus status = BookieStatus.Ok, byte[]? body = null) => this switch
    {
        { V3: { Add: { } add } v3 } => Connection.SendAsync(b => V3Responses.WriteAdd(b, v3.Header, new(status, add.Ledger, add.Entry))),
        { V3: { Read: { } read } v3 } => Connection.SendAsync(b => V3Responses.WriteRead(b, v3.Header, new(status, read.Ledger, read.Entry, body))),
        { V2.Add: { } add } => Connection.SendAsync(b => V2Responses.WriteAdd(b, new(status, add.Ledger, add.Entry))),
        { V2.Read: { } read } => Connection.SendAsync(b => V2Responses.WriteRead(b, new(status, read.Ledger, read.Entry, body))),
        _ => throw new InvalidOperationException("Specify the answer."),
    };

    /// <summary>Answers over v3 with the generated types.</summary>
    public Task AnswerAsync(Action<Response> fill)
    {
        var response = new Response
        {
            Header = new BKPacketHeader { Version = ProtocolVersion.VersionThree, Operation = V3!.Value.Header.Operation, TxnId = V3.Value.Header.Transaction },
            Status = StatusCode.Eok,
        };
        fill(response);
        return Connection.SendAsync(b => V3Requests.Write(b, response));
    }
}
