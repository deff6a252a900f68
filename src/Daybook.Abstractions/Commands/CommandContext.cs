namespace Daybook;

/// <summary>What a handler may know besides its command and states; ask for it as a parameter. The only clock a pure handler has.</summary>
/// <param name="CommandId">The command being decided.</param>
/// <param name="Time">When, by the owner's clock, in UTC; the time the events will carry.</param>
/// <param name="Tenant">On whose behalf; null when not given.</param>
public readonly record struct CommandContext(CommandId CommandId, DateTimeOffset Time, string? Tenant);
