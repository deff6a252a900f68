using Daybook.Embedded.Files;

namespace Daybook.Embedded.Tests.Files;

public sealed class PhysicalFileSystemTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PhysicalFileSystem _files = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Gather_write_of_more_buffers_than_one_system_call_takes_is_whole_and_in_order()
    {
        using var file = _files.Open(_folder["file"], create: true);
        var expected = new byte[3000 * 5];
        new Random(1).NextBytes(expected);
        file.Write(7, [.. Enumerable.Range(0, 3000).Select(i => (ReadOnlyMemory<byte>)expected.AsMemory(i * 5, 5))]);
        file.Sync();
        var read = new byte[expected.Length];
        Assert.Equal(read.Length, file.Read(7, read));
        Assert.Equal(expected, read);
        Assert.Equal(3, file.Read(expected.Length + 4, new byte[10]));
    }

    [Fact]
    public void Reserved_space_reads_as_zeros_and_is_never_cut()
    {
        using var file = _files.Open(_folder["file"], create: true);
        file.Allocate(10_000);
        file.Allocate(5_000);
        Assert.Equal(10_000, file.Length);
        var read = new byte[10_000];
        file.Read(0, read);
        Assert.False(read.AsSpan().ContainsAnyExcept((byte)0));
        file.SetLength(100);
        Assert.Equal(100, file.Length);
    }

    [Fact]
    public void Rename_replaces_and_folders_are_made_with_those_above()
    {
        _files.CreateDirectory(_folder["a/b/c"]);
        foreach (var name in new[] { "b", "B", "a" })
            _files.Open(Path.Combine(_folder["a/b/c"], name), create: true).Dispose();
        Assert.Equal(["B", "a", "b"], _files.List(_folder["a/b/c"]));
        _files.Rename(_folder["a/b/c/a"], _folder["a/b/c/b"]);
        _files.Delete(_folder["a/b/c/B"]);
        _files.SyncDirectory(_folder["a/b/c"]);
        Assert.Equal(["b"], _files.List(_folder["a/b/c"]));
        Assert.True(_files.Exists(_folder["a/b/c/b"]));
    }

    [Fact]
    public void Creating_what_exists_and_opening_what_does_not_fails()
    {
        _files.Open(_folder["file"], create: true).Dispose();
        Assert.ThrowsAny<IOException>(() => _files.Open(_folder["file"], create: true));
        Assert.ThrowsAny<IOException>(() => _files.Open(_folder["other"], create: false));
        Assert.ThrowsAny<IOException>(() => _files.SyncDirectory(_folder["nowhere"]));
    }
}
