using System.Net.Security;
using System.Net.Sockets;
using Daybook.BookKeeper.Wire;
using Daybook.BookKeeper.Wire.Proto;
using Daybook.BookKeeper.Wire.V3;
using Daybook.ZooKeeper.Connecting;

namespace Daybook.BookKeeper.Connections;

/// <summary>Opens a stream of bytes to a bookie, encrypted if so configured.</summary>
internal static class Transport
{
    /// <exception cref="MalformedFrameException">The bookie refuses to encrypt, or answers something else.</exception>
    public static async Task<Stream> OpenAsync(string host, int port, BookKeeperOptions options, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, cancellationToken).ConfigureAwait(false);
            var plain = new NetworkStream(socket, ownsSocket: true);
            return options.Tls is { } tls ? await EncryptAsync(plain, host, tls, options.MaxFrameBytes, cancellationToken).ConfigureAwait(false) : plain;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<Stream> EncryptAsync(
        NetworkStream plain, string host, SslClientAuthenticationOptions tls, int maxFrameBytes, CancellationToken cancellationToken)
    {
        var output = new OutputBuffer();
        V3Requests.Write(output, new Request
        {
            Header = new BKPacketHeader { Version = ProtocolVersion.VersionThree, Operation = OperationType.StartTls, TxnId = 0 },
            StartTLSRequest = new StartTLSRequest(),
        });
        await plain.WriteAsync(output.Take()![0], cancellationToken).ConfigureAwait(false);
        output.Sent();

        // Exactly one frame is read: what follows belongs to the handshake.
        var prefix = new byte[Frames.PrefixSize];
        await plain.ReadExactlyAsync(prefix, cancellationToken).ConfigureAwait(false);
        var frame = new byte[Frames.ReadLength(prefix, maxFrameBytes)];
        await plain.ReadExactlyAsync(frame, cancellationToken).ConfigureAwait(false);
        var response = V3Response.Decode(frame);
        if (response.Header.Operation != OperationType.StartTls || response.Status != BookieStatus.Ok)
            throw new MalformedFrameException($"The bookie answers START_TLS with {response.Header.Operation} {response.Status}; has it TLS switched on?");
        return await TlsStreams.EncryptAsync(plain, host, tls, cancellationToken).ConfigureAwait(false);
    }
}
