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
    private readonly bool _isIdentity;

    /// <summary>Examines the document type.</summary>
    /// <param name="json">How documents are stored.</param>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: JSON loses a member, or cannot read the type back; the message
    /// names the member and the cure.</exception>
    public DocumentForm(JsonSerializerOptions json)
    {
        ArgumentNullException.ThrowIfNull(json);
        _json = json;
        var type = typeof(TDocument);
        if (!json.IsReadOnly)
            json.MakeReadOnly(populateMissingResolver: true);
        StoredForms.Check("document", type, RoundTrip.Of(type, json, isExact: false));
        _isIdentity = RoundTrip.Of(type, json, isExact: true).IsIdentity;
    }

    /// <summary>The document as it is read back from its stored form.</summary>
    /// <exception cref="JsonException">It cannot be written or read back.</exception>
    /// <exception cref="ArgumentException">A text of it holds half of a surrogate pair. The document's own code may throw other exceptions.</exception>
    public TDocument Restore(TDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        if (_isIdentity && document.GetType() == typeof(TDocument))
            return document;
        var json = JsonSerializer.SerializeToUtf8Bytes(document, _json);
        RequireWholeText(document, json);
        return JsonSerializer.Deserialize<TDocument>(json, _json) ?? throw new JsonException("It is stored as null.");
    }

    // The serializer writes U+FFFD for half of a surrogate pair. Where that character stands, an encoder that refuses the half looks once more.
    private void RequireWholeText(TDocument document, ReadOnlySpan<byte> json)
    {
        if (json.IndexOf("\\uFFFD"u8) < 0 && json.IndexOf("\uFFFD"u8) < 0)
            return;
        using var writer = new Utf8JsonWriter(Stream.Null, new JsonWriterOptions { SkipValidation = true, Encoder = WholeTextEncoder.Instance });
        JsonSerializer.Serialize(writer, document, _json);
    }
}
