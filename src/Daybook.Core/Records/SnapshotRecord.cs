using Daybook.Core.Serialization;

namespace Daybook.Core.Records;

/// <summary>A stream's state at a version, in the serializer's bytes.</summary>
internal readonly ref struct SnapshotRecord
{
    private SnapshotRecord(long version, long fingerprint, ReadOnlySpan<byte> state)
    {
        Version = version;
        Fingerprint = fingerprint;
        State = state;
    }

    public long Version { get; }

    /// <summary>The shape of the state type that was written; another shape is not read.</summary>
    public long Fingerprint { get; }

    public ReadOnlySpan<byte> State { get; }

    public static void Write(RecordEncoder encoder, string stream, long version, long fingerprint, StateForm form, object kept)
    {
        encoder.WriteText(stream);
        encoder.WriteVarint(version);
        encoder.WriteInt64(fingerprint);
        var place = encoder.BeginLength();
        form.Write(kept, encoder);
        encoder.EndLength(place);
    }

    public static SnapshotRecord Read(ref RecordDecoder decoder)
    {
        decoder.ReadBytes();
        var version = decoder.ReadVarint();
        var fingerprint = decoder.ReadInt64();
        return new SnapshotRecord(version, fingerprint, decoder.ReadRaw(decoder.ReadInt32()));
    }
}
