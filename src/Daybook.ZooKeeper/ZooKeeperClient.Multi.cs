using Daybook.ZooKeeper.Sessions;
using Daybook.ZooKeeper.Wire;

namespace Daybook.ZooKeeper;

public sealed partial class ZooKeeperClient
{
    /// <summary>Carries out several operations as one: all or nothing (invariant C9).</summary>
    /// <returns>A result for each operation, in order.</returns>
    /// <exception cref="ZooKeeperMultiException">One failed, and none was carried out; it names the operation.</exception>
    /// <exception cref="ZooKeeperException">Nothing is known of the outcome, or the request was refused as a whole.</exception>
    public async Task<IReadOnlyList<ZooKeeperResult>> MultiAsync(
        IReadOnlyList<ZooKeeperOperation> operations, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(operations);
        if (operations.Any(operation => operation is ZooKeeperOperation.GetData or ZooKeeperOperation.GetChildren))
            throw ZooKeeperException.BadArgument("A multi of writes cannot read; use MultiReadAsync.");
        var results = await SendManyAsync(OpCode.Multi, operations, cancellationToken).ConfigureAwait(false);
        var errors = results.Select(result => result.Error).ToArray();
        var cause = Array.FindIndex(errors, error => error is not (ZooKeeperError.None or ZooKeeperError.RuntimeInconsistency));
        return cause < 0 ? results : throw new ZooKeeperMultiException(operations[cause], cause, errors);
    }

    /// <summary>Reads several nodes in one request. Each has its own error; together they are no snapshot.</summary>
    public async Task<IReadOnlyList<ZooKeeperResult>> MultiReadAsync(
        IReadOnlyList<ZooKeeperOperation> operations, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(operations);
        if (operations.FirstOrDefault(operation => operation is not (ZooKeeperOperation.GetData or ZooKeeperOperation.GetChildren)) is { } write)
            throw ZooKeeperException.BadArgument($"A multi of reads cannot write '{write.Path}'; use MultiAsync.", write.Path);
        return await SendManyAsync(OpCode.MultiRead, operations, cancellationToken).ConfigureAwait(false);
    }

    private Task<IReadOnlyList<ZooKeeperResult>> SendManyAsync(
        OpCode code, IReadOnlyList<ZooKeeperOperation> operations, CancellationToken cancellationToken)
    {
        if (operations.Count == 0)
            throw ZooKeeperException.BadArgument("A multi needs at least one operation.");
        if (operations.Contains(null!))
            throw ZooKeeperException.BadArgument("An operation of the multi is null.");
        var body = new JuteWriter();
        foreach (var operation in operations)
        {
            operation.Check();
            body.Int((int)operation.Code).Bool(false).Int(-1);
            operation.WriteTo(body, operation.ServerPath(_session.Servers));
        }
        body.Int(-1).Bool(true).Int(-1);
        return SendAsync(
            () => new Request<IReadOnlyList<ZooKeeperResult>>(
                code, operations[0].Path, body.Written, (ref JuteReader r) => ReadResults(ref r, operations.Count)),
            cancellationToken);
    }

    private List<ZooKeeperResult> ReadResults(ref JuteReader reader, int expected)
    {
        var results = new List<ZooKeeperResult>();
        while (true)
        {
            var (code, isLast, _) = ((OpCode)reader.Int(), reader.Bool(), reader.Int());
            if (isLast)
                return results.Count == expected ? results : throw new MalformedFrameException($"A multi of {expected} operations got {results.Count} results.");
            results.Add(code switch
            {
                OpCode.Error => new ZooKeeperResult((ZooKeeperError)reader.Int()),
                OpCode.Create => new ZooKeeperResult(ZooKeeperError.None) { CreatedPath = Client(reader.Text()) },
                OpCode.Create2 or OpCode.CreateContainer or OpCode.CreateTtl =>
                    new ZooKeeperResult(ZooKeeperError.None) { CreatedPath = Client(reader.Text()), Stat = reader.Stat() },
                OpCode.SetData => new ZooKeeperResult(ZooKeeperError.None) { Stat = reader.Stat() },
                OpCode.Delete or OpCode.Check => new ZooKeeperResult(ZooKeeperError.None),
                OpCode.GetData => new ZooKeeperResult(ZooKeeperError.None) { Data = new NodeData(reader.Buffer(), reader.Stat()) },
                OpCode.GetChildren => new ZooKeeperResult(ZooKeeperError.None) { Children = reader.Texts() },
                _ => throw new MalformedFrameException($"A multi was answered with an operation {(int)code}."),
            });
        }
    }
}
