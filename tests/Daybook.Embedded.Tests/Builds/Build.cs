using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.Loader;

namespace Daybook.Embedded.Tests.Builds;

/// <summary>Another build of the program in this assembly: the compiled file with another version, and if asked for with a member
/// renamed.</summary>
internal sealed class Build
{
    private const int VersionInRow = 4;
    private readonly Assembly _assembly;

    /// <param name="version">The version of the assembly.</param>
    /// <param name="pieces">The name of <see cref="Line.Pieces"/> in this build, as long as that.</param>
    public Build(Version version, string pieces = nameof(Line.Pieces))
    {
        var file = File.ReadAllBytes(typeof(Build).Assembly.Location);
        SetVersion(file, version);
        Rename(file, nameof(Line.Pieces), pieces);
        _assembly = new AssemblyLoadContext($"build {version} with {pieces}").LoadFromStream(new MemoryStream(file));
    }

    public Task<string> RunAsync(string folder, string what) =>
        (Task<string>)_assembly.GetType(typeof(Shop).FullName!, throwOnError: true)!.GetMethod(nameof(Shop.RunAsync))!.Invoke(null, [folder, what])!;

    private static void SetVersion(byte[] file, Version version)
    {
        using var image = new PEReader(new MemoryStream(file));
        var row = image.PEHeaders.MetadataStartOffset + image.GetMetadataReader().GetTableMetadataOffset(TableIndex.Assembly) + VersionInRow;
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(row), (ushort)version.Major);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(row + 2), (ushort)version.Minor);
    }

    /// <summary>Renames in the names of the metadata, which are UTF-8; literals are UTF-16 and stay.</summary>
    private static void Rename(byte[] file, string name, string other)
    {
        Assert.Equal(name.Length, other.Length);
        var (from, to) = (System.Text.Encoding.UTF8.GetBytes(name), System.Text.Encoding.UTF8.GetBytes(other));
        for (var rest = file.AsSpan(); rest.IndexOf(from) is var at and >= 0; rest = rest[(at + from.Length)..])
            to.CopyTo(rest[at..]);
    }
}
