namespace Daybook.Bookie.Storage;

/// <summary>
/// Blocks in memory: all that are not durable yet, and recently read or written ones up to a number of bytes. Guarded by the mutex of
/// the service. Use its blocks only while holding the mutex, because the arrays of written blocks are reused.
/// </summary>
internal sealed class BlockCache(long capacity)
{
    private readonly Dictionary<BlockId, Block> _written = [];
    private readonly Dictionary<BlockId, ReadOnlyMemory<byte>> _read = [];
    private readonly Queue<BlockId> _order = new();
    private readonly Stack<Block> _spare = new();
    private long _bytes;

    public bool TryGet(BlockId id, out ReadOnlyMemory<byte> data)
    {
        if (_written.TryGetValue(id, out var block))
        {
            data = block.Data;
            return true;
        }
        return _read.TryGetValue(id, out data);
    }

    /// <summary>A block object to fill, possibly a reused one.</summary>
    public Block Take() => _spare.TryPop(out var block) ? block : new Block();

    /// <summary>Adds a block that is being written; it stays until <see cref="Settle"/>.</summary>
    public void Hold(Block block) => _written[block.Id] = block;

    /// <summary>Marks a block as durable, so that it may be evicted. A block that failed is evicted immediately.</summary>
    public void Settle(Block block, bool isDurable)
    {
        if (isDurable)
            Count(block.Id, block.Length);
        else
            _written.Remove(block.Id);
    }

    public void Put(BlockId id, ReadOnlyMemory<byte> data)
    {
        if (_written.ContainsKey(id) || !_read.TryAdd(id, data))
            return;
        Count(id, data.Length);
    }

    private void Count(BlockId id, int length)
    {
        _order.Enqueue(id);
        _bytes += length;
        while (_bytes > capacity && _order.Count > 1)
            Drop(_order.Dequeue());
    }

    private void Drop(BlockId id)
    {
        if (_written.Remove(id, out var block))
        {
            _bytes -= block.Length;
            if (_spare.Count < 64)
                _spare.Push(block);
        }
        else if (_read.Remove(id, out var data))
            _bytes -= data.Length;
    }
}
