using System.Globalization;
using System.Text.RegularExpressions;

namespace Daybook.Testing.Histories.Text;

/// <summary>
/// Histories as text, an event a line, as Jepsen logs them: process, <c>:invoke</c>, <c>:ok</c>, <c>:fail</c> or <c>:info</c>, function and
/// value, separated by tabs. Lines may have a logger's prefix; lines of <c>:nemesis</c> and blank ones are skipped.
/// </summary>
public static partial class HistoryText
{
    /// <summary>Writes the events of a history in order, operations with an unknown outcome at the end.</summary>
    public static void Write<TCall, TReturn>(History<TCall, TReturn> history, IHistoryFormat<TCall, TReturn> format, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(format);
        ArgumentNullException.ThrowIfNull(output);
        var invocations = history.Operations.Select(o => (Time: o.Invoked, Operation: o, Kind: "invoke", Value: format.WriteCall(o.Call)));
        var completions = history.Operations.Select(o => o.Completion switch
        {
            Completion.Ok => (Time: o.Completed, Operation: o, Kind: "ok", Value: format.WriteReturn(o.Call, o.Return!)),
            Completion.Fail => (Time: o.Completed, Operation: o, Kind: "fail", Value: format.WriteCall(o.Call)),
            _ => (Time: o.Completed, Operation: o, Kind: "info", Value: format.WriteCall(o.Call)),
        });
        foreach (var (_, operation, kind, value) in invocations.Concat(completions).OrderBy(e => e.Time))
            output.WriteLine($"{operation.Process}\t:{kind}\t:{format.FunctionOf(operation.Call)}\t{value}");
    }

    /// <summary>
    /// Reads a history. An operation without a completion, or whose process goes on with another, has an unknown outcome.
    /// </summary>
    /// <exception cref="FormatException">A line is not an event; the message names it.</exception>
    public static History<TCall, TReturn> Read<TCall, TReturn>(TextReader input, IHistoryFormat<TCall, TReturn> format)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(format);
        var pairing = new EventPairing<TCall, TReturn>(format);
        for (var number = 1; input.ReadLine() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            var match = Event().Match(line);
            if (!match.Success) throw new FormatException($"Line {number} is not an event of a history: '{line}'.");
            if (!int.TryParse(match.Groups["process"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var process))
                continue;
            try
            {
                pairing.Add(new(process), match.Groups["kind"].Value, match.Groups["function"].Value, match.Groups["value"].Value);
            }
            catch (FormatException e)
            {
                throw new FormatException($"Line {number}: {e.Message}", e);
            }
        }
        return pairing.ToHistory();
    }

    [GeneratedRegex(@"^(?:.* - )?(?<process>\d+|:nemesis)\s+:(?<kind>invoke|ok|fail|info)\s+:(?<function>\S+)\s*(?<value>.*?)\s*$")]
    private static partial Regex Event();
}
