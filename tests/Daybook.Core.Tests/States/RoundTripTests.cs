using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Daybook.Core.Serialization;
using Daybook.Core.Serialization.RoundTrips;

namespace Daybook.Core.Tests.States;

public sealed class RoundTripTests
{
    [Theory]
    [InlineData(typeof(Plain))]
    [InlineData(typeof(Derived))]
    [InlineData(typeof(InitOnly))]
    [InlineData(typeof(Money?))]
    [InlineData(typeof(Node))]
    [InlineData(typeof(WithList<Plain>))]
    [InlineData(typeof(Shape))]
    [InlineData(typeof(Underscores))]
    [InlineData(typeof(Alike))]
    public void Immutable_values_of_known_kinds_are_used_as_they_are(Type type) => Assert.Equal(("", true), Look(type));

    [Theory]
    [InlineData(typeof(List<int>))]
    [InlineData(typeof(byte[]))]
    [InlineData(typeof(IReadOnlyList<string>))]
    [InlineData(typeof(Dictionary<string, decimal>))]
    [InlineData(typeof(ImmutableDictionary<string, decimal>))]
    [InlineData(typeof(HashSet<string>))]
    [InlineData(typeof(DateTime))]
    [InlineData(typeof(object))]
    [InlineData(typeof(JsonElement))]
    [InlineData(typeof(Uri))]
    [InlineData(typeof(Settable))]
    [InlineData(typeof(Trimming))]
    [InlineData(typeof(TrimmingSetter))]
    [InlineData(typeof(Doubling))]
    [InlineData(typeof(Open))]
    [InlineData(typeof(Converted))]
    [InlineData(typeof(Forgetful))]
    [InlineData(typeof(Behind))]
    public void Values_that_can_change_are_used_as_stored(Type type) => Assert.Equal(("", false), Look(type));

    [Theory]
    [InlineData(typeof(PrivateSetter), "PrivateSetter.Total")]
    [InlineData(typeof(PrivateField), "PrivateField.count")]
    [InlineData(typeof(PublicField), "PublicField.Count")]
    [InlineData(typeof(WithTuple), "tuple")]
    [InlineData(typeof(WithList<(string, int)>), "tuple")]
    [InlineData(typeof(WithStack), "WithStack.Items")]
    [InlineData(typeof(WithBase), "Address")]
    [InlineData(typeof(List<Address>), "Address")]
    [InlineData(typeof(WithAbstract), "WithAbstract.Phase")]
    [InlineData(typeof(WithKeys), "WithKeys.By")]
    [InlineData(typeof(OtherNames), "'cur'")]
    [InlineData(typeof(OwnList), "Title")]
    [InlineData(typeof(System.Numerics.BigInteger), "BigInteger")]
    [InlineData(typeof(System.Collections.Frozen.FrozenSet<string>), "read back")]
    [InlineData(typeof(NoDiscriminator), "discriminator")]
    [InlineData(typeof(WithFallback), "FallBackToNearestAncestor")]
    public void What_JSON_loses_is_named(Type type, string member) => Assert.Contains(member, Look(type).Losses, StringComparison.Ordinal);

