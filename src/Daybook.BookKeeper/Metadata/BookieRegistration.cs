using System.Globalization;
using Daybook.BookKeeper.Metadata.Proto;
using Daybook.BookKeeper.Wire;
using Daybook.BookKeeper.Wire.V3;
using Google.Protobuf;

namespace Daybook.BookKeeper.Metadata;

/// <summary>What a bookie publishes about itself under <c>available</c> or <c>available/readonly</c>.</summary>
/// <param name="Bookie">Its name.</param>
/// <param name="Host">Where it listens.</param>
/// <param name="Port">Where it listens.</param>
internal sealed record BookieRegistration(BookieId Bookie, string Host, int Port)
{
    private const string EndpointId = "bookie";
    private const string EndpointProtocol = "bookie-rpc";

    /// <summary>Its other fields, such as its version.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    /// <summary>Reads the value of a node. Old bookies leave it empty; their name is then their address.</summary>
    /// <exception cref="BookKeeperException"><see cref="BookKeeperError.BadMetadata"/>.</exception>
    public static BookieRegistration Decode(BookieId bookie, ReadOnlyMemory<byte> value)
    {
        BookieServiceInfoFormat message;
        try
        {
            message = Generated.Parse(BookieServiceInfoFormat.Parser, value);
        }
        catch (MalformedFrameException e)
        {
            throw new BookKeeperException(BookKeeperError.BadMetadata, "its registration cannot be read", bookie: bookie, inner: e);
        }
        var endpoint = message.Endpoints.FirstOrDefault(e => e.Id == EndpointId) ?? message.Endpoints.FirstOrDefault(e => e.Protocol == EndpointProtocol);
        var (host, port) = endpoint is { Host.Length: > 0 } ? (endpoint.Host, endpoint.Port) : AddressIn(bookie);
        return port is > 0 and <= ushort.MaxValue
            ? new BookieRegistration(bookie, host, port) { Properties = new Dictionary<string, string>(message.Properties) }
            : throw new BookKeeperException(BookKeeperError.BadMetadata, "its registration names no address", bookie: bookie);
    }

    /// <summary>The value of this bookie's node.</summary>
    public byte[] Encode()
    {
        var message = new BookieServiceInfoFormat
        {
            Endpoints = { new BookieServiceInfoFormat.Types.Endpoint { Id = EndpointId, Port = Port, Host = Host, Protocol = EndpointProtocol } },
        };
        message.Properties.Add(Properties.ToDictionary());
        return message.ToByteArray();
    }

    /// <summary>The address in the name of a bookie, with port 0 if it has none.</summary>
    public static (string Host, int Port) AddressIn(BookieId bookie)
    {
        var colon = bookie.Value.LastIndexOf(':');
        return colon > 0 && int.TryParse(bookie.Value.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? (bookie.Value[..colon].Trim('[', ']'), port)
            : (bookie.Value, 0);
    }
}
