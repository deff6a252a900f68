using Daybook.Core.Serialization;
using Daybook.Projections;

namespace Daybook;

/// <summary>Reads event bodies for projections with the book's codec.</summary>
internal sealed class CodecDecoder(EventCodec codec) : IEventDecoder
{
    public object? Decode(RecordedEvent recorded) =>
        codec.IsKnown(recorded.Type) ? codec.Read(recorded.Type, recorded.Data.Span) : null;
}
