namespace Bank.CommandLine;

/// <summary>The commands of the program.</summary>
public enum Verb
{
    /// <summary>Open the book, import the shipped journal on the first run, serve.</summary>
    Serve,

    /// <summary>Import files, then serve.</summary>
    Import,

    /// <summary>Print the balances.</summary>
    Balances,

    /// <summary>Re-fold every stream and compare.</summary>
    Audit,

    /// <summary>Print the usage.</summary>
    Help,
}

/// <summary>The command line, checked.</summary>
public sealed record BankArguments
{
    /// <summary>The command. Default: serve.</summary>
    public Verb Verb { get; private set; }

    /// <summary>The files to import.</summary>
    public IReadOnlyList<string> Files { get; private set; } = [];

    /// <summary>Stop after the import instead of serving.</summary>
    public bool Exit { get; private set; }

    /// <summary>Whether the bank serves, alone or as a standby, until it is stopped; otherwise it runs one operation on a book that it
    /// owns, and exits.</summary>
    public bool Serves => !Exit && Verb is (Verb.Serve or Verb.Import);

    /// <summary>Print CSV instead of a table.</summary>
    public bool Csv { get; private set; }

    /// <summary>The folder of the book, relative to the current directory. Default: <c>data</c>.</summary>
    public string DataFolder { get; private set; } = "data";

    /// <summary>The ZooKeeper of a BookKeeper cluster that holds the ledgers, as <c>HOST:PORT</c>; null keeps them in the data folder.</summary>
    public string? BookKeeper { get; private set; }

    /// <summary>
    /// The connection string of the PostgreSQL that holds the read models; null keeps them in the data folder, unless the configuration has a
    /// connection string named <c>Bank</c>.
    /// </summary>
    public string? Postgres { get; private set; }

    /// <summary>The addresses to serve on, separated by semicolons. Default: <c>http://localhost:5080</c>.</summary>
    public string Urls { get; private set; } = "http://localhost:5080";

    /// <summary>Additional host names that it answers to, separated by semicolons; null for only those of <see cref="Urls"/> and of this
    /// machine.</summary>
    public string? Hosts { get; private set; }

    /// <summary>Reads a command line.</summary>
    /// <exception cref="UsageException">It is invalid; the message names the argument.</exception>
    public static BankArguments Parse(IReadOnlyList<string> args)
    {
        var result = new BankArguments();
        var words = new Queue<string>(args.SelectMany(SplitOption));
        var operands = new List<string>();
        while (words.TryDequeue(out var word))
        {
            if (word.StartsWith('-'))
                result.Option(word, words);
            else
                operands.Add(word);
        }
        return result.WithOperands(operands).Checked();
    }

    private static IEnumerable<string> SplitOption(string arg) =>
        arg.StartsWith("--", StringComparison.Ordinal) ? arg.Split('=', 2) : [arg];

    private void Option(string name, Queue<string> rest)
    {
        switch (name)
        {
            case "--exit": Exit = true; break;
            case "--csv": Csv = true; break;
            case "--data": DataFolder = Value(name, rest); break;
            case "--bookkeeper": BookKeeper = Value(name, rest); break;
            case "--postgres": Postgres = Value(name, rest); break;
            case "--urls": Urls = Checked(Value(name, rest)); break;
            case "--hosts": Hosts = Value(name, rest); break;
            case "--port": Urls = $"http://localhost:{Port(Value(name, rest))}"; break;
            case "--help" or "-h" or "-?": Verb = Verb.Help; break;
            default: throw new UsageException($"unknown option '{name}'");
        }
    }

    private static string Value(string name, Queue<string> rest) =>
        rest.TryDequeue(out var value) && value.Length > 0 && !value.StartsWith("--", StringComparison.Ordinal)
            ? value
            : throw new UsageException($"option '{name}' needs a value");

    private static string Checked(string urls)
    {
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            try
            {
                BindingAddress.Parse(url);
            }
            catch (FormatException)
            {
                throw new UsageException($"option '--urls' needs addresses such as http://localhost:5080, not '{url}'");
            }
        }
        return urls;
    }

    private static int Port(string text) => int.TryParse(text, out var port) && port is > 0 and <= 65_535
        ? port
        : throw new UsageException($"option '--port' needs a number from 1 to 65535, not '{text}'");

    private BankArguments WithOperands(List<string> operands)
    {
        if (operands.Count == 0 || Verb == Verb.Help)
            return this;
        Verb = operands[0] switch
        {
            "serve" => Verb.Serve,
            "import" => Verb.Import,
            "balances" => Verb.Balances,
            "audit" => Verb.Audit,
            "help" => Verb.Help,
            var other => throw new UsageException($"unknown command '{other}'"),
        };
        Files = operands[1..];
        return this;
    }

    private BankArguments Checked()
    {
        if (Verb == Verb.Import && Files.Count == 0)
            throw new UsageException("'import' needs the names of the files to import");
        if (Verb is (Verb.Serve or Verb.Balances or Verb.Audit) && Files.Count > 0)
            throw new UsageException($"'{Files[0]}' is one word too many");
        if (Exit && Verb is (Verb.Balances or Verb.Audit))
            throw new UsageException("option '--exit' belongs to 'import' and to the start without a command");
        if (Csv && Verb is not (Verb.Balances or Verb.Help))
            throw new UsageException("option '--csv' belongs to 'balances'");
        return this;
    }
}

/// <summary>An invalid command line.</summary>
public sealed class UsageException(string message) : Exception(message);
