using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Daybook.ZooKeeper.Wire;

/// <summary>Writes the primitives of jute: big-endian numbers, length-prefixed buffers, text and lists, −1 for null.</summary>
internal sealed class JuteWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(128);

    public ReadOnlyMemory<byte> Written => _buffer.WrittenMemory;

    public int Length => _buffer.WrittenCount;

    public JuteWriter Int(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
        return this;
    }

    public JuteWriter Long(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
        return this;
    }

    public JuteWriter Bool(bool value)
    {
        _buffer.Write([value ? (byte)1 : (byte)0]);
        return this;
    }

    public JuteWriter Buffer(ReadOnlySpan<byte> value)
    {
        Int(value.Length);
        _buffer.Write(value);
        return this;
    }

    public JuteWriter Text(string value)
    {
        Int(Encoding.UTF8.GetByteCount(value));
        Encoding.UTF8.GetBytes(value, _buffer);
        return this;
    }

    public JuteWriter Texts(IReadOnlyCollection<string> values)
    {
        Int(values.Count);
        foreach (var value in values)
            Text(value);
        return this;
    }

    public JuteWriter Acl(IReadOnlyCollection<ZooKeeperAcl> entries)
    {
        Int(entries.Count);
        foreach (var entry in entries)
            Int((int)entry.Permissions).Text(entry.Scheme).Text(entry.Id);
        return this;
    }
}
