namespace Daybook.Bookie.CommandLine;

/// <summary>The words of a command line, one after another; <c>--name=value</c> is two.</summary>
internal sealed class Words(IEnumerable<string> args)
{
    private readonly Queue<string> _rest = new(args.SelectMany(arg => arg.StartsWith("--", StringComparison.Ordinal) ? arg.Split('=', 2) : [arg]));

    /// <summary>The next word.</summary>
    public bool TryTake(out string word) => _rest.TryDequeue(out word!);

    /// <summary>The value of an option.</summary>
    /// <exception cref="UsageException">The value is missing.</exception>
    public string ValueOf(string option) =>
        _rest.TryDequeue(out var value) && value.Length > 0 && !value.StartsWith("--", StringComparison.Ordinal)
            ? value
            : throw new UsageException($"{option} needs a value");

    /// <summary>The value of <c>--ledgers-root</c>.</summary>
    /// <exception cref="UsageException">It is not a valid root.</exception>
    public string RootOf(string option) => ValueOf(option) is var text && text.StartsWith('/') && text.Length > 1 && !text.EndsWith('/')
        ? text
        : throw new UsageException($"{option} needs a path such as /ledgers, not '{text}'");
}
