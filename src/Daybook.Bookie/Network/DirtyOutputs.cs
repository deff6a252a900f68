namespace Daybook.Bookie.Network;

/// <summary>The outputs that were written to and not yet flushed. Guarded by the gate of the service.</summary>
internal sealed class DirtyOutputs
{
    private List<Output> _outputs = [];

    public void Add(Output output) => _outputs.Add(output);

    /// <summary>Takes them off; to be flushed once the gate is left.</summary>
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
