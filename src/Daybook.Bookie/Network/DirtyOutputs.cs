namespace Daybook.Bookie.Network;

/// <summary>The outputs with answers not yet flushed. Guarded by the mutex of the service.</summary>
internal sealed class DirtyOutputs
{
    private List<Output> _outputs = [];

    public void Add(Output output) => _outputs.Add(output);

    /// <summary>Removes and returns them; flush them after releasing the mutex.</summary>
    public IReadOnlyList<Output> Take()
    {
        if (_outputs.Count == 0)
            return [];
        var taken = _outputs;
        _outputs = new List<Output>(taken.Count);
        foreach (var output in taken)
            output.Untouch();
        return taken;
    }
}
