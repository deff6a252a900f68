namespace Daybook.Testing.Faults;

/// <summary>The bytes of a file: as a program sees them, and as the device has them. What differs does so by whole sectors.</summary>
internal sealed class SimulatedContent
{
    private const int SectorSize = 512;
    private readonly HashSet<long> _unsynced = [];
    private byte[] _durable = [];
    private long _durableLength;
    private byte[] _bytes = [];

    public long Length { get; private set; }

    public int Read(long offset, Span<byte> destination)
    {
        var count = (int)Math.Clamp(Length - offset, 0, destination.Length);
        _bytes.AsSpan((int)offset, count).CopyTo(destination);
        return count;
    }

    public void Write(long offset, ReadOnlySpan<byte> source)
    {
        if (source.IsEmpty)
            return;
        Extend(offset + source.Length);
        source.CopyTo(_bytes.AsSpan((int)offset));
        Touch(offset, offset + source.Length);
    }

    public void SetLength(long length)
    {
        if (length >= Length)
        {
            Extend(length);
            return;
        }
        _bytes.AsSpan((int)length, (int)(Length - length)).Clear();
        Touch(length, Length);
        Length = length;
    }

    public void Sync()
    {
        foreach (var sector in _unsynced)
            Keep(sector, SectorSize);
        _unsynced.Clear();
        _durableLength = Length;
    }

    /// <summary>A sync that fails: some sectors reached the device; the others never will, though they still read back.</summary>
    public void SyncPartly(Random random)
    {
        KeepSome(random);
        _unsynced.Clear();
    }

    /// <summary>Leaves what the device happens to have.</summary>
    public void Crash(Random random)
    {
        KeepSome(random);
        if (random.Next(2) == 0)
            _durableLength = Length;
        _unsynced.Clear();
        Array.Resize(ref _durable, (int)Math.Max(_durable.Length, _durableLength));
        _durable.AsSpan((int)_durableLength).Clear();
        (_bytes, Length) = ([.. _durable], _durableLength);
    }

    public void FlipBit(long offset, int bit)
    {
        _bytes[offset] ^= (byte)(1 << bit);
        if (offset < _durable.Length)
            _durable[offset] ^= (byte)(1 << bit);
    }

    private void Extend(long length)
    {
        if (length > _bytes.Length)
            Array.Resize(ref _bytes, (int)Math.Max(length, Math.Min(2L * _bytes.Length, length + (1 << 20))));
        Length = Math.Max(Length, length);
    }

    private void Touch(long from, long to)
    {
        for (var sector = from / SectorSize; sector * SectorSize < to; sector++)
            _unsynced.Add(sector);
    }

    private void KeepSome(Random random)
    {
        foreach (var sector in _unsynced.Order())
            Keep(sector, random.Next(4) switch { 0 or 1 => SectorSize, 2 => 0, _ => random.Next(SectorSize) });
    }

    private void Keep(long sector, int count)
    {
        var from = sector * SectorSize;
        count = (int)Math.Min(count, _bytes.Length - from);
        if (count <= 0)
            return;
        if (from + count > _durable.Length)
            Array.Resize(ref _durable, Math.Max(_bytes.Length, (int)from + count));
        _bytes.AsSpan((int)from, count).CopyTo(_durable.AsSpan((int)from));
    }
}
