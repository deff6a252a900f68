namespace Daybook;

/// <summary>Where an event came from. Shared by all events of one command.</summary>
public sealed record EventMetadata
{
    /// <summary>The command that led to the event.</summary>
    public required CommandId CommandId { get; init; }

    /// <summary>When its owner decided it, by the owner's clock, in UTC with a resolution of 100 ns. For people; order comes from positions.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The message or command that caused this command; null when it has no known cause.</summary>
    public string? CausationId { get; init; }

    /// <summary>Shared by everything that belongs to one conversation; null when not given.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>On whose behalf; null when the application has no tenants.</summary>
    public string? Tenant { get; init; }

    /// <summary>The W3C <c>traceparent</c> of the sender; null when it was not traced.</summary>
    public string? TraceParent { get; init; }
}
