using System.Net;
using System.Net.Security;
using System.Text;

namespace Daybook.ZooKeeper.Connecting;

/// <summary>Asks servers by the four-letter word <c>isro</c> whether they take writes, while the session is on a read-only one.</summary>
internal static class ReadWriteProbe
{
    public static async Task<bool> TakesWritesAsync(
        DnsEndPoint host, SslClientAuthenticationOptions? tls, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var stream = await Transport.OpenAsync(host, tls, either.Token).ConfigureAwait(false);
            await stream.WriteAsync("isro"u8.ToArray(), either.Token).ConfigureAwait(false);
            var answer = new byte[8];
            var length = await stream.ReadAtLeastAsync(answer, 2, throwOnEndOfStream: false, either.Token).ConfigureAwait(false);
            return Encoding.ASCII.GetString(answer, 0, length).StartsWith("rw", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or OperationCanceledException
            or System.Security.Authentication.AuthenticationException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }
}
