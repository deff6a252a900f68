namespace Daybook.Testing.Faults;

/// <summary>What a <see cref="SimulatedFileSystem"/> can be made to fail.</summary>
public enum FileOperation
{
    /// <summary>Opening or creating a file.</summary>
    Open,

    /// <summary>Reading.</summary>
    Read,

    /// <summary>Writing; a part of the bytes may have been written before it fails.</summary>
    Write,

    /// <summary>Reserving space.</summary>
    Allocate,

    /// <summary>Cutting or extending.</summary>
    SetLength,

    /// <summary>Making a file's bytes durable; those that were not written out are then lost, though they still read back.</summary>
    Sync,

    /// <summary>Renaming.</summary>
    Rename,

    /// <summary>Deleting.</summary>
    Delete,

    /// <summary>Making names durable.</summary>
    SyncDirectory,

    /// <summary>Creating a folder or taking a lock.</summary>
    Prepare,
}
