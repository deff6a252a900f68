using System.Buffers.Binary;
using Daybook.Embedded.Store.Format;
using Daybook.Files;
using Daybook.Servers.Files;

namespace Daybook.Embedded.Tests.Support;

/// <summary>
/// Watches what a store has flushed, of files and of their names, and notes each record that claims more than that, and each write of a
/// record to a file whose name a power loss could still take away.
/// </summary>
internal sealed class FlushWitness(IFileSystem inner) : FileSystemDecorator(inner)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _flushed = [];
    private readonly HashSet<string> _namesInDanger = [];
    private readonly List<string> _violations = [];

    public IReadOnlyList<string> Violations
    {
        get
        {
            lock (_lock)
                return [.. _violations];
        }
    }

    /// <summary>How many records were looked at, and how many of them claimed that something was durable.</summary>
    public (int Records, int Claims) Seen { get; private set; }

    public override IFile Open(string path, bool create)
    {
        if (create)
        {
            lock (_lock)
                _flushed.Remove(path);
            Endanger(path);
        }
        return new WatchedFile(this, base.Open(path, create), path);
    }

    public override void Delete(string path)
    {
        base.Delete(path);
        lock (_lock)
        {
            _namesInDanger.Remove(path);
            _flushed.Remove(path);
        }
    }

    public override void Rename(string from, string to)
    {
        base.Rename(from, to);
        Endanger(to);
        lock (_lock)
        {
            _namesInDanger.Remove(from);
            _flushed[to] = _flushed.GetValueOrDefault(from);
        }
    }

    public override void SyncDirectory(string path)
    {
        base.SyncDirectory(path);
        lock (_lock)
            _namesInDanger.RemoveWhere(name => Path.GetDirectoryName(name) == path);
    }

    private void Endanger(string path)
    {
        lock (_lock)
            _namesInDanger.Add(path);
    }

    /// <summary>Walks over the records of a write to a segment (docs/ledger-format.md, "Record").</summary>
    private void Check(string path, long offset, byte[] bytes)
    {
        if (!path.EndsWith(".log", StringComparison.Ordinal))
            return;
        lock (_lock)
        {
            if (_namesInDanger.Contains(path))
                _violations.Add($"S4: '{path}' is written at {offset} before its name is durable");
            for (var at = offset == 0 ? SegmentHeader.Size : 0; at + RecordHeader.Size <= bytes.Length;)
            {
                var claimed = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 32));
                Seen = (Seen.Records + 1, Seen.Claims + (claimed > 0 ? 1 : 0));
                if (claimed > _flushed.GetValueOrDefault(path))
                    _violations.Add($"S4: the record at {offset + at} of '{path}' claims {claimed}, {_flushed.GetValueOrDefault(path)} is flushed");
                at += (int)RecordHeader.SizeOf(BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + 4)));
            }
        }
    }

    private sealed class WatchedFile(FlushWitness witness, IFile file, string path) : FileDecorator(file)
    {
        private long _end;

        public override void Write(long offset, IReadOnlyList<ReadOnlyMemory<byte>> buffers)
        {
            byte[] bytes = [.. buffers.SelectMany(buffer => buffer.ToArray())];
            witness.Check(path, offset, bytes);
            base.Write(offset, buffers);
            _end = Math.Max(_end, offset + bytes.Length);
        }

        public override void SetLength(long length)
        {
            base.SetLength(length);
            lock (witness._lock)
                witness._flushed[path] = Math.Min(witness._flushed.GetValueOrDefault(path), length);
        }

        public override void Sync()
        {
            base.Sync();
            lock (witness._lock)
                witness._flushed[path] = Math.Max(witness._flushed.GetValueOrDefault(path), _end);
        }
    }
}
