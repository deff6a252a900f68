using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Daybook.Core.Serialization;

/// <summary>
/// The default codec: System.Text.Json. Give it source-generated contexts for speed; types they do not know fall back to reflection.
/// Decimals keep their digits.
/// </summary>
public sealed class JsonEventSerializer : IEventSerializer
{
    [ThreadStatic]
    private static Utf8JsonWriter? t_writer;

    private readonly ConcurrentDictionary<Type, JsonTypeInfo> _types = new();
    private readonly JsonSerializerOptions _options;

    /// <summary>Creates the codec.</summary>
    /// <param name="resolvers">Source-generated contexts, asked in order before reflection.</param>
    public JsonEventSerializer(params IReadOnlyList<IJsonTypeInfoResolver> resolvers)
    {
        ArgumentNullException.ThrowIfNull(resolvers);
        _options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            TypeInfoResolver = JsonTypeInfoResolver.Combine([.. resolvers, new DefaultJsonTypeInfoResolver()]),
        };
        _options.MakeReadOnly();
    }

    internal JsonSerializerOptions Options => _options;

    /// <inheritdoc/>
    public void Serialize(object value, IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(value);
        Serialize(value, value.GetType(), destination);
    }

    /// <summary>Writes a value as a type that it derives from declares it.</summary>
    internal void Serialize(object value, Type type, IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var writer = t_writer ??= new Utf8JsonWriter(Stream.Null, new JsonWriterOptions { SkipValidation = true, Encoder = WholeTextEncoder.Instance });
        writer.Reset(destination);
        try
        {
            JsonSerializer.Serialize(writer, value, TypeInfo(type));
            writer.Flush();
        }
        catch (Exception e) // the value's own code runs here too
        {
            throw new DaybookException(ErrorCode.HandlerFailed, $"A value of type '{value.GetType()}' cannot be written as JSON: {ExceptionText.Of(e)}", e);
        }
        finally
        {
            writer.Reset(Stream.Null);
        }
    }

    /// <inheritdoc/>
    public object Deserialize(Type type, ReadOnlySpan<byte> data)
    {
        try
        {
            return JsonSerializer.Deserialize(data, TypeInfo(type))
                ?? throw new DaybookException(ErrorCode.Corrupted, $"The body of an event of type '{type}' is null.");
        }
        catch (Exception e) when (e is not DaybookException) // the value's own code runs here too
        {
            throw new DaybookException(ErrorCode.Corrupted, $"The body is not a JSON '{type}': {ExceptionText.Of(e)}", e);
        }
    }

    private JsonTypeInfo TypeInfo(Type type) =>
        _types.TryGetValue(type, out var info) ? info : _types.GetOrAdd(type, t => _options.GetTypeInfo(t));
}
