using System.Collections.Immutable;
using System.Text.Json;

namespace Daybook.Core.Tests.States.Values;

/// <summary>The values that are tried as members of states, events, commands and documents.</summary>
public static class Samples
{
    public static IReadOnlyList<Sample> All { get; } = [.. Numbers(), .. Times(), .. Texts(), .. Collections(), .. Shapes(), .. Lossy()];

    public static Sample Named(string name) => All.Single(sample => sample.Name == name);

    private static IEnumerable<Sample> Numbers() =>
    [
        new Sample<double>("double -0", () => -0.0),
        new Sample<double>("double NaN", () => double.NaN, fails: "infinity"),
        new Sample<float>("float infinity", () => float.NegativeInfinity, fails: "infinity"),
        new Sample<double[]>("doubles at the ends", () => [double.MaxValue, double.Epsilon, 1e16, 1e-7, 0.1]),
        new Sample<float>("float epsilon", () => float.Epsilon),
        new Sample<Half>("half", () => Half.Epsilon),
        new Sample<decimal>("decimal 1.0", () => 1.0m),
        new Sample<decimal>("decimal 1.00", () => 1.00m),
        new Sample<decimal>("decimal with 28 zeros", () => 0.0000000000000000000000000000m),
        new Sample<decimal>("decimal max", () => decimal.MaxValue),
        new Sample<decimal?>("no decimal", () => null),
        new Sample<Int128>("int128", () => Int128.MinValue),
        new Sample<ulong>("ulong", () => ulong.MaxValue),
        new Sample<Colour>("undefined enum", () => (Colour)99),
        new Sample<Colour?>("nullable enum", () => Colour.Blue),
        new Sample<Access>("undefined flags", () => (Access)(-8)),
        new Sample<Spelled>("enum as text", () => Spelled.Two),
        new Sample<Spelled>("undefined enum as text", () => (Spelled)77),
        new Sample<Pair?>("nullable struct", () => new Pair(1, "x")),
        new Sample<Pair?>("null struct", () => null),
    ];

