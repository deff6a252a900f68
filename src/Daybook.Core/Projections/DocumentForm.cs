using System.Buffers;
using System.Text.Json;
using Daybook.Core.Serialization;
using Daybook.Core.Serialization.RoundTrips;

namespace Daybook.Projections;

/// <summary>
/// How documents of one type are handed from event to event and to readers: as they are when it is proved that their stored form equals them
/// and cannot be changed, else as copies by way of their stored form. A document so depends on events alone, not on which of them shared a batch.
/// </summary>
/// <typeparam name="TDocument">The document type.</typeparam>
public sealed class DocumentForm<TDocument>
    where TDocument : class
{
    private readonly JsonSerializerOptions _json;
    private readonly Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>? _kept;
    private readonly bool _isIdentity;

    /// <summary>Examines the document type.</summary>
    /// <param name="json">How documents are written.</param>
    /// <param name="kept">What the store makes of a written document, as one that orders members anew; null when it keeps the bytes. Such a
    /// store may make 0 of a -0.</param>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: JSON loses a member, or cannot read the type back; the message
    /// names the member and the cure.</exception>
    public DocumentForm(JsonSerializerOptions json, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>? kept = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        (_json, _kept) = (json, kept);
        var type = typeof(TDocument);
        if (!json.IsReadOnly)
            json.MakeReadOnly(populateMissingResolver: true);
        StoredForms.Check("document", type, RoundTrip.Of(type, json, isExact: false));
        _isIdentity = RoundTrip.Of(type, json, isExact: true, keepsSignOfZero: kept is null).IsIdentity;
    }

    /// <summary>The document as it is read back from its stored form.</summary>
    /// <exception cref="JsonException">It cannot be written or read back.</exception>
    /// <exception cref="ArgumentException">A text of it holds half of a surrogate pair. The document's own code may throw other
    /// exceptions.</exception>
    public TDocument Restore(TDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        if (_isIdentity && document.GetType() == typeof(TDocument))
            return document;
        var written = new ArrayBufferWriter<byte>();
        Write(document, written);
        var stored = _kept is null ? written.WrittenMemory : _kept(written.WrittenMemory);
        return JsonSerializer.Deserialize<TDocument>(stored.Span, _json) ?? throw new JsonException("It is stored as null.");
    }

    /// <summary>Writes the document as JSON, which is how every sink writes it.</summary>
    /// <exception cref="JsonException">It cannot be written.</exception>
    /// <exception cref="ArgumentException">A text of it holds half of a surrogate pair. The document's own code may throw other
    /// exceptions.</exception>
    public void Write(TDocument document, IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(destination);
        using var writer = new Utf8JsonWriter(destination, new JsonWriterOptions { SkipValidation = true, Encoder = WholeTextEncoder.Instance });
        JsonSerializer.Serialize(writer, document, _json);
        writer.Flush();
    }
}
