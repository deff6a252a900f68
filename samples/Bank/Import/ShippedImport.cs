using Daybook;

namespace Bank.Import;

/// <summary>The import of the shipped journal into a new book began.</summary>
[EventType("bank.shipped-import-began.v1")]
public sealed record ShippedImportBegan;

/// <summary>Every entry of the shipped journal is in the book.</summary>
[EventType("bank.shipped-import-finished.v1")]
public sealed record ShippedImportFinished;

/// <summary>Records in the book itself whether the shipped journal belongs there, so that an interrupted first run is resumed.</summary>
[Aggregate("import")]
public sealed record ShippedImport(bool IsFinished)
{
    /// <summary>Its only key.</summary>
    public const string Key = "shipped";

    /// <summary>The first event.</summary>
    public static ShippedImport Create(ShippedImportBegan _) => new(false);

    /// <summary>The last event.</summary>
    public ShippedImport Apply(ShippedImportFinished _) => this with { IsFinished = true };
}

/// <summary>Records that the import begins.</summary>
public sealed record BeginShippedImport(string Key);

/// <summary>Records that the import is complete.</summary>
public sealed record FinishShippedImport(string Key);

/// <summary>Decides both.</summary>
public static class ShippedImportHandler
{
    /// <summary>Once only.</summary>
    public static Decision Handle(BeginShippedImport command, [KeyedBy(nameof(BeginShippedImport.Key))] ShippedImport? import) =>
        import is null ? Decision.Emit(command.Key, new ShippedImportBegan()) : Decision.Nothing;

    /// <summary>Once only.</summary>
    public static Decision Handle(FinishShippedImport command, [KeyedBy(nameof(FinishShippedImport.Key))] ShippedImport import) =>
        import.IsFinished ? Decision.Nothing : Decision.Emit(command.Key, new ShippedImportFinished());
}