    private static IEnumerable<Sample> Times() =>
    [
        new Sample<DateTime>("DateTime utc", () => new DateTime(2024, 3, 31, 2, 30, 0, DateTimeKind.Utc).AddTicks(1)),
        new Sample<DateTime>("DateTime local", () => new DateTime(2024, 10, 27, 2, 30, 0, DateTimeKind.Local).AddTicks(1)),
        new Sample<DateTime>("DateTime without kind", () => new DateTime(2024, 1, 1)),
        new Sample<DateTime>("DateTime max", () => DateTime.MaxValue),
        new Sample<DateTimeOffset>("offset", () => new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.FromMinutes(345))),
        new Sample<DateTimeOffset>("DateTimeOffset max", () => DateTimeOffset.MaxValue),
        new Sample<DateTimeOffset>("DateTimeOffset default", () => default),
        new Sample<TimeSpan>("TimeSpan min", () => TimeSpan.MinValue),
        new Sample<TimeSpan>("TimeSpan max", () => TimeSpan.MaxValue),
        new Sample<TimeSpan>("TimeSpan tick", () => new TimeSpan(-1)),
        new Sample<TimeOnly>("TimeOnly max", () => TimeOnly.MaxValue),
        new Sample<DateOnly>("DateOnly max", () => DateOnly.MaxValue),
    ];

    private static IEnumerable<Sample> Texts() =>
    [
        new Sample<string?>("null text", () => null),
        new Sample<string>("all sorts of text", () => "\u0001\u2028 \U0001F600 \" \\ é\uFFFD"),
        new Sample<string>("half of a pair", () => "a\uD83Db", fails: "surrogate"),
        new Sample<char>("char half of a pair", () => '\uDE00', fails: "surrogate"),
        new Sample<Dictionary<string, int>>("key half of a pair", () => new() { ["\uD83D"] = 1 }, fails: "surrogate"),
        new Sample<Version>("version", () => new Version(1, 0)),
        new Sample<Uri>("uri", () => new Uri("HTTP://example.com:80/%7e a")),
        new Sample<Guid>("guid", () => Guid.AllBitsSet),
        new Sample<byte[]>("bytes", () => [0, 255]),
        new Sample<ReadOnlyMemory<byte>>("memory", () => new byte[] { 1, 2, 3 }.AsMemory(1)),
        new Sample<JsonElement>("json", () => JsonDocument.Parse("""{ "b": 1E+2, "a": [1.0, -0] }""").RootElement),
        new Sample<object>("object", () => 1),
    ];

    private static IEnumerable<Sample> Collections() =>
    [
        new Sample<ImmutableArray<int>>("default array", () => default, fails: "ImmutableArray"),
        new Sample<ImmutableArray<int>>("empty array", () => []),
        new Sample<ImmutableArray<int>?>("no array", () => null),
        new Sample<ImmutableArray<decimal>>("array", () => [1.0m, 1.00m]),
        new Sample<ImmutableQueue<int>>("queue", () => [1, 2, 3]),
        new Sample<IReadOnlyList<string>>("list by interface", () => ["b", "a"]),
        new Sample<IEnumerable<int>>("lazy sequence", () => Enumerable.Range(1, 3)),
        new Sample<IReadOnlyDictionary<string, int>>("dictionary by interface", () => new SortedDictionary<string, int> { ["bb"] = 1, ["a"] = 2 }),
        new Sample<Dictionary<string, int>>("dictionary in an order", () => new() { ["bb"] = 1, ["a"] = 2, ["$type"] = 3, ["$id"] = 4 }),
        new Sample<Dictionary<string, int>>("dictionary with a comparer", () => new(StringComparer.OrdinalIgnoreCase) { ["x"] = 1 }),
        new Sample<HashSet<string>>("set with a comparer", () => new(["x", "X"], StringComparer.OrdinalIgnoreCase)),
        new Sample<SortedSet<string>>("sorted set with a comparer", () => new(["b", "A"], StringComparer.OrdinalIgnoreCase)),
        new Sample<ImmutableSortedSet<string>>("immutable set", () => ["b", "A"]),
        new Sample<Dictionary<int, string>>("number keys", () => new() { [-1] = "a", [10] = "b" }),
        new Sample<Dictionary<DateTime, int>>("time keys", () => new() { [DateTime.UnixEpoch.AddTicks(1)] = 1 }),
        new Sample<Dictionary<Colour, int>>("enum keys", () => new() { [Colour.Blue] = 1 }),
        new Sample<Dictionary<Access, int>>("flag keys", () => new() { [Access.Read | Access.Write] = 1 }),
        new Sample<Dictionary<Colour, int>>("undefined enum keys", () => new() { [(Colour)99] = 1 }),
        new Sample<OrderedDictionary<string, int>>("ordered dictionary", () => new() { ["bb"] = 1, ["a"] = 2 }),
        new Sample<Queue<int>>("changeable queue", () => new([1, 2])),
        new Sample<Folded>("own dictionary with its comparer", () => new() { ["x"] = 1, ["X"] = 2 }),
        new Sample<int[][]>("jagged array", () => [[1], []]),
    ];

    private static IEnumerable<Sample> Shapes() =>
    [
        new Sample<Outer>("nested records", () => new Outer { Inner = new Inner("a", 1.50m) { Note = "n" } }),
        new Sample<Renamed>("renamed and ignored", () => new Renamed(1) { Other = 2, Forgotten = 3 }),
        new Sample<Left>("ignored when default", () => new Left { Number = 0 }),
        new Sample<Figure>("polymorphic", () => new Disc(1.5)),
        new Sample<Scene>("polymorphic twice", () => new Scene(new Disc(1), new Disc(2))),
        new Sample<Twelve>("converter", () => new Twelve(5)),
        new Sample<Callback>("callback", () => new Callback(5)),
        new Sample<Choice>("private constructor and converter", () => Choice.Yes),
        new Sample<Link>("chain", () => new Link(1, new Link(2, null))),
        new Sample<Link>("chain of 70", () => Link.Of(70), fails: "depth"),
        new Sample<Tuple<int, string>>("tuple class", () => new(1, "a")),
        new Sample<KeyValuePair<string, int>>("pair", () => new("a", 1)),
    ];

    private static IEnumerable<Sample> Lossy() =>
    [
        new Sample<PrivateSetter>("private setter", () => new(), "PrivateSetter.Total"),
        new Sample<PrivateField>("private field", () => new(1), "PrivateField.count"),
        new Sample<(int, int)>("tuple", () => (1, 2), "tuple"),
        new Sample<Stack<int>>("stack", () => new(), "Stack"),
        new Sample<Animal>("derived member", () => new Dog("a", 1), "Animal"),
        new Sample<Cases>("closed cases", () => Cases.Of(1), "Cases"),
        new Sample<Hiding>("hidden member", () => new Hiding { Name = 1 }, "Hidden.Name"),
        new Sample<Root>("derived member behind itself", () => new Root(1, new Branch(2, null, "x")), "Root"),
        new Sample<Framed>("derived member behind a listed type", () => new Framed(new Box2(1), new Crate(1, 2)), "Box2"),
        new Sample<Dictionary<Pair, int>>("record keys", () => [], "keys"),
        new Sample<Lazy<int>>("lazy", () => new(1), "Lazy"),
        new Sample<Func<int>>("delegate", () => () => 1, "Func"),
        new Sample<Type>("type", () => typeof(int), "Type"),
        new Sample<PriorityQueue<int, int>>("priority queue", () => new(), "PriorityQueue"),
        new Sample<Twins>("two members of one name", () => new(1, 2), "Twins"),
        new Sample<int[,]>("array of two dimensions", () => new int[1, 1], "Int32[,]"),
        new Sample<Index>("index", () => ^1, "Index"),
        new Sample<System.Numerics.Vector2>("vector", () => new(1, 2), "Vector2.X"),
        new Sample<ILookup<int, int>>("lookup", () => Enumerable.Range(1, 2).ToLookup(x => x), "ILookup"),
    ];
}
