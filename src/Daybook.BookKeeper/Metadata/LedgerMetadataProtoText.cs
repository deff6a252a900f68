using Daybook.BookKeeper.Metadata.Proto;
using Google.Protobuf;

namespace Daybook.BookKeeper.Metadata;

/// <summary>Version 2: the message of version 3 in protobuf's text format. A field that is not known is an error, as it is to BookKeeper.</summary>
internal static class LedgerMetadataProtoText
{
    public static LedgerMetadataFormat Read(TextMessage text)
    {
        var message = new LedgerMetadataFormat();
        foreach (var field in text.Fields)
            Apply(message, field);
        return message.HasQuorumSize && message.HasEnsembleSize && message.HasLength && message.HasState
            ? message
            : throw new FormatException("sizes, length or state are missing");
    }

    private static void Apply(LedgerMetadataFormat message, TextField field)
    {
        switch (field.Name)
        {
            case "quorumSize": message.QuorumSize = field.Int; break;
            case "ensembleSize": message.EnsembleSize = field.Int; break;
            case "length": message.Length = field.Number; break;
            case "lastEntryId": message.LastEntryId = field.Number; break;
            case "state": message.State = State(field); break;
            case "segment": message.Segment.Add(Segment(field.Nested)); break;
            case "digestType": message.DigestType = Digest(field); break;
            case "password": message.Password = ByteString.CopyFrom(field.Quoted); break;
            case "ackQuorumSize": message.AckQuorumSize = field.Int; break;
            case "ctime": message.Ctime = field.Number; break;
            case "customMetadata": message.CustomMetadata.Add(Custom(field.Nested)); break;
            case "cToken": message.CToken = field.Number; break;
            default: throw Unknown(field);
        }
    }

    private static LedgerMetadataFormat.Types.State State(TextField field) => field.Word switch
    {
        "OPEN" or "1" => LedgerMetadataFormat.Types.State.Open,
        "IN_RECOVERY" or "2" => LedgerMetadataFormat.Types.State.InRecovery,
        "CLOSED" or "3" => LedgerMetadataFormat.Types.State.Closed,
        _ => throw Unknown(field),
    };

    private static LedgerMetadataFormat.Types.DigestType Digest(TextField field) => field.Word switch
    {
        "CRC32" or "1" => LedgerMetadataFormat.Types.DigestType.Crc32,
        "HMAC" or "2" => LedgerMetadataFormat.Types.DigestType.Hmac,
        "CRC32C" or "3" => LedgerMetadataFormat.Types.DigestType.Crc32C,
        "DUMMY" or "4" => LedgerMetadataFormat.Types.DigestType.Dummy,
        _ => throw Unknown(field),
    };

    private static LedgerMetadataFormat.Types.Segment Segment(TextMessage text)
    {
        var segment = new LedgerMetadataFormat.Types.Segment();
        foreach (var field in text.Fields)
        {
            switch (field.Name)
            {
                case "ensembleMember": segment.EnsembleMember.Add(field.Text); break;
                case "firstEntryId": segment.FirstEntryId = field.Number; break;
                default: throw Unknown(field);
            }
        }
        return segment.HasFirstEntryId ? segment : throw new FormatException("a segment has no first entry");
    }

    private static LedgerMetadataFormat.Types.CustomMetadataEntry Custom(TextMessage text)
    {
        var entry = new LedgerMetadataFormat.Types.CustomMetadataEntry();
        foreach (var field in text.Fields)
        {
            switch (field.Name)
            {
                case "key": entry.Key = field.Text; break;
                case "value": entry.Value = ByteString.CopyFrom(field.Quoted); break;
                default: throw Unknown(field);
            }
        }
        return entry;
    }

    private static FormatException Unknown(TextField field) => new($"the value of {field.Name}, or the field, is unknown");
}
