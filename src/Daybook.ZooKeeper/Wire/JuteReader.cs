using System.Buffers.Binary;
using System.Text;

namespace Daybook.ZooKeeper.Wire;

/// <summary>Reads the primitives of jute from one frame. Anything that does not fit the frame is a <see cref="MalformedFrameException"/>.</summary>
internal ref struct JuteReader(ReadOnlySpan<byte> frame)
{
    private ReadOnlySpan<byte> _rest = frame;

    public readonly int Remaining => _rest.Length;

    public int Int() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public long Long() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    public bool Bool() => Take(1)[0] != 0;

    /// <summary>Null is read as empty: the server makes no difference.</summary>
    public byte[] Buffer()
    {
        var length = Length();
        return length == 0 ? [] : Take(length).ToArray();
    }

    public string Text()
    {
        var length = Length();
        return length == 0 ? "" : Encoding.UTF8.GetString(Take(length));
    }

    public string[] Texts()
    {
        var texts = new string[Count(4)];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = Text();
        return texts;
    }

    public ZooKeeperAcl[] Acl()
    {
        var entries = new ZooKeeperAcl[Count(12)];
        for (var i = 0; i < entries.Length; i++)
            entries[i] = new ZooKeeperAcl((ZooKeeperPermissions)Int(), Text(), Text());
        return entries;
    }

    public NodeStat Stat() => new(
        Long(), Long(), Time(), Time(), Int(), Int(), Int(), Long(), Int(), Int(), Long());

    /// <summary>A length of a list whose items take at least the given number of bytes each, so that a lie cannot make us allocate.</summary>
    public int Count(int leastBytes)
    {
        var count = Length();
        if (count > _rest.Length / leastBytes)
            throw new MalformedFrameException($"A list of {count} items stands in a frame with {_rest.Length} bytes left.");
        return count;
    }

    private int Length() => Int() switch
    {
        -1 => 0,
        < 0 and var length => throw new MalformedFrameException($"A length of {length} stands in a frame."),
        var length => length,
    };

    private DateTimeOffset Time()
    {
        var milliseconds = Long();
        return milliseconds is >= -62_135_596_800_000 and <= 253_402_300_799_999
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : throw new MalformedFrameException($"A time of {milliseconds} ms stands in a frame.");
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length < 0 || length > _rest.Length)
            throw new MalformedFrameException($"A field of {length} bytes stands in a frame with {_rest.Length} bytes left.");
        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}

/// <summary>Bytes that no server should send; the connection is closed.</summary>
internal sealed class MalformedFrameException(string message) : Exception(message);
