namespace Daybook.Core.Records;

/// <summary>What every record of a command begins with: the metadata that its events share, and the version it reports to its client.</summary>
/// <param name="CommandId">The command.</param>
/// <param name="TimeTicks">UTC ticks at which it was decided.</param>
/// <param name="Options">Causation, correlation and tenant.</param>
/// <param name="TraceParent">The sender's trace context.</param>
/// <param name="Fingerprint">Of the command, to refuse another one under its id; 0 for none.</param>
internal readonly record struct CommandHeader(CommandId CommandId, long TimeTicks, CommandOptions Options, string? TraceParent, ulong Fingerprint)
{
    [Flags]
    private enum Present : byte
    {
        None = 0,
        Causation = 1,
        Correlation = 2,
        Tenant = 4,
        Trace = 8,
        Fingerprint = 16,
    }

    public void Write(RecordEncoder encoder)
    {
        encoder.WriteGuid(CommandId.Value);
        encoder.WriteInt64(TimeTicks);
        var present = (Options.CausationId is null ? Present.None : Present.Causation)
            | (Options.CorrelationId is null ? Present.None : Present.Correlation)
            | (Options.Tenant is null ? Present.None : Present.Tenant)
            | (TraceParent is null ? Present.None : Present.Trace)
            | (Fingerprint == 0 ? Present.None : Present.Fingerprint);
        encoder.WriteByte((byte)present);
        if (Fingerprint != 0)
            encoder.WriteInt64((long)Fingerprint);
        if ((present & ~Present.Fingerprint) == Present.None)
            return;
        WriteOptional(encoder, Options.CausationId);
        WriteOptional(encoder, Options.CorrelationId);
        WriteOptional(encoder, Options.Tenant);
        WriteOptional(encoder, TraceParent);
    }

    public static EventMetadata Read(ref RecordDecoder decoder)
    {
        var id = new CommandId(decoder.ReadGuid());
        var time = decoder.ReadTime();
        var present = (Present)decoder.ReadByte();
        if (present.HasFlag(Present.Fingerprint))
            decoder.ReadInt64();
        return new EventMetadata
        {
            CommandId = id,
            Time = time,
            CausationId = present.HasFlag(Present.Causation) ? decoder.ReadText() : null,
            CorrelationId = present.HasFlag(Present.Correlation) ? decoder.ReadText() : null,
            Tenant = present.HasFlag(Present.Tenant) ? decoder.ReadText() : null,
            TraceParent = present.HasFlag(Present.Trace) ? decoder.ReadText() : null,
        };
    }

    /// <summary>Passes over a header, returning only the command id.</summary>
    public static CommandId Skip(ref RecordDecoder decoder) => Skip(ref decoder, out _);

    /// <summary>Passes over a header, returning only the command id and its fingerprint, 0 when it has none.</summary>
    public static CommandId Skip(ref RecordDecoder decoder, out ulong fingerprint)
    {
        var id = new CommandId(decoder.ReadGuid());
        decoder.Skip(8);
        var present = decoder.ReadByte();
        fingerprint = (present & (byte)Present.Fingerprint) == 0 ? 0 : (ulong)decoder.ReadInt64();
        for (present &= unchecked((byte)~Present.Fingerprint); present != 0; present = (byte)(present & (present - 1)))
            decoder.ReadBytes();
        return id;
    }

    private static void WriteOptional(RecordEncoder encoder, string? text)
    {
        if (text is not null)
            encoder.WriteText(text);
    }
}
