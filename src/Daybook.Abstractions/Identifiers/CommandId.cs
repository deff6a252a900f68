namespace Daybook;

/// <summary>
/// The identity of one intention of a client. Sent twice it has one effect and one outcome (must-hold J5), as long as it is within the
/// command window (<c>DaybookOptions.CommandWindow</c>).
/// </summary>
/// <param name="Value">Any unique value; time-ordered ones (version 7) are kindest to caches. The empty one is refused.</param>
public readonly record struct CommandId(Guid Value)
{
    /// <summary>True for the default value, which names no command.</summary>
    public bool IsEmpty => Value == Guid.Empty;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("D");
}
