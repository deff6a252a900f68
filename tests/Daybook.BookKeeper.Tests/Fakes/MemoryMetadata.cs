using System.Runtime.CompilerServices;
using Daybook.BookKeeper.Metadata;

namespace Daybook.BookKeeper.Tests.Fakes;

/// <summary>Metadata in memory, as bytes under compare-and-set. A test can hold calls up and fail them.</summary>
internal sealed class MemoryMetadata : ILedgerMetadataStore
{
    private readonly Dictionary<LedgerId, (byte[] Bytes, int Version)> _nodes = [];
    private readonly Dictionary<LedgerId, List<TaskCompletionSource>> _watches = [];
    private readonly Queue<LedgerId> _untold = [];
    private bool _tells = true;
    private long _nextId;

    /// <summary>Awaited before every read and write, with what is about to happen ("read", "write", "create", "delete"); throws to fail it before it is carried out.</summary>
    public Func<string, LedgerId, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>False while watchers are not notified of changes; missed changes are reported once it is true again.</summary>
    public bool TellsOfChanges
    {
        get => _tells;
        set
        {
            _tells = value;
            while (_tells && _untold.TryDequeue(out var ledger))
                Signal(ledger);
        }
    }

    /// <summary>How often metadata were read and watched.</summary>
    public int Watches { get; private set; }

    /// <summary>How often metadata were written, creations included.</summary>
    public int Writes { get; private set; }

    /// <summary>Counts writes, less the given number of earlier ones.</summary>
    public void ForgetWrites(int count) => Writes -= count;

    /// <summary>The value of a node, for tests that compare bytes; null when there is none.</summary>
    public byte[]? BytesOf(LedgerId ledger) => _nodes.TryGetValue(ledger, out var node) ? node.Bytes : null;

    public LedgerMetadata this[LedgerId ledger] => LedgerMetadataCodec.Decode(ledger, _nodes[ledger].Bytes);

    /// <summary>Overwrites the metadata unconditionally, as another client would.</summary>
    public void Put(LedgerMetadata metadata) => Store(metadata);

    public ValueTask<VersionedMetadata> CreateAsync(LedgerMetadata template, CancellationToken cancellationToken = default) =>
        CreateAtAsync(template with { Ledger = new LedgerId(_nextId++), CreationToken = 42 }, cancellationToken);

    public async ValueTask<VersionedMetadata> CreateAtAsync(LedgerMetadata metadata, CancellationToken cancellationToken = default)
    {
        await Before("create", metadata.Ledger);
        if (_nodes.ContainsKey(metadata.Ledger))
            throw new BookKeeperException(BookKeeperError.LedgerExists, "it exists", metadata.Ledger);
        return Store(metadata);
    }

    public async ValueTask<VersionedMetadata> ReadAsync(LedgerId ledger, CancellationToken cancellationToken = default)
    {
        await Before("read", ledger);
        return Find(ledger);
    }

    public async ValueTask<WatchedMetadata> ReadAndWatchAsync(LedgerId ledger, CancellationToken cancellationToken = default)
    {
        await Before("read", ledger);
        Watches++;
        return new WatchedMetadata(Find(ledger), Watch(ledger));
    }

    public async ValueTask<VersionedMetadata> WriteAsync(LedgerMetadata metadata, int expectedVersion, CancellationToken cancellationToken = default)
    {
        await Before("write", metadata.Ledger);
        return Find(metadata.Ledger).Version == expectedVersion
            ? Store(metadata)
            : throw new BookKeeperException(BookKeeperError.MetadataVersion, "somebody else changed the metadata", metadata.Ledger);
    }

    public async ValueTask DeleteAsync(LedgerId ledger, CancellationToken cancellationToken = default)
    {
        await Before("delete", ledger);
        _nodes.Remove(ledger);
        Signal(ledger);
    }

    public async IAsyncEnumerable<LedgerId> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        foreach (var ledger in _nodes.Keys.ToList())
            yield return ledger;
    }

    /// <summary>The sessions of all watchers of a ledger end; nothing has changed.</summary>
    public void EndWatches(LedgerId ledger) => Signal(ledger);

    private VersionedMetadata Find(LedgerId ledger) => _nodes.TryGetValue(ledger, out var node)
        ? new VersionedMetadata(LedgerMetadataCodec.Decode(ledger, node.Bytes), node.Version)
        : throw new BookKeeperException(BookKeeperError.NoSuchLedgerMetadata, "there is no such ledger", ledger);

    private VersionedMetadata Store(LedgerMetadata metadata)
    {
        Writes++;
        var version = _nodes.TryGetValue(metadata.Ledger, out var node) ? node.Version + 1 : 0;
        _nodes[metadata.Ledger] = (LedgerMetadataCodec.Encode(metadata), version);
        Signal(metadata.Ledger);
        return new VersionedMetadata(metadata, version);
    }

    /// <summary>Each watch has its own source, so that the continuations of several waiters are not all run together.</summary>
    private Task Watch(LedgerId ledger)
    {
        if (!_watches.TryGetValue(ledger, out var watches))
            _watches[ledger] = watches = [];
        watches.Add(new TaskCompletionSource());
        return watches[^1].Task;
    }

    private void Signal(LedgerId ledger)
    {
        if (!_tells)
            _untold.Enqueue(ledger);
        else if (_watches.Remove(ledger, out var watches))
            watches.ForEach(watch => watch.SetResult());
    }
}
