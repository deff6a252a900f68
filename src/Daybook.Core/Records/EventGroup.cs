namespace Daybook.Core.Records;

/// <summary>The events of one stream in one record. Groups carry the place of the stream's previous record: a chain read backwards.</summary>
internal readonly ref struct EventGroup
{
    private const int LeastEventBytes = 5;

    private EventGroup(ReadOnlySpan<byte> stream, long firstVersion, int count, Location previous, int eventsStart, ReadOnlySpan<byte> events)
    {
        Stream = stream;
        FirstVersion = firstVersion;
        Count = count;
        Previous = previous;
        EventsStart = eventsStart;
        Events = events;
    }

    /// <summary>The stream's name in UTF-8.</summary>
    public ReadOnlySpan<byte> Stream { get; }

    public long FirstVersion { get; }

    public int Count { get; }

    /// <summary>Where the stream's events before <see cref="FirstVersion"/> stand; none for the first.</summary>
    public Location Previous { get; }

    /// <summary>The encoded events: type name, body length (4 bytes), body; <see cref="Count"/> times.</summary>
    public ReadOnlySpan<byte> Events { get; }

    /// <summary>Where <see cref="Events"/> begins in what was decoded.</summary>
    public int EventsStart { get; }

    public long LastVersion => FirstVersion + Count - 1;

    /// <summary>Writes the head of a group; the caller writes the events, then calls <see cref="End"/>.</summary>
    /// <returns>The place for <see cref="End"/>.</returns>
    public static int Begin(RecordEncoder encoder, string stream, long firstVersion, int count, Location previous)
    {
        encoder.WriteText(stream);
        encoder.WriteVarint(firstVersion);
        encoder.WriteVarint(count);
        WriteLocation(encoder, previous);
        return encoder.BeginLength();
    }

    public static void End(RecordEncoder encoder, int place) => encoder.EndLength(place);

    public static EventGroup Read(ref RecordDecoder decoder)
    {
        var stream = decoder.ReadBytes();
        var firstVersion = decoder.ReadVarint();
        var count = decoder.ReadCountOf(LeastEventBytes);
        var previous = ReadLocation(ref decoder);
        var length = decoder.ReadInt32();
        var start = decoder.Position;
        if (firstVersion < 1 || firstVersion > long.MaxValue - count || count < 1)
            throw new DaybookException(ErrorCode.Corrupted, $"A journal record holds {count} events of a stream from version {firstVersion}.");
        return new EventGroup(stream, firstVersion, count, previous, start, decoder.ReadRaw(length));
    }

    public static void WriteLocation(RecordEncoder encoder, Location location)
    {
        encoder.WriteVarint(location.Byte);
        if (location.IsNone)
            return;
        encoder.WriteVarint(location.Ledger.Value);
        encoder.WriteVarint(location.Entry);
    }

    public static Location ReadLocation(ref RecordDecoder decoder)
    {
        var position = decoder.ReadCount();
        return position == 0
            ? Location.None
            : new Location(new LedgerId(decoder.ReadVarint()), (uint)decoder.ReadVarint(), position);
    }
}
