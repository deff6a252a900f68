using System.Text.Json;
using System.Text.Json.Serialization;

namespace Daybook.Core.Journals;

/// <summary>
/// What the coordinator keeps of a journal: its writer's epoch, its ledgers in order, where it begins, and its newest recovery point. Changed
/// only by compare-and-set; an owner that loses one stops (invariants J2, L20).
/// </summary>
internal sealed record JournalManifest
{
    private const int CurrentFormat = 1;

    public int Format { get; init; } = CurrentFormat;

    public Epoch Epoch { get; init; }

    public IReadOnlyList<JournalLedger> Ledgers { get; init; } = [];

    /// <summary>The first offset that is still kept.</summary>
    public JournalOffset Start { get; init; }

    [JsonPropertyName("checkpoint")]
    public RecoveryPoint? RecoveryPoint { get; init; }

    /// <summary>Ledgers that were truncated and whose deletion may not be done; null when there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<LedgerId>? Truncated { get; init; }

    /// <summary>Every ledger that it names, in any role.</summary>
    [JsonIgnore]
    public IEnumerable<LedgerId> Named =>
        [.. Ledgers.Select(ledger => ledger.Id), .. Truncated ?? [], .. RecoveryPoint is { } point ? [point.Ledger] : (ReadOnlySpan<LedgerId>)[]];

    /// <summary>The ledger that holds an offset; the first or last for one before the start or after the end.</summary>
    public JournalLedger LedgerOf(JournalOffset offset) => Ledgers.LastOrDefault(ledger => ledger.First <= offset) ?? Ledgers[0];

    /// <summary>A ledger of the chain; null for one that was truncated or never was in it.</summary>
    public JournalLedger? Find(LedgerId ledger)
    {
        for (var i = Ledgers.Count - 1; i >= 0; i--)
        {
            if (Ledgers[i].Id == ledger)
                return Ledgers[i];
        }
        return null;
    }

    /// <summary>Without the ledgers before the one that holds an offset.</summary>
    public JournalManifest TruncatedBefore(JournalOffset offset)
    {
        var start = LedgerOf(offset).First;
        return this with
        {
            Start = start,
            Ledgers = [.. Ledgers.Where(ledger => ledger.First >= start)],
            Truncated = [.. Ledgers.Where(ledger => ledger.First < start).Select(ledger => ledger.Id)],
        };
    }

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, JournalManifestJson.Default.JournalManifest);

    public static JournalManifest Parse(string key, ReadOnlySpan<byte> bytes)
    {
        JournalManifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize(bytes, JournalManifestJson.Default.JournalManifest);
        }
        catch (JsonException e)
        {
            throw new DaybookException(ErrorCode.Corrupted, $"The coordination record '{key}' is not a journal record: {e.Message}", e);
        }
        if (manifest?.Format > CurrentFormat)
            throw new DaybookException(ErrorCode.NewerFormat,
                $"The coordination record '{key}' has format {manifest.Format}; this version reads up to {CurrentFormat}.");
        if (manifest?.Ledgers is null || manifest.Ledgers.Contains(null!))
            throw new DaybookException(ErrorCode.Corrupted, $"The coordination record '{key}' names no ledgers.");
        return manifest;
    }
}

/// <summary>One link of the chain.</summary>
/// <param name="Id">The ledger.</param>
/// <param name="First">The offset of its first record.</param>
internal sealed record JournalLedger(LedgerId Id, JournalOffset First);

/// <summary>A recovery point: a closed ledger that holds everything an owner must know as of an offset.</summary>
/// <param name="Ledger">The ledger it stands in.</param>
/// <param name="Offset">Replay continues here.</param>
internal sealed record RecoveryPoint(LedgerId Ledger, JournalOffset Offset);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    Converters = [typeof(EpochConverter), typeof(LedgerIdConverter), typeof(JournalOffsetConverter)])]
[JsonSerializable(typeof(JournalManifest))]
[JsonSerializable(typeof(LedgerOrigin))]
internal sealed partial class JournalManifestJson : JsonSerializerContext;

internal sealed class EpochConverter : JsonConverter<Epoch>
{
    public override Epoch Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, Epoch value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
}

internal sealed class LedgerIdConverter : JsonConverter<LedgerId>
{
    public override LedgerId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, LedgerId value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
}

internal sealed class JournalOffsetConverter : JsonConverter<JournalOffset>
{
    public override JournalOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, JournalOffset value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
}
