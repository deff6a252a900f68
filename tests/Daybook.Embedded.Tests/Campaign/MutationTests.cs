using System.Globalization;
using Daybook.Embedded.Tests.Truncation;

namespace Daybook.Embedded.Tests.Campaign;

/// <summary>
/// Hundreds of changes to a closed book, each on a fresh copy. What opens is identical, documents too, unless a verification finds the
/// damage to them; what does not open is a named error, has lost nothing that was there, and is identical once the original is put back.
/// </summary>
public sealed class MutationTests(MutationTests.Shared shared) : IClassFixture<MutationTests.Shared>
{
    private const int Mutations = 560;
    private const int Groups = 8;

    /// <summary>One book for all groups.</summary>
    public sealed class Shared : IAsyncLifetime
    {
        internal CampaignBook Book { get; private set; } = null!;

        public async Task InitializeAsync() => Book = await CampaignBook.MakeAsync();

        public Task DisposeAsync()
        {
            Book.Dispose();
            return Task.CompletedTask;
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public async Task Mutated_book_is_identical_or_a_named_error_and_loses_nothing(int group)
    {
        var failures = new List<string>();
        for (var seed = group * Mutations / Groups; seed < (group + 1) * Mutations / Groups; seed++)
        {
            using var folder = new TemporaryFolder();
            TemporaryFolder.Copy(shared.Book.Closed, folder["book"]);
            var mutation = Mutation.Of(seed, folder["book"], shared.Book);
            if (await ProblemAsync(folder["book"], mutation) is { } problem)
                failures.Add(string.Create(CultureInfo.InvariantCulture, $"seed {seed}, {mutation.What}: {problem}"));
        }
        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    private async Task<string?> ProblemAsync(string folder, Mutation mutation)
    {
        var mutated = Mutation.FilesOf(folder).Union(Mutation.FilesOf(shared.Book.Closed)).Where(file => !IsOriginal(folder, file)).ToList();
        var before = ReadAll(folder);
        var (opened, problem) = await LookAsync(folder);
        if (problem is not null || opened)
            return problem;
        foreach (var (file, bytes) in before)
        {
            if (!Keeps(Path.Combine(folder, file), bytes))
                return $"the opening that failed lost something of {file}";
        }
        foreach (var file in mutated)
            PutBack(folder, file);
        (opened, problem) = await LookAsync(folder);
        return opened ? problem : $"it does not open with the original put back: {problem}";
    }

    private bool IsOriginal(string folder, string file) =>
        File.Exists(Path.Combine(folder, file)) && File.Exists(Path.Combine(shared.Book.Closed, file))
        && File.ReadAllBytes(Path.Combine(folder, file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(shared.Book.Closed, file)));

    private void PutBack(string folder, string file)
    {
        var (original, path) = (Path.Combine(shared.Book.Closed, file), Path.Combine(folder, file));
        if (!File.Exists(original))
        {
            File.Delete(path);
            return;
        }
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Copy(original, path, overwrite: true);
    }

    /// <summary>A part that opened before another refused may have gone on: records are replaced, and a segment gets more behind its data.</summary>
    private static bool Keeps(string path, byte[] before)
    {
        if (!File.Exists(path))
            return false;
        var used = before.AsSpan(..(before.AsSpan().LastIndexOfAnyExcept((byte)0) + 1));
        return Path.GetFileName(path) is "CLEAN" or "records" || File.ReadAllBytes(path).AsSpan().StartsWith(used);
    }

    private async Task<(bool Opened, string? Problem)> LookAsync(string folder)
    {
        var opened = false;
        try
        {
            var book = await CampaignBook.OpenAsync(folder).AsTask().WaitAsync(TimeSpan.FromSeconds(60));
            opened = true;
            await using var closing = book;
            var content = await CampaignBook.ContentAsync(book).WaitAsync(TimeSpan.FromSeconds(60));
            if (content == shared.Book.Content || (WithoutDocuments(content) == WithoutDocuments(shared.Book.Content) && await CampaignBook.IsDamageFoundAsync(folder)))
                return (true, null);
            return (true, "it opens with other content");
        }
        catch (DaybookException named)
        {
            return (opened, named.Message.Length > 20 ? null : $"the error has no words: {named}");
        }
        catch (Exception raw)
        {
            return (opened, raw.ToString());
        }
    }

    private static string WithoutDocuments(string content) =>
        string.Join('\n', content.Split('\n').Where(line => line.Length > 0 && !line.StartsWith(nameof(Level), StringComparison.Ordinal)));

    private static List<(string File, byte[] Bytes)> ReadAll(string folder) =>
        [.. Mutation.FilesOf(folder).Where(IsLedgerOrRecord).Select(file => (file, File.ReadAllBytes(Path.Combine(folder, file))))];

    private static bool IsLedgerOrRecord(string file) => !file.StartsWith("read-models", StringComparison.Ordinal);
}