    [Fact]
    public void Options_that_skip_or_change_members_are_seen()
    {
        Assert.True(RoundTrip.Of(typeof(Plain), JsonSerializerOptions.Default, isExact: true).IsIdentity);
        JsonSerializerOptions[] changing =
        [
            new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault },
            new() { ReferenceHandler = ReferenceHandler.Preserve },
            new() { TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { _ => { } } } },
            new() { TypeInfoResolver = new DefaultJsonTypeInfoResolver().WithAddedModifier(_ => { }) },
        ];
        foreach (var options in changing)
        {
            options.MakeReadOnly(populateMissingResolver: true);
            Assert.False(RoundTrip.Of(typeof(Plain), options, isExact: true).IsIdentity);
        }
    }

    [Fact]
    public void Member_that_options_leave_out_is_named()
    {
        var options = new JsonSerializerOptions { IgnoreReadOnlyProperties = true };
        options.MakeReadOnly(populateMissingResolver: true);
        Assert.Contains("Doubling.Amount", Assert.Single(RoundTrip.Of(typeof(Doubling), options, isExact: true).Losses), StringComparison.Ordinal);
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_refused_and_whole_text_is_kept()
    {
        var json = new JsonEventSerializer();
        var written = new System.Buffers.ArrayBufferWriter<byte>();
        Assert.Throws<DaybookException>(() => json.Serialize(new Behind("half \uD83D of a pair"), written));
        written.ResetWrittenCount();
        json.Serialize(new Behind("\U0001F600 \uFFFD é < \0"), written);
        Assert.Equal(JsonSerializer.Serialize(new Behind("\U0001F600 \uFFFD é < \0"), JsonSerializerOptions.Web), System.Text.Encoding.UTF8.GetString(written.WrittenSpan));
    }

    private static (string Losses, bool IsIdentity) Look(Type type)
    {
        var found = RoundTrip.Of(type, new JsonEventSerializer().Options, isExact: type != typeof(Shape));
        return (string.Join(' ', found.Losses), found.IsIdentity);
    }

    public enum Kind
    {
        One,
        Two,
    }

    public readonly record struct Money(decimal Amount, string Currency);

    public sealed record Plain(string Text, Money Money, Kind? Kind, DateTimeOffset At, Guid Id, double Ratio, ImmutableArray<int> Numbers);

    public abstract record Root(int Number);

    public sealed record Derived(int Number, string Text) : Root(Number);

    public sealed record InitOnly
    {
        public required string Name { get; init; }

        public int Computed => Name.Length;
    }

    public sealed record Node(int Value, Node? Next);

    public sealed record WithList<T>(ImmutableList<T> Items);

    [JsonDerivedType(typeof(Circle), "circle")]
    [JsonDerivedType(typeof(Square), "square")]
    public abstract record Shape;

    public sealed record Circle(double Radius) : Shape;

    public sealed record Square(double Side) : Shape;

    public sealed record Underscores(string _id, string Class_);

    public sealed record Alike(string Id, int _id);

    public sealed record WithFallback(Near Value);

    [JsonPolymorphic(UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FallBackToNearestAncestor)]
    [JsonDerivedType(typeof(Near), "near")]
    public record Near(int Kept);

    public sealed record Far(int Kept, int Lost) : Near(Kept);

    public sealed record Settable
    {
        public int Value { get; set; }
    }

    public sealed record Trimming(string Name)
    {
        public string Name { get; init; } = Name.Trim();
    }

    public sealed record TrimmingSetter
    {
        public string Name
        {
            get;
            init => field = value.Trim();
        } = "";
    }

    public sealed class Doubling(decimal amount)
    {
        public decimal Amount { get; } = amount * 2;
    }

    public record Unsealed(int Value);

    public sealed record Open(Unsealed Value);

    public sealed record Converted([property: JsonConverter(typeof(Hex))] int Value);

    public sealed record Forgetful(int Value)
    {
        [JsonIgnore]
        public int Cached { get; init; }
    }

    public sealed class Behind(string value)
    {
        private readonly string _value = value;

        public string Value => _value;
    }

    public sealed class PrivateSetter
    {
        public decimal Total { get; private set; }

        public PrivateSetter Plus(decimal amount) => new() { Total = Total + amount };
    }

    public sealed record PrivateField(int Total)
    {
        private int _count = 1;

        public int Next() => ++_count;
    }

    public sealed class PublicField
    {
        [System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1051", Justification = "A field is what is refused.")]
        public int Count;
    }

    public sealed record WithTuple((int Sum, int Count) Both);

    public sealed record WithStack(Stack<string> Items);

    public record Address(string Street);

    public sealed record ForeignAddress(string Street, string Country) : Address(Street);

    public sealed record WithBase(Address Address);

    public abstract record Phase;

    public sealed record WithAbstract(Phase Phase);

    public sealed record WithKeys(Dictionary<(string, int), decimal> By);

    public sealed class OtherNames(string cur)
    {
        public string Currency { get; } = cur;
    }

    public sealed class OwnList : List<int>
    {
        public string Title { get; set; } = "";
    }

    [JsonDerivedType(typeof(Silent))]
    public record Spoken;

    public sealed record Silent(int Value) : Spoken;

    public sealed record NoDiscriminator(Spoken Spoken);

    private sealed class Hex : JsonConverter<int>
    {
        public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Convert.ToInt32(reader.GetString(), 16);

        public override void Write(Utf8JsonWriter writer, int value, JsonSerializerOptions options) => writer.WriteStringValue($"{value:x}");
    }
}
