namespace Daybook;

/// <summary>The options of a command. Everything is optional.</summary>
public sealed record CommandOptions
{
    /// <summary>The default: no options.</summary>
    public static CommandOptions None { get; } = new();

    /// <summary>See <see cref="EventMetadata.CausationId"/>; at most 200 characters.</summary>
    public string? CausationId { get; init; }

    /// <summary>See <see cref="EventMetadata.CorrelationId"/>; at most 200 characters.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>See <see cref="EventMetadata.Tenant"/>; at most 200 characters.</summary>
    public string? Tenant { get; init; }

    /// <summary>The version at which a command for one aggregate must find it. Default: any. Refused for several aggregates.</summary>
    public ExpectedVersion ExpectedVersion { get; init; } = ExpectedVersion.Any;
}
