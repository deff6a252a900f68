using Daybook.BookKeeper;

namespace Daybook.Bookie.CommandLine;

/// <summary>The command line of <c>replicate</c>, checked.</summary>
internal sealed record ReplicateArguments
{
    /// <summary>The word before the options.</summary>
    public const string Verb = "replicate";

    public string ZooKeeper { get; private set; } = "";

    public BookieId Lost { get; private set; } = new("");

    public string LedgersRoot { get; private set; } = "/ledgers";

    public bool RecoverOpen { get; private set; }

    /// <exception cref="UsageException">It is invalid.</exception>
    public static ReplicateArguments Parse(IReadOnlyList<string> args)
    {
        var result = new ReplicateArguments();
        var words = new Words(args);
        while (words.TryTake(out var word))
            result.Take(word, words);
        if (result.ZooKeeper.Length == 0)
            throw new UsageException($"{Verb}: --zk is missing");
        if (result.Lost.Value.Length == 0)
            throw new UsageException($"{Verb}: --lost is missing: name the lost bookie");
        return result;
    }

    private void Take(string name, Words rest)
    {
        switch (name)
        {
            case "--zk": ZooKeeper = rest.ValueOf(name); break;
            case "--lost": Lost = new BookieId(rest.ValueOf(name)); break;
            case "--ledgers-root": LedgersRoot = rest.RootOf(name); break;
            case "--recover-open": RecoverOpen = true; break;
            default: throw new UsageException($"'{name}' is not an option of {Verb}");
        }
    }
}
